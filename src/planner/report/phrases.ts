import { singular, words } from '../../lib/words.ts'
import { BACK_REFERENCES, DETERMINERS, NUMBER_WORDS, QUESTION_WORDS } from '../language/lexicon.ts'
import { isMostlyVerb } from '../language/related-words.ts'
import { isVerb } from '../language/verbs.ts'

// What a request for a list goes on with, and what is no part of a phrase.
const ARTICLES = /^(?:(?:the|all|each|every|any|our|my|their|its|your|different|a|an|of)\s+)+/i
const ENDS = /(?:\s+please)?[\s?.!]*$/i

/** A phrase without the articles before it and the mark of its sentence. */
export function phrase(text: string): string {
  return withoutEnd(text).replace(ARTICLES, '')
}

/** A text without the mark of its sentence. */
export function withoutEnd(text: string): string {
  return text.trim().replace(ENDS, '')
}

/** "Orders placed … this year": what things are called, with what is said of them further on. */
export function withTail(things: string, tail: string | undefined): string {
  return tail === undefined ? things : `${things} ${tail}`
}

// What joins a request to the one before.
export const LINKS = /^(?:(?:please|also|and|then|finally|now)\s+)+/i
const ASKS = /^(?:wh|how)/
const REFERS = /^(?:all|every|each|me|us)$|[\d@"]/i
const PREPOSITIONS = new Set('of in from at on with for to by per and or'.split(' '))

/**
 * Whether what stands behind "and" or a comma asks for something more: "and email them", but not "name and email". Behind the
 * end of a request (`ended`) any verb does.
 */
export function opensRequest(text: string, ended = false): boolean {
  const [first = '', next = ''] = text.replace(LINKS, '').toLowerCase().split(/\s+/)
  if (QUESTION_WORDS.has(first)) return ASKS.test(first)
  if (!isVerb(first) || ended || next === '') return isVerb(first) && ended
  if (DETERMINERS.has(next) || BACK_REFERENCES.has(next) || REFERS.test(next)) return true
  return isMostlyVerb(first) && !PREPOSITIONS.has(next)
}

/** How many a number or a word for one says; null where it is none. */
export function numberOf(said: string | undefined): number | null {
  if (said === undefined) return null
  const count = NUMBER_WORDS.get(said.toLowerCase()) ?? Number.parseInt(said, 10)
  return count > 0 ? count : null
}

/** Whether one is asked for: "the customer", "who". */
export function isOne(owners: string | null): boolean {
  const last =
    words(owners ?? '').find((_, at, all) => /^(?:in|from|of|at|on|with|for)$/.test(all[at + 1] ?? 'in')) ?? ''
  return owners === null || singular(last) === last
}
