import { singular } from '../../lib/words.ts'
import {
  DETERMINERS,
  FILLERS,
  FUNCTION_WORDS,
  NUMBER_WORDS,
  ORDINALS,
  POLITENESS,
  SUPERLATIVES,
  VERBS,
} from './lexicon.ts'
import { isMostlyVerb } from './related-words.ts'
import { baseOf, isVerb } from './verbs.ts'

/** Articles, possessives and "all": what opens a noun phrase. */
export const ARTICLES: ReadonlySet<string> = new Set([
  'a',
  'an',
  'the',
  'all',
  'my',
  'our',
  'their',
  'his',
  'her',
  'its',
  's',
])

// What follows things that are spoken of, and no verb.
const TOLD_OF = new Set(
  'of that who which whose worth with without between since above below under over before after'.split(' '),
)
const BE_OR_DO = new Set('is are was were has have had do does did will can should must'.split(' '))

/** "Deals of Acme", "orders that are late": whether a clause begins with a plural that is told of, which is no verb. */
export function opensWithThings(all: readonly string[]): boolean {
  const at = all.findIndex((each) => !POLITENESS.has(each))
  const [word = '', next = '', afterNext = ''] = at === -1 ? [] : all.slice(at)
  if (!word.endsWith('s') || singular(word) === word) return false
  // "Adds specified learners" goes on with what is added.
  const isToldOf = isParticiple(next) && (afterNext === '' || FUNCTION_WORDS.has(afterNext))
  if (!TOLD_OF.has(next) && !isToldOf) return false
  // "Tells that it is late": a clause of its own stands behind the verb.
  return next !== 'that' || BE_OR_DO.has(afterNext)
}

/** "The last order of Ada": where a word stands that could be a verb, and behind an article is none; null where none does. */
export function nounAt(all: readonly string[]): number | null {
  const opening = all.findIndex((word) => !POLITENESS.has(word))
  if (!ARTICLES.has(all[opening] ?? '')) return null
  const isModifier = (word: string) =>
    ORDINALS.has(word) ||
    SUPERLATIVES.has(word) ||
    NUMBER_WORDS.has(word) ||
    FILLERS.has(word) ||
    /^(?:most|least)$/.test(word)
  const at = all.findIndex((word, index) => index > opening && !isModifier(word))
  return VERBS.has(all[at] ?? '') && (all[at + 1] === undefined || FUNCTION_WORDS.has(all[at + 1] ?? '')) ? at : null
}

/** The words of a clause without those that could be verbs and are nouns: "the items of the latest order" orders nothing. */
export function withoutNouns(all: readonly string[]): string[] {
  const opening = all.findIndex((word) => !POLITENESS.has(word))
  const isPhrase = ARTICLES.has(all[opening] ?? '')
  // "The PDF of invoice 5" invoices nobody.
  const isNoun = (at: number) =>
    BEFORE_NOUNS.has(all[at - 1] ?? '') || (isPhrase && endsNounPhrase(all, at)) || isCompound(all, at)
  return all.filter((word, at) => !VERBS.has(word) || !isNoun(at))
}

/** "The results for lab order 5": whether a word ends what stands behind a preposition, with another noun before it. */
function isCompound(all: readonly string[], at: number): boolean {
  const [joint = '', noun = ''] = all.slice(Math.max(0, at - 2), at)
  const next = all[at + 1]
  return (
    BEFORE_NOUNS.has(joint) &&
    !FUNCTION_WORDS.has(noun) &&
    !VERBS.has(noun) &&
    singular(noun) === noun &&
    (next === undefined || (FUNCTION_WORDS.has(next) && !DETERMINERS.has(next)))
  )
}

// No verb in its plain form stands behind these.
export const BEFORE_NOUNS: ReadonlySet<string> = new Set(
  'of for about with without from on in at by per via'.split(' '),
)

/** Whether a word is the last of a phrase that an article opens. */
function endsNounPhrase(all: readonly string[], at: number): boolean {
  const next = all[at + 1]
  if (next !== undefined && !FUNCTION_WORDS.has(next)) return false
  const opened = all
    .slice(0, at)
    .findLastIndex((word) => FUNCTION_WORDS.has(word) && word !== 'most' && word !== 'least')
  return ARTICLES.has(all[opened] ?? '')
}

const SPANS = new Set('name page day week month quarter year night evening time minute hour second'.split(' '))

/** "The last order of Ada": the latest there is, and not a last name or the last week. */
export function isLastOfAll(all: readonly string[]): boolean {
  const at = all.findIndex(
    (word, index) => word === 'last' && ['the', 'her', 'his', 'their', 'my', 's'].includes(all[index - 1] ?? ''),
  )
  return at !== -1 && all[at + 1] !== undefined && !SPANS.has(singular(all[at + 1] ?? ''))
}

// "A board named X": its verb is more often a noun.
const NAMING = new Set(['named', 'titled', 'labelled', 'labeled'])

/** Whether a word is a participle by its ending, or one that gives a name. */
export function isParticiple(word: string): boolean {
  return NAMING.has(word) || (/(?:ed|ing)$/.test(word) && baseOf(word) !== word)
}

/** "Orders that are open": whether a "that" stands behind a noun and goes on about it. */
export function opensRelativeClause(all: readonly string[], at: number): boolean {
  const before = all[at - 1]
  return (
    all[at] === 'that' &&
    before !== undefined &&
    !FUNCTION_WORDS.has(before) &&
    !VERBS.has(before) &&
    !isMostlyVerb(before) &&
    (FUNCTION_WORDS.has(all[at + 1] ?? '') || isVerb(baseOf(all[at + 1] ?? '')))
  )
}
