import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Effect } from '../../specs/operation.ts'
import { type ClauseText, commentsOf, splitClauses } from '../language/clauses.ts'
import { ofBoth } from '../language/compared.ts'
import type { Now } from '../language/dates.ts'
import {
  BACK_REFERENCES,
  DETERMINERS,
  FILLERS,
  FUNCTION_WORDS,
  GENERAL_VERBS,
  NUMBER_WORDS,
  ORDINALS,
  POLITENESS,
  QUESTION_WORDS,
  SHELL_NOUNS,
  SUPERLATIVES,
  VERBS,
} from '../language/lexicon.ts'
import { readMany } from '../language/many.ts'
import {
  ARTICLES,
  isLastOfAll,
  isParticiple,
  nounAt,
  opensRelativeClause,
  opensWithThings,
  withoutNouns,
} from '../language/noun-phrases.ts'
import { withPlainVerbs } from '../language/phrasal.ts'
import { withOwnerBehind } from '../language/possessives.ts'
import { isMostlyVerb } from '../language/related-words.ts'
import { withWhatIsTold } from '../language/told-that.ts'
import { baseOf } from '../language/verbs.ts'
import type { Clause } from './clause.ts'
import { forbids } from './denials.ts'
import { readEntities, withoutDates } from './entities.ts'
import type { Entity } from './entity.ts'
import { isRelative } from './relative.ts'

const NOTHING: ReadonlySet<string> = new Set()
const MAX_CLAUSES = 14
const WHAT = new Set(['what', 'which', 'whose'])

/** Takes a message apart: what is to be done, in which order, with which values. Pure and deterministic. */
export function understand(message: string, now: Now | null = null): Clause[] {
  return splitClauses(clean(message))
    .slice(0, MAX_CLAUSES)
    .map((clause) => readClause(clause, now))
}

/** What sentences of a message say that only comment on it: "It is raining in Berlin." */
export function readComments(message: string, now: Now | null): Clause[] {
  return commentsOf(clean(message))
    .slice(0, MAX_CLAUSES)
    .map((clause) => readClause(clause, now))
}

// "The birthday of Ada and the birthday of Bob": the birthday of both.
const SAID_TWICE = /\b((?:\p{Ll}+\s+){1,3}of)\s+((?:the\s+)?\p{Lu}[^,.;?!]{0,60}?)\s+and\s+(?:the\s+)?\1\s+/gu

function clean(message: string): string {
  return (
    withWhatIsTold(ofBoth(message))
      .replaceAll(/[^\P{Cc}\n]+/gu, ' ')
      .replaceAll(/[^\S\n]+/g, ' ')
      .replaceAll(/[‘’]/g, "'")
      .replaceAll(/[“”]/g, '"')
      // What stands in quotes is a value, as it is.
      .replaceAll(/"[^"]*"|'[^'\s][^']*'(?!\w)|\bget rid of\b/gi, (said) => (/^["']/.test(said) ? said : 'remove'))
      .replaceAll(/"[^"]*"|'[^'\s][^']*'(?!\w)|[^"']+|["']/gi, (said) =>
        /^["'].+["']$/.test(said) ? said : withPlainVerbs(said),
      )
      .replaceAll(/"[^"]*"|[^"]+/g, (said) => (said.startsWith('"') ? said : withOwnerBehind(said)))
      .replaceAll(SAID_TWICE, '$1 $2 and ')
      // American style sets what ends a sentence inside the quotes.
      .replaceAll(/(,|[.!?](?="\s+\p{Lu}))"(?=\s)/gu, '"$1')
      .trim()
  )
}

/** Reads a clause as if it had been said in other words, where it stands. */
export function readInOtherWords({ aside, test, guard, precedes }: Clause, text: string, now: Now | null): Clause {
  return readClause({ text, aside, ...(test && { test }), ...(guard && { guard }), precedes }, now)
}

/** Reads what a part of a message asks for. */
export function readClause({ text, aside, each, names, test, guard, precedes }: ClauseText, now: Now | null): Clause {
  const { entities, rest } = readEntities(withoutCapital(text), now)
  const all = withBaseVerb(words(rest.replaceAll(/'s\b|\b(?:called|saying|stating)(?=\s+["'`]?\uE001)/g, ' ')), aside)
  const asking = opensWithThings(all) ? [] : withoutNouns(all)
  const telling = all.filter((word, at) => !FUNCTION_WORDS.has(word) && (isTelling(word) || isThing(all, at)))
  const relative = !names && !test && isRelative(text)
  // "For each invoice" does not invoice.
  const effect =
    names || test
      ? 'read'
      : relative || movesThings(asking, entities)
        ? 'update'
        : unknownVerb(all) === null
          ? effectOfClause(asking)
          : 'unknown'
  const spans = new Set(entities.flatMap(({ until, text: said }) => (until ? words(said).slice(-1) : [])))
  return {
    text,
    aside,
    effect,
    terms: [...new Set(telling.map(stem))],
    content: telling,
    entities,
    // "Create a record for www": what is made is the thing itself.
    head: readHead(all, spans, effect === 'create' ? NOTHING : SHELL_NOUNS),
    verb: names || relative ? null : (unknownVerb(all) ?? readVerb(asking)),
    action: names ? null : relative ? stem('update') : (unknownVerb(all) ?? readAction(asking)),
    onlyReads: names === true || test !== undefined,
    order: readOrder(all),
    refersBack: all.some((word, at) => BACK_REFERENCES.has(word) && !opensRelativeClause(all, at)),
    counts: /\bhow many\b|\bnumber of\b|\bcount\b/i.test(text),
    limit: readLimit(withoutDates({ text, entities })),
    test: test ?? null,
    guard: guard ?? null,
    among: null,
    ofOne: false,
    ownedBy: null,
    precedes: precedes === true,
    forbids: forbids(text),
    many: each ? readMany(each) : readMany(text),
    timeZone: now?.timeZone ?? 'UTC',
  }
}

/** "Updates the stage" → update, the, stage: the verb that opens a clause in its base form. */
function withBaseVerb(all: readonly string[], aside: boolean): readonly string[] {
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
function withoutCapital(text: string): string {
  const [, first = '', next = ''] = /^\s*(\p{Lu}\p{Ll}+)\s+([\p{L}]+)/u.exec(text) ?? []
  const word = first.toLowerCase()
  const base = baseOf(word)
  const isVerb = VERBS.has(base) || isMostlyVerb(base) || (word.endsWith('s') && DETERMINERS.has(next.toLowerCase()))
  return isVerb ? text.replace(first, word) : text
}

/**
 * The last content word before the first preposition or participle that follows one: English puts the head of a noun
 * phrase there. "The details of the order" are about the order. `spans` are the words that end stretches of time.
 */
function readHead(all: readonly string[], spans: ReadonlySet<string>, shells: ReadonlySet<string>): string | null {
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

/**
 * Stem of a verb that opens the clause and names no effect: one that is a verb before it is anything else, or a word of no
 * known kind right before a determiner.
 */
function unknownVerb(all: readonly string[]): string | null {
  const at = all.findIndex((word) => !POLITENESS.has(word))
  const word = all[at]
  const known = (text: string) => VERBS.has(text) || QUESTION_WORDS.has(text) || FUNCTION_WORDS.has(text)
  if (word === undefined || known(word)) return null
  return DETERMINERS.has(all[at + 1] ?? '') || isMostlyVerb(word) ? stem(word) : null
}

/** The first word that is a verb: behind a question word or another verb, "order" and "charge" are nouns. */
function readVerb(all: readonly string[]): string | null {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  return first === undefined || QUESTION_WORDS.has(first) || GENERAL_VERBS.has(first) ? null : stem(first)
}

/** The first verb, also one as general as "search". */
function readAction(all: readonly string[]): string | null {
  // "Can you …" asks for what the verb behind it says.
  const first = all.find((word) => VERBS.has(word) || (QUESTION_WORDS.has(word) && word !== 'can'))
  return first === undefined || !VERBS.has(first) ? null : stem(first)
}

// What is set up is not there before.
const SETS_UP = /^(?:(?:can|could|would|will|please|you|i|want|need|to|help|me) )*set up /

/** "Transfer the employees to Berlin": pays nothing where no money is spoken of. */
function movesThings(all: readonly string[], entities: readonly Entity[]): boolean {
  const isMoney = ({ kind, money, before }: Entity) => money || (kind === 'number' && before.at(-1) === 'transfer')
  const verb = all.find((word) => VERBS.has(word) || QUESTION_WORDS.has(word))
  return verb === 'transfer' && !all.some((word) => MONEY.has(word)) && !entities.some(isMoney)
}

const MONEY = new Set(
  'money amount fund funds payment payments balance cash dollar dollars euro euros credit credits'.split(' '),
)

function effectOfClause(all: readonly string[]): Effect {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  if (first === undefined || (QUESTION_WORDS.has(first) && first !== 'can')) return 'read'
  if (SETS_UP.test(all.join(' '))) return 'create'
  return all.flatMap((word) => VERBS.get(word) ?? [])[0] ?? 'read'
}

/** Whether a content word says what a request is about, rather than how many, in which order, or that something be done. */
function isTelling(word: string): boolean {
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
function isThing(all: readonly string[], at: number): boolean {
  const [word = '', before = '', first = ''] = [all[at], all[at - 1], all[at - 2]]
  if (at === 0 || !GENERAL_VERBS.has(word) || ABOUT_THINGS.has(all[at + 1] ?? '')) return false
  const isDescribed = DETERMINERS.has(first) && !FUNCTION_WORDS.has(before) && !VERBS.has(before)
  return (DETERMINERS.has(before) || isDescribed) && !OBJECTS.has(before)
}

const ABOUT_THINGS = new Set(['of', 'for', 'about'])
const OBJECTS = new Set(['it', 'them', 'him', 'these', 'those', 'that', 'this', 'all', 'some'])

function readOrder(all: readonly string[]): Clause['order'] {
  // "More expensive than 50" compares.
  const at = all.findIndex((word, index) => SUPERLATIVES.has(word) && !/^(?:more|less|as)$/.test(all[index - 1] ?? ''))
  const found = SUPERLATIVES.get(all[at] ?? '')
  if (!found) return isLastOfAll(all) ? (SUPERLATIVES.get('latest') ?? null) : null
  const descending = found.descending !== (all[at - 1] === 'least')
  return { by: found.by.length > 0 ? found.by : all.slice(at + 1, at + 2), descending }
}

function readLimit(text: string): number | null {
  const match =
    /\b(?:first|top|last|latest|newest|oldest|cheapest|most recent|most expensive|highest|largest|biggest|lowest|smallest)\s+(\d{1,4}|[a-z]+)?/i.exec(
      text,
    )
  if (!match) return null
  const word = match[1]?.toLowerCase() ?? ''
  const count = NUMBER_WORDS.get(word) ?? Number.parseInt(word, 10)
  if (count > 0) return count
  return word !== '' && singular(word) === word ? 1 : null
}
