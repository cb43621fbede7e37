import { DETERMINERS, FUNCTION_WORDS, ORDINALS, STATIVE_VERBS, VERBS } from './lexicon.ts'
import { isCommon, isMostlyVerb } from './related-words.ts'

// What follows a noun rather than a verb: "comments, and replies for a channel".
const PREPOSITION = /^(?:for|of|in|within|from|on|at|by)$/

// Verbs that have "for" behind them as well as in front of nothing else: "and checks for errors".
const SEARCHING = new Set(['check', 'search', 'look', 'wait', 'ask', 'apply', 'watch', 'scan'])

/** Verbs that have what is said right behind them: 'and post "hello"'. */
export const SAYS: ReadonlySet<string> = new Set(['post', 'reply', 'comment'])

const POINTING = new Set(['it', 'them', 'this', 'that'])

/** Whether a word after a joint is a verb: known as one and with something behind it that a verb can have. */
export function opensClause(word: string, next: string, inThird: boolean): boolean {
  // "Show the post, like it and …".
  if (word === 'like') return POINTING.has(next)
  if (STATIVE_VERBS.has(baseOf(word))) return false
  if (isMostlyVerb(word) || isDerived(word)) return true
  if (SAYS.has(word) && next.startsWith('\uE000')) return true
  // "Old and new ships", "Jersey and New York".
  if (word === 'new') return false
  if (VERBS.has(word)) return !/^[\uE000\d]/u.test(next)
  const base = baseOf(word)
  // "And logs an activity": what goes on in the third person is a verb, known or not; so is "and encrypt the key".
  if (base === word) return DETERMINERS.has(next) && (inThird ? /[^s]s$/.test(word) : isUnknownVerb(word))
  // "Ships, logs, and replies": what stands alone in a list is none.
  if (!word.endsWith('s') || next === '') return false
  if (PREPOSITION.test(next)) return inThird && next === 'for' && SEARCHING.has(base)
  return inThird || DETERMINERS.has(next) || (isMostlyVerb(base) && !VERBS.has(base))
}

/** Whether a word before a determiner can be nothing but a verb that the lexicon does not know: "and encrypt the key". */
function isUnknownVerb(word: string): boolean {
  return !FUNCTION_WORDS.has(word) && !ORDINALS.has(word) && !/(?:s|ed|ing|ly)$/.test(word)
}

/** Whether a word, in its base form, may be a verb. */
export function isVerb(word: string): boolean {
  return VERBS.has(word) || isMostlyVerb(word) || isDerived(word)
}

/** "Reset", "untag", "re-run": what undoes or repeats a verb is one, where the lexicon does not know better. */
function isDerived(word: string): boolean {
  const base = /^(?:re-?|un)(\p{L}{3,})$/u.exec(word)?.[1]
  return base !== undefined && !isCommon(word) && (VERBS.has(base) || isMostlyVerb(base))
}

/** The base form of a verb, null for what is none. */
export function baseOfVerb(word: string): string | null {
  const base = baseOf(word.toLowerCase())
  return isVerb(base) ? base : null
}

/** The base form of a verb by its ending: creates, creating, created → create. */
export function baseOf(word: string): string {
  const stems = [
    [/ies$/, 'y'],
    [/ied$/, 'y'],
    [/(?:ss|sh|ch|x|z)es$/, (match: string) => match.slice(0, -2)],
    [/s$/, ''],
    [/([^aeiou])\1ing$/, '$1'],
    [/ing$/, 'e'],
    [/ing$/, ''],
    [/([^aeiou])\1ed$/, '$1'],
    [/ed$/, 'e'],
    [/ed$/, ''],
  ] as const
  for (const [ending, instead] of stems) {
    if (!ending.test(word)) continue
    const base = typeof instead === 'string' ? word.replace(ending, instead) : word.replace(ending, instead)
    if (isVerb(base)) return base
  }
  return word
}
