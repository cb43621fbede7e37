import { singular, words } from '../lib/words.ts'
import { NUMBER_WORDS } from './lexicon.ts'

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
