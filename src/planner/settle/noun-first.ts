import { stem } from '../../lib/stem.ts'
import { singular } from '../../lib/words.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import type { Now } from '../language/dates.ts'
import { DETERMINERS, FILLERS, FUNCTION_WORDS, ORDINAL_NUMBERS, ORDINALS, SUPERLATIVES } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { NOUN, PART, WHICH } from '../language/possessives.ts'
import { isMostlyAdjective, relatedness } from '../language/related-words.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { readInOtherWords } from '../understand/understand.ts'
import { nounsOf } from './name-behind-noun.ts'

// Of an account, "#general" is what some call a channel; "#12" is a number.
const HASH = /(?<![\p{L}\p{N}&/#])(?:the\s+)?#(\p{L}[\p{L}\p{N}_-]*)(?:\s+channel\b)?/giu
const CHANNEL = 'channel'
// A colour, and what a label or a tag is called.
const HEX = /^(?:[0-9a-f]{3}){1,2}$/i
const GOES_TO =
  /(?:^|\b(?:to|in|into|on|from|of|at|the|my|our|and|archive|unarchive|mute|join|leave|tell|message|notify|inform|open|close))\s*$/i
const OTHERWISE = /\b(?:labels?|tags?|topics?|colou?rs?|hashtags?|issues?)\s*$/i
const LONGEST = 1000
// "The invoice export task": what stands behind a determiner, and is looked through for the noun of a thing.
const PHRASE = /\b(?:the|my|our)\s+(?=((?:[\p{Ll}\p{N}][\p{Ll}\p{N}-]*(?:\s+|$)){2,4}))/gu
// What stands behind a noun that goes on.
const GOES_ON = /^(?:['’-]|\s*(?:of|ids?|named|called)\b)/
// The place of a name behind its noun (`isBehindNoun`) is no list with others; below those that are found otherwise.
const OWN_LISTS = -1000
const WORDS_ALONE = /^\p{L}[\p{L} '&-]*$/u
const NAME = '\uE004'
// "A Road Trip playlist" is not there yet.
const DEFINITE = new Set('the my our your this that his her their its'.split(' '))
// From here on a word and a noun are of one field, and say together what kind a thing is of: "the shopping cart".
const KIND = 0.15

/**
 * "My Road Trip playlist", "the invoice export task", "#releases": what one of the things that the API tells apart is called,
 * said as "my playlist Road Trip", 'the task "invoice export"' and "the channel releases", which is how the rest reads names.
 */
export function nounFirst(clause: Clause, field: Field, now: Now | null): Clause {
  if (clause.text.length > LONGEST) return clause
  const nouns = nounsOf(field)
  return asNames(turned(clause, field, now, nouns), nouns)
}

/** A clause in which names stand behind the nouns of what they name. */
function turned(clause: Clause, field: Field, now: Now | null, nouns: ReadonlySet<string>): Clause {
  const hashed = nouns.has(CHANNEL) ? withChannels(clause.text) : clause.text
  const marked = behindNouns(titled(ownedBy(hashed, field), clause, field, nouns), clause, nouns)
  if (marked === clause.text) return clause
  const text = marked.replaceAll(NAME, '')
  const names = new Set([...marked.matchAll(new RegExp(`"${NAME}([^"]*)"`, 'gu'))].map(([, name]) => name))
  const read = readInOtherWords(clause, text, now)
  // It is what the thing is called, and no id that somebody wrote down.
  const entities = read.entities.map((one, at) =>
    one.kind === 'quoted' && names.has(one.text) ? { ...one, kind: 'name' as const, list: OWN_LISTS - at } : one,
  )
  const terms = read.terms.map((term) => (term === read.verb && clause.verb !== null ? clause.verb : term))
  return { ...clause, text, entities, terms, content: read.content, head: read.head }
}

/** 'My playlist "Focus"': words in quotes behind the noun of a thing are what it is called rather than its id. */
function asNames(clause: Clause, nouns: ReadonlySet<string>): Clause {
  const isName = ({ kind, text, before }: Entity) => {
    const [article = '', noun = ''] = before.slice(-2)
    return kind === 'quoted' && WORDS_ALONE.test(text) && DETERMINERS.has(article) && nouns.has(stem(noun))
  }
  if (!clause.entities.some(isName)) return clause
  return {
    ...clause,
    entities: clause.entities.map((one, at) => (isName(one) ? { ...one, list: OWN_LISTS - at } : one)),
  }
}

/** A text in which what a hash names is a channel, where it is none of a label or a colour. */
function withChannels(text: string): string {
  return text.replaceAll(HASH, (all, name: string, at: number) => {
    const before = text.slice(0, at)
    const isChannel = (all.startsWith('#') ? GOES_TO.test(before) : true) && !OTHERWISE.test(before) && !HEX.test(name)
    return isChannel ? `the ${CHANNEL} "${NAME}${name}"` : all
  })
}

const BETWEEN = new RegExp(
  String.raw`\b(the\s+(?:${WHICH.join('|')}))\s+(${PART}(?:\s+${PART}){0,3})\s+(${NOUN})(?![\p{L}'’-])`,
  'gu',
)

/** "The newest Ada Lovelace album", where some things have albums of their own, is the newest album of Ada Lovelace. */
function ownedBy(text: string, { profiles }: Field): string {
  return text.replaceAll(BETWEEN, (all, which: string, name: string, noun: string) => {
    const isOwn = ({ found, single, of, last }: Field['profiles'][number]) =>
      found.effect === 'read' && !single && of.length > 0 && last.length === 1 && last[0] === stem(noun)
    return profiles.some(isOwn) ? `${which} ${noun} of ${name}` : all
  })
}

/** A text in which the names of things stand behind what those are: "my playlist Road Trip". */
function behindNouns(text: string, { entities }: Clause, nouns: ReadonlySet<string>): string {
  return entities.reduce((said, { kind, text: name, before, after, possessive }) => {
    const [noun = '', next = ''] = after
    const isOne = singular(noun) === noun && nouns.has(stem(noun)) && !nouns.has(stem(next))
    if ((kind !== 'name' && kind !== 'quoted') || possessive || !DEFINITE.has(before.at(-1) ?? '') || !isOne)
      return said
    const written = kind === 'quoted' ? `"${name}"` : name
    return said.replace(`${written} ${noun}`, () => `${noun} ${written}`)
  }, text)
}

/** "The invoice export task": words that say nothing to the API, before the noun of one of its things, are what that is called. */
function titled(text: string, { effect }: Clause, { profiles }: Field, nouns: ReadonlySet<string>): string {
  // What merely looks like it may be something else that is not taken back, and one word may say what kind it is of.
  if (IRREVERSIBLE.has(effect)) return text
  const least = effect === 'read' || effect === 'create' ? 1 : 2
  const isKnown = (word: string) =>
    profiles.some(({ called, takes }) => called.has(stem(word)) || takes.has(stem(word)))
  const isThing = (word: string) => singular(word) === word && nouns.has(stem(word))
  return [...text.matchAll(PHRASE)].reduceRight((said, { 0: article, 1: phrase = '', index }) => {
    const told = phrase.trim().split(/\s+/)
    const at = told.findIndex((word, place) => place > 0 && isThing(word))
    const noun = told[at] ?? ''
    const title = told.slice(0, Math.max(0, at))
    const start = index + article.length
    const length = [...title, noun].join(' ').length
    const isKind = relatedness(stem(title.at(-1) ?? ''), stem(noun)) >= KIND
    const isTitle = title.length >= least && !isKind && title.every(isTitleWord) && !title.every(isKnown)
    if (!isTitle || isInQuotes(text, index) || GOES_ON.test(text.slice(start + length))) return said
    return `${said.slice(0, start)}${noun} "${NAME}${title.join(' ')}"${said.slice(start + length)}`
  }, text)
}

function isTitleWord(word: string): boolean {
  return !TELLS_WHICH.has(word) && !isParticiple(word) && !isMostlyAdjective(word)
}

function isInQuotes(text: string, at: number): boolean {
  return (text.slice(0, at).match(/"/g)?.length ?? 0) % 2 === 1
}

// Words before a noun that tell which of several is meant, and not what it is called.
const TELLS_WHICH: ReadonlySet<string> = new Set([
  ...FUNCTION_WORDS,
  ...FILLERS,
  ...ORDINALS,
  ...ORDINAL_NUMBERS.keys(),
  ...SUPERLATIVES.keys(),
  ...DETERMINERS,
])
