import { VERBS } from './lexicon.ts'
import { isMostlyVerb } from './related-words.ts'
import { baseOf } from './verbs.ts'

const NAME = String.raw`(?:\p{Lu}[\p{L}'-]{0,40}(?:\s+\p{Lu}[\p{L}'-]{0,40}){0,2}|[#@]\p{L}[\p{L}\p{N}_-]{0,60})`
const TOLD = new RegExp(
  String.raw`(^|[.;!?,]\s*|\b(?:and|then)\s+)((?:[Pp]lease\s+)?)(?:[Mm]essage|[Tt]ext|[Tt]ell|[Nn]otify|[Ii]nform|DM|dm)\s+(${NAME})(?:\s+that\s+|:\s*)`,
  'u',
)
// "Rate it four out of five and write that …": what is written stands in what is made.
const ALSO_SAID = /,?\s+(?:and|then)\s+(?:write|say)\s+that\s+/u
const REVIEWS = /\b(?:stars?|rat(?:e|ing)|review|feedback)\b/i
const ALSO_QUOTED = /,?\s+(?:and|then)\s+(?:write|say):?\s+(?=")/u
// "Add a note to order 5: leave it at the door".
const WRITTEN =
  /^(\W*(?:please\s+)?(?:add|leave|write|post|send|reply|comment|make)\b[^:"\n]*\b(?:comment|note|reply|message|remark)\b[^:"\n]*?):\s+(\S[^\n]*?)\s*$/iu
// "Comment on task 7: looks good".
const COMMENTED = /^(\W*(?:please\s+)?)(comment|reply|remark)\s+(?:on|to)\s+([^:"\n]+?):\s+(\S[^\n]*?)\s*$/iu
// Where what is told ends: with the sentence, or where something else is asked for.
const SENTENCE_ENDS = /[;!?]|\.(?=\s|$)/gu
const ENDS = /[;!?]|\.(?=\s|$)|,?\s+(?:and then|then|and)\s+(?=(\p{L}+)\s)/gu

/**
 * "Tell Ada that it is late", "DM Ada: it is late" said as 'message Ada saying "it is late"': what somebody is told is a text,
 * and no request; so is what
 * something is made with, "and write that it is late". Left as it is where something stands in quotes already, or nobody is named.
 */
export function withWhatIsTold(message: string): string {
  const isReview = REVIEWS.test(message)
  if (isReview && ALSO_QUOTED.test(message)) return message.replace(ALSO_QUOTED, ' saying ')
  const also = isReview ? ALSO_SAID.exec(message) : null
  if (also && !message.includes('"')) {
    const rest = message.slice(also.index + also[0].length)
    const end = /[.!?](?=\s|$)|\n/.exec(rest)?.index ?? rest.length
    const told = rest.slice(0, end).trim()
    if (told !== '') return `${message.slice(0, also.index)} saying "${told}"${rest.slice(end)}`
  }
  const written = message.includes('"') ? null : WRITTEN.exec(message)
  if (written) return `${written[1]} saying "${written[2]}"`
  const commented = message.includes('"') ? null : COMMENTED.exec(message)
  if (commented)
    return `${commented[1]}add a ${commented[2]?.toLowerCase()} to ${commented[3]} saying "${commented[4]}"`
  const found = TOLD.exec(message)
  if (!found || message.includes('"')) return message
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
