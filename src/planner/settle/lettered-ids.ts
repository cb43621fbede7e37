import { stem } from '../../lib/stem.ts'
import { plural, singular, words } from '../../lib/words.ts'
import { isShortFor as isMadeOf } from '../../links/short-nouns.ts'
import { FUNCTION_WORDS, REMARKS, VERBS } from '../language/lexicon.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'

// "INV-1042", "sub_8Kd2", "PO77", "Q-5510", "u_17"; no "A1", which is a cell.
const LETTERED = /^(?:([A-Za-z]{2,12})[-_]|([A-Z]{2,12})(?=\d)|([A-Z])-(?=\d{2})|([a-z])_(?=\d))/
const RENAME = stem('rename')
const WRITES = new Set(['post', 'write', 'say', 'publish'].map(stem))
// Fewer letters are those of too many words.
const MARKED = 3
const VOWELS = /(?<=.)[aeiou]/g

/**
 * "Cancel INV-1042", where the API tells invoices apart by their ids, said as "cancel invoice INV-1042": the letters that an id
 * begins with are short for what it is one of. Left as it is where that is said, or may be one of several. `clauses` are what the
 * message is made of.
 */
export function withLetteredIds(message: string, clauses: readonly Clause[], field: Field): string {
  const things = thingsOf(field)
  return clauses.reduce((text, clause) => {
    const ids = clause.entities.filter(({ kind, text: id }) => kind === 'id' && LETTERED.test(id))
    const nouns = new Map(ids.map((id) => [id, isFree(id, clause) ? nounFor(id, things) : null]))
    return ids.reduce((said, id) => {
      const noun = nouns.get(id)
      if (!noun) return said
      const alike = ids.filter(({ list }) => list === id.list)
      // "Order PROD-1 and PROD-2": what may be a verb here tells nothing of the others.
      if (alike.some((each) => !nouns.get(each))) return said
      const isList = alike.length > 1 && alike.every((each) => nouns.get(each) === noun)
      // "Cancel INV-1 and INV-2": what they are is said once.
      if (isList && alike[0] !== id) return said
      // "To quote Q-5" would be something to do.
      const article = id.before.at(-1) === 'to' ? 'the ' : ''
      return said.replace(id.text, () => `${article}${isList ? plural(noun) : noun} ${id.text}`)
    }, text)
  }, message)
}

/** Whether nothing else is said of what an id is: "coupon SAVE20", "rename it to TASK-6", nor is something of it to be changed. */
function isFree({ before, possessive }: Entity, { effect, action }: Clause): boolean {
  const last = before.at(-1)
  if (possessive && effect !== 'read') return false
  if (last === 'to' && action === RENAME) return false
  // "Post TASK-8 is done", "with the note see INV-7".
  if (action !== null && WRITES.has(action)) return false
  if (before.slice(0, -1).some((word) => REMARKS.has(word) || word === 'memo' || word === 'about')) return false
  return before.length < 2 || last === undefined || FUNCTION_WORDS.has(last) || VERBS.has(last) || stem(last) === action
}

/** What the operations tell apart by an id in the path, in the singular: "purchase order" of `/purchase-orders/{id}`. */
function thingsOf({ profiles }: Field): string[] {
  const named = profiles.flatMap(({ found }) =>
    [...found.path.matchAll(/([^/{}]+)\/\{/g)].map(([, segment = '']) => words(segment)),
  )
  return [...new Set(named.map((all) => [...all.slice(0, -1), singular(all.at(-1) ?? '')].join(' ')))]
}

function nounFor({ text, before }: Entity, things: readonly string[]): string | null {
  const letters = lettersOf(text)
  const told = singular(before.at(-1) ?? '')
  if (things.some((thing) => thing === told || thing.endsWith(` ${told}`))) return null
  const clear = things.filter((thing) => isShortFor(letters, thing))
  // "evt_5" is an event's, where nothing else has these letters.
  const meant = clear.length > 0 || letters.length < MARKED ? clear : things.filter((thing) => isMadeOf(letters, thing))
  // The shortest holds the others: of "order" and "order item" an order is meant.
  const [first, ...others] = meant.toSorted((a, b) => a.length - b.length)
  return first !== undefined && others.every((other) => other.startsWith(`${first} `)) ? first : null
}

/** The letters that an id begins with; none where it does not. */
function lettersOf(id: string): string {
  const [, marked, run, capital, small] = LETTERED.exec(id) ?? []
  return (marked ?? run ?? capital ?? small ?? '').toLowerCase()
}

/** Whether letters are short for what a thing is called: its beginning, were it one letter, its consonants, or the initials of its words. */
function isShortFor(letters: string, thing: string): boolean {
  const initials = thing
    .split(' ')
    .map((word) => word[0])
    .join('')
  const joined = thing.replaceAll(' ', '')
  return (
    (letters.length === 1 && thing.startsWith(letters)) ||
    (initials.length > 1 && initials === letters) ||
    (letters.length > 2 &&
      (joined.startsWith(letters) ||
        (joined.replaceAll(VOWELS, '').startsWith(letters.replaceAll(VOWELS, '')) && joined[0] === letters[0])))
  )
}
