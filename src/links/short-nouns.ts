import { singular, words } from '../lib/words.ts'

const LEFT_OUT = 2
// A beginning of fewer letters is that of too many words.
const CLEAR = 3

/**
 * Whether a word may be short for another: it begins alike, has letters of it in their order, and lacks some: `repo`, `dept`, `acct`.
 * Only where something else says so, as a path does that goes through `/departments/{dept_id}`.
 */
export function isShortFor(short: string, whole: string): boolean {
  if (short.length < 2 || whole.length < short.length + LEFT_OUT || short[0] !== whole[0] || whole.includes(' '))
    return false
  let at = 0
  for (const letter of short) {
    at = whole.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** Whether a word that is said stands for what a noun does, which may be the beginning of it: `repo` for "repository 5". */
export function isSameNoun(noun: string, said: string): boolean {
  return noun === said || (noun.length >= CLEAR && said.startsWith(noun) && isShortFor(noun, said))
}

/** What the ids of a path are short for, by what stands before them: repo → repository for `/repositories/{repo_id}`. */
export function shortNouns(path: string): [short: string, whole: string][] {
  return [...path.matchAll(/([^/{}]+)\/\{([^{}]+?)_?(?:[iI][dD])\}/g)].flatMap(([, segment = '', name = '']) => {
    const whole = words(segment).map(singular).join(' ')
    const short = words(name).map(singular).join(' ')
    return isShortFor(short, whole) ? [[short, whole] as [string, string]] : []
  })
}
