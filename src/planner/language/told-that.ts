import { VERBS } from './lexicon.ts'
import { isMostlyVerb } from './related-words.ts'
import { baseOf } from './verbs.ts'

const NAME = String.raw`(?:\p{Lu}[\p{L}'-]{0,40}(?:\s+\p{Lu}[\p{L}'-]{0,40}){0,2}|[#@]\p{L}[\p{L}\p{N}_-]{0,60})`
const TOLD = new RegExp(
  String.raw`(^|[.;!?,]\s*|\b(?:and|then)\s+)((?:[Pp]lease\s+)?)(?:[Mm]essage|[Tt]ext|[Tt]ell|[Nn]otify|[Ii]nform|DM|dm)\s+(${NAME})(?:\s+that\s+|:\s*)`,
  'u',
)
const QUOTES = /["“”]/
// Where what is told ends: with the sentence, or where something else is asked for.
const SENTENCE_ENDS = /[;!?]|\.(?=\s|$)/gu
const ENDS = /[;!?]|\.(?=\s|$)|,?\s+(?:and then|then|and)\s+(?=(\p{L}+)\s)/gu

/**
 * "Tell Ada that it is late", "DM Ada: it is late" said as 'message Ada saying "it is late"': what somebody is told is a text,
 * and no request. Left as it is where something stands in quotes already, or nobody is named.
 */
export function withWhatIsTold(message: string): string {
  const found = TOLD.exec(message)
  if (!found || QUOTES.test(message)) return message
  const [said, before = '', please = '', name = ''] = found
  const rest = message.slice(found.index + said.length)
  // Behind a colon all of the sentence is told.
  const ends = [...rest.matchAll(said.includes(':') ? SENTENCE_ENDS : ENDS)]
  const end = ends.find(({ 1: next }) => next === undefined || isRequest(next))?.index ?? rest.length
  const told = rest.slice(0, end).trim()
  if (told === '') return message
  return `${message.slice(0, found.index)}${before}${please}message ${name} saying "${told}"${rest.slice(end)}`
}

function isRequest(word: string): boolean {
  const lower = word.toLowerCase()
  return baseOf(lower) === lower && (VERBS.has(lower) || isMostlyVerb(lower))
}
