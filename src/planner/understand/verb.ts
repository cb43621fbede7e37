import { stem } from '../../lib/stem.ts'
import type { Effect } from '../../specs/operation.ts'
import { DETERMINERS, FUNCTION_WORDS, GENERAL_VERBS, POLITENESS, QUESTION_WORDS, VERBS } from '../language/lexicon.ts'
import { opensWithThings } from '../language/noun-phrases.ts'
import { isMostlyVerb } from '../language/related-words.ts'
import { baseOf } from '../language/verbs.ts'
import type { Entity } from './entity.ts'

/** "Updates the stage" → update, the, stage: the verb that opens a clause in its base form. */
export function withBaseVerb(all: readonly string[], aside: boolean): readonly string[] {
  const at = all.findIndex((word) => !POLITENESS.has(word))
  const word = all[at]
  if (word === undefined || QUESTION_WORDS.has(word)) return all
  const base = baseOf(word)
  const next = all[at + 1] ?? ''
  if (opensWithThings(all)) return all
  // What stands beside another request, "…, uploading documents", or before what is new, is one; "billing details" are none.
  const requests = word.endsWith('ing') && VERBS.has(base) && (aside || next === 'new')
  // "Orders of Ada" are no verb.
  if (isMostlyVerb(base) || DETERMINERS.has(next) || requests)
    return all.with(at, base === word ? word.replace(/(?<=[^s])s$/, '') : base)
  return all
}

/** "Fetches the logs": the verb that opens a sentence is capitalised for standing there, not for being a name. */
export function withoutCapital(text: string): string {
  const [, first = '', next = ''] = /^\s*(\p{Lu}\p{Ll}+)\s+([\p{L}]+)/u.exec(text) ?? []
  const word = first.toLowerCase()
  const base = baseOf(word)
  const isVerb = VERBS.has(base) || isMostlyVerb(base) || (word.endsWith('s') && DETERMINERS.has(next.toLowerCase()))
  return isVerb ? text.replace(first, word) : text
}

/**
 * Stem of a verb that opens the clause and names no effect: one that is a verb before it is anything else, or a word of no
 * known kind right before a determiner.
 */
export function unknownVerb(all: readonly string[]): string | null {
  const at = all.findIndex((word) => !POLITENESS.has(word))
  const word = all[at]
  const known = (text: string) => VERBS.has(text) || QUESTION_WORDS.has(text) || FUNCTION_WORDS.has(text)
  if (word === undefined || known(word)) return null
  return DETERMINERS.has(all[at + 1] ?? '') || isMostlyVerb(word) ? stem(word) : null
}

// Verbs that say nothing themselves.
const LIGHT = new Set(['perform', 'conduct'])

/** Whether a stem is that of a verb that only says that something is done. */
export function isLight(term: string): boolean {
  return LIGHT.has(term)
}

/** "Perform hierarchical clustering", "conduct a trial": stem of the noun that says what is done; null for any other clause. */
export function deedInNoun(all: readonly string[]): string | null {
  const at = all.findIndex((word) => !POLITENESS.has(word))
  if (!LIGHT.has(all[at] ?? '')) return null
  const behind = all.slice(at + 1)
  const until = behind.findIndex((word, index) => index > 0 && FUNCTION_WORDS.has(word) && !DETERMINERS.has(word))
  const noun = behind.slice(0, until === -1 ? undefined : until).findLast((word) => !FUNCTION_WORDS.has(word))
  return noun === undefined ? null : stem(noun)
}

/** The first word that is a verb: behind a question word or another verb, "order" and "charge" are nouns. */
export function readVerb(all: readonly string[]): string | null {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  return first === undefined || QUESTION_WORDS.has(first) || GENERAL_VERBS.has(first) ? null : stem(first)
}

/** The first verb, also one as general as "search". */
export function readAction(all: readonly string[]): string | null {
  // "Can you …" asks for what the verb behind it says.
  const first = all.find((word) => VERBS.has(word) || (QUESTION_WORDS.has(word) && word !== 'can'))
  return first === undefined || !VERBS.has(first) ? null : stem(first)
}

// What is set up is not there before.
const SETS_UP = /^(?:(?:can|could|would|will|please|you|i|want|need|to|help|me) )*set up /

/** "Transfer the employees to Berlin": pays nothing where no money is spoken of. */
export function movesThings(all: readonly string[], entities: readonly Entity[]): boolean {
  const isMoney = ({ kind, money, before }: Entity) => money || (kind === 'number' && before.at(-1) === 'transfer')
  const verb = all.find((word) => VERBS.has(word) || QUESTION_WORDS.has(word))
  return verb === 'transfer' && !all.some((word) => MONEY.has(word)) && !entities.some(isMoney)
}

const MONEY = new Set(
  'money amount fund funds payment payments balance cash dollar dollars euro euros credit credits'.split(' '),
)

/** What a clause does to the world, by its first verb; a question reads. */
export function effectOfClause(all: readonly string[]): Effect {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  if (first === undefined || (QUESTION_WORDS.has(first) && first !== 'can')) return 'read'
  if (SETS_UP.test(all.join(' '))) return 'create'
  return all.flatMap((word) => VERBS.get(word) ?? [])[0] ?? 'read'
}
