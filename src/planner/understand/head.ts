import { stem } from '../../lib/stem.ts'
import {
  DETERMINERS,
  FILLERS,
  FUNCTION_WORDS,
  GENERAL_VERBS,
  NUMBER_WORDS,
  ORDINALS,
  POLITENESS,
  SUPERLATIVES,
  VERBS,
} from '../language/lexicon.ts'
import { ARTICLES, isParticiple, nounAt } from '../language/noun-phrases.ts'
import { unknownVerb } from './verb.ts'

const WHAT = new Set(['what', 'which', 'whose'])

/**
 * The last content word before the first preposition or participle that follows one: English puts the head of a noun
 * phrase there. "The details of the order" are about the order. `spans` are the words that end stretches of time.
 */
export function readHead(
  all: readonly string[],
  spans: ReadonlySet<string>,
  shells: ReadonlySet<string>,
): string | null {
  let head: string | null = null
  let shell: string | null = null
  const opening = unknownVerb(all) === null ? -1 : all.findIndex((word) => !POLITENESS.has(word))
  // "What is the order of Ada?" orders nothing.
  const verbAt =
    opening >= 0 || WHAT.has(all[0] ?? '')
      ? opening
      : all.findIndex((word, index) => VERBS.has(word) && index !== nounAt(all))
  for (const [index, word] of all.entries()) {
    const breaks = (FUNCTION_WORDS.has(word) && !ARTICLES.has(word)) || isParticiple(word)
    if (head !== null && breaks) {
      if (!isShell(all, index - 1, word, shells)) break
      shell ??= head
      head = null
      continue
    }
    // "Orders this year" are no year.
    const tells = !FUNCTION_WORDS.has(word) && (isTelling(word) || isThing(all, index))
    const content = tells && (head === null || !spans.has(word))
    if (content && index !== verbAt && !(shell !== null && isParticiple(word))) head = stem(word)
  }
  return head ?? shell
}

const ABOUT = new Set(['about', 'for', 'on', 'regarding'])

/** "The details of the order", "information about it": whether the noun before a preposition only stands for the one behind. */
function isShell(all: readonly string[], at: number, preposition: string, shells: ReadonlySet<string>): boolean {
  if (!shells.has(all[at] ?? '')) return false
  if (preposition === 'of') return true
  // "Contact information for a customer" is about the contact.
  const before = all[at - 1] ?? ''
  return ABOUT.has(preposition) && (FUNCTION_WORDS.has(before) || FILLERS.has(before) || VERBS.has(before))
}

/** Whether a content word says what a request is about, rather than how many, in which order, or that something be done. */
export function isTelling(word: string): boolean {
  return !(
    GENERAL_VERBS.has(word) ||
    NUMBER_WORDS.has(word) ||
    ORDINALS.has(word) ||
    SUPERLATIVES.has(word) ||
    FILLERS.has(word) ||
    /^\d+$/.test(word)
  )
}

/** "Create a post", "a marketing list": whether a word that is a verb elsewhere is a thing here; "a list of orders" are orders. */
export function isThing(all: readonly string[], at: number): boolean {
  const [word = '', before = '', first = ''] = [all[at], all[at - 1], all[at - 2]]
  const next = all[at + 1] ?? ''
  // "Create a return for the order".
  const isMade = next === 'for' && MAKING.has(first) && DETERMINERS.has(before)
  if (at === 0 || !GENERAL_VERBS.has(word) || (ABOUT_THINGS.has(next) && !isMade)) return false
  // "A new list": the list is the thing.
  if (word === 'new' && GENERAL_VERBS.has(next)) return false
  const isDescribed = DETERMINERS.has(first) && !FUNCTION_WORDS.has(before) && (before === 'new' || !VERBS.has(before))
  return (DETERMINERS.has(before) || isDescribed) && !OBJECTS.has(before)
}

const MAKING = new Set(['create', 'make', 'open', 'start', 'submit', 'register', 'place', 'issue', 'log', 'record'])
const ABOUT_THINGS = new Set(['of', 'for', 'about'])

const OBJECTS = new Set(['it', 'them', 'him', 'these', 'those', 'that', 'this', 'all', 'some'])
