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

// What is short for something wherever it stands: a "booking" is no book, though it begins so.
const ABBREVIATIONS = new Set(
  'repo org env app doc dept dep emp cust acct proj msg img config admin spec loc addr inv prod cert veh appt'.split(
    ' ',
  ),
)

/** Whether a word that is said stands for what a noun does, which may be short for it: `repo` for "repository 5". */
export function isSameNoun(noun: string, said: string): boolean {
  return noun === said || (ABBREVIATIONS.has(noun) && isShortFor(noun, said))
}

/**
 * Whether the id behind what a path calls things is theirs: `repo` of repositories, `slip` of payslips, `opening` of job openings, `tor` of
 * time off requests.
 */
export function isIdOf(name: string, thing: string): boolean {
  const parts = thing.split(' ')
  if (name === thing || isShortFor(name, thing)) return name !== thing
  if (parts.length === 1) return name.length >= CLEAR && thing.endsWith(name)
  return parts.at(-1) === name || parts.map((part) => part[0]).join('') === name
}

/** What the ids of a path are short for, by what stands before them: repo → repository for `/repositories/{repo_id}`. */
export function shortNouns(path: string): [short: string, whole: string][] {
  return [...path.matchAll(/([^/{}]+)\/\{([^{}]+?)_?(?:[iI][dD])\}/g)].flatMap(([, segment = '', name = '']) => {
    const whole = words(segment).map(singular).join(' ')
    const short = words(name).map(singular).join(' ')
    return isIdOf(short, whole) ? [[short, whole] as [string, string]] : []
  })
}

/** Whether a word that is said is what a noun ends with: "request 5" may be a time off request. */
export function isNounOf(noun: string | null, said: string): boolean {
  if (noun === null) return false
  const word = singular(said)
  return word === noun || noun.endsWith(` ${word}`)
}
