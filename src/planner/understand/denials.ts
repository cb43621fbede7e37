import type { Entity } from './entity.ts'

const DENIALS = 'not|never|non|except|excluding|without|other than|apart from'
const BETWEEN = 'yet|already|the|a|an|any|those|that|which|who|is|are|be|been|in|for'
const DENIES = new RegExp(` (?:${DENIALS}|no|but) `)
// "No more than five" is a comparison.
const COMPARES =
  / (?:no|not) (?=(?:more|less|fewer|lower|higher|later|earlier|older|greater|larger|bigger|smaller) than )/g

/**
 * Whether words of a text are denied: "not yet paid", "except the paid ones". The text is of lower-case words, each
 * between spaces.
 */
export function isDenied(spoken: string, words: readonly string[]): boolean {
  return new RegExp(` (?:${DENIALS})(?: (?:${BETWEEN})){0,3} ${words.join(' ')} `).test(spoken)
}

/** Whether a text, of words as `isDenied` takes it, denies anything at all. */
export function deniesSomething(spoken: string): boolean {
  return DENIES.test(spoken.replace(COMPARES, ' '))
}

const DENYING_VERB =
  /^\s*(?:(?:please|and|but|then|also|you|we)\s+)*(?:(?:do|does|should|must|may|shall|can|will)\s+not|never)\s+(?!forget|fail|hesitate)/i

/** Whether a clause says what is not to be done: "never delete it". */
export function forbids(text: string): boolean {
  return DENYING_VERB.test(text)
}

// Before a name: "not from Ada", "except Ada's", "other than Ada".
const DENIED_NAME = /\b(?:not|except|excluding|without|but|other than|apart from)(?: \w+){0,2}$/
const NAMING: ReadonlySet<Entity['kind']> = new Set(['name', 'quoted', 'email', 'id'])

/** Whether what an entity names is said not to be meant. */
export function isExcluded({ kind, before }: Entity): boolean {
  return NAMING.has(kind) && DENIED_NAME.test(before.slice(-4).join(' '))
}

const EXCLUDING = new Set('without exclude excluded excluding except not omit ignore'.split(' '))

/** Whether a slot takes what is not meant: `without_keywords`, `exclude`. */
export function isExcluding({ words }: { words: readonly string[] }): boolean {
  return EXCLUDING.has(words[0] ?? '')
}
