import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { withVerbsBetweenIds } from '../language/between-ids.ts'
import { type ClauseText, commentsOf, splitClauses } from '../language/clauses.ts'
import { ofBoth } from '../language/compared.ts'
import { type Now, withMonths } from '../language/dates.ts'
import { BACK_REFERENCES, FUNCTION_WORDS, POLITENESS, SHELL_NOUNS } from '../language/lexicon.ts'
import { readMany } from '../language/many.ts'
import { withNewNames } from '../language/new-names.ts'
import { BEFORE_NOUNS, opensRelativeClause, opensWithThings, withoutNouns } from '../language/noun-phrases.ts'
import { withPlainVerbs } from '../language/phrasal.ts'
import { withOwnerBehind } from '../language/possessives.ts'
import { withNewValues } from '../language/new-values.ts'
import { outsideQuotes, withStraightQuotes } from '../language/quotes.ts'
import { withoutReasons } from '../language/reasons.ts'
import { withWhatIsTold } from '../language/told-that.ts'
import type { Clause } from './clause.ts'
import { forbids } from './denials.ts'
import { readEntities, withoutDates } from './entities.ts'
import type { Entity } from './entity.ts'
import { isTelling, isThing, readHead } from './head.ts'
import { readLimit, readOrder } from './order.ts'
import { isRelative } from './relative.ts'
import {
  effectOfClause,
  movesThings,
  readAction,
  readVerb,
  unknownVerb,
  withBaseVerb,
  withoutCapital,
  deedInNoun,
  isLight,
} from './verb.ts'

// "My playlist called Focus" is there already, where "create a playlist called Focus" says what it is to be called.
const CALLED =
  /"[^"]*"|(?<!\b(?:create|make|add|start|open|build|set up|new)\s)(\b(?:my|our|the|that)\s+(?:\p{Ll}+\s+){0,2}\p{Ll}+)\s+(?:called|named|titled|entitled)\s+(?=["'\p{Lu}\d])/gu
// "We have already rejected it": what is done is not done once more.
const IS_DONE =
  /^\s*(?:(?:oops|oh|ok(?:ay)?|well|hey|so|and|but)[,.]?\s+)*(?:i|we)(?:['’]ve|\s+have)?\s+(?:(?:just|already|accidentally|mistakenly)\s+)?(?!(?:need|want|would|like|try|tri|hop|plann|intend|decid|ask)ed\b)\p{L}+ed\b(?!\s+to\b)/iu
const NOTHING: ReadonlySet<string> = new Set()
const MAX_CLAUSES = 14
/** Takes a message apart: what is to be done, in which order, with which values. Pure and deterministic. */
export function understand(message: string, now: Now | null = null): Clause[] {
  return splitClauses(clean(message))
    .slice(0, MAX_CLAUSES)
    .map((clause, _, all) =>
      readClause(all.length > 1 && IS_DONE.test(clause.text) ? { ...clause, aside: true } : clause, now),
    )
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
    outsideQuotes(
      outsideQuotes(withPlainRequests(withoutChat(withStraightQuotes(withPlainSpaces(message)))), (said) =>
        withOwnerBehind(withPlainVerbs(said.replaceAll(/\bget rid of\b/gi, 'remove'))),
      )
        .replaceAll(SAID_TWICE, '$1 $2 and ')
        .replaceAll(CALLED, (said, thing?: string) => (thing === undefined ? said : `${thing} `)),
      withMonths,
    )
      // American style sets what ends a sentence inside the quotes.
      .replaceAll(/(,|[.!?](?="\s+\p{Lu}))"(?=\s)/gu, '"$1')
      .trim()
  )
}

function withPlainRequests(message: string): string {
  return withVerbsBetweenIds(withWhatIsTold(ofBoth(withNewNames(withoutReasons(withNewValues(message))))))
}

function withPlainSpaces(message: string): string {
  return message.replaceAll(/[^\P{Cc}\n]+/gu, ' ').replaceAll(/[^\S\n]+/g, ' ')
}

// What is said to be polite, or in a hurry, at the end: set apart, or behind a "please"; elsewhere it may be what is to be said.
const COURTESY =
  /(?:[,.!;]+\s*|(?<=\bplease)\s+)(?:(?:[Tt]hanks|thx)(?: (?:a lot|so much|in advance|again))?|[Tt]hank you(?: (?:so much|very much|in advance))?|ty|cheers|asap)[\s.!]*$/u
const QUOTES_SOMEBODY = /\b(?:say|saying|says|called|named|titled|text|message)\b|:/i
// "The customer says yes to order 5": as a request for it.
const SAYS_YES =
  /^\s*(?:(?:ok|okay|so|and|good news)[,:]?\s+)?(?:(?:the|my|our)\s+)?(?:customer|client|buyer|user|guest|tenant|patient|boss|manager|he|she|they|we)\s+says?\s+(yes|no)\s+to\s+(?=[^?]*$)/iu

/** "Send it pls, thx" as it is written in full, without thanks. */
function withoutChat(message: string): string {
  const plain = outsideQuotes(message, (part) => part.replaceAll(/\b(?:pls|plz)\b/gi, 'please'))
  const polite = QUOTES_SOMEBODY.test(plain) ? plain : plain.replace(COURTESY, '')
  return polite.replace(SAYS_YES, (_, answer: string) => `say ${answer.toLowerCase()} to `)
}

/** Reads a clause as if it had been said in other words, where it stands. */
export function readInOtherWords({ aside, test, guard, precedes }: Clause, text: string, now: Now | null): Clause {
  return readClause({ text, aside, ...(test && { test }), ...(guard && { guard }), precedes }, now)
}

/** "Do not delete it" → delete it: what is not to be done. */
function withoutDenial(all: readonly string[]): readonly string[] {
  return all.slice(all.findIndex((word) => word === 'not' || word === 'never') + 1)
}

// Verbs that are as often things.
const THINGS = new Set(
  'order invoice bill charge build schedule book record issue report request post track'.split(' '),
)

/** "Results for lab order 5": words right before a number or an id, within what stands behind a preposition, which are no verbs there. */
function numberedThings(entities: readonly Entity[]): ReadonlySet<string> {
  const told = entities.flatMap(({ kind, before }) => {
    const [joint = '', noun = '', word = ''] = before.slice(-3)
    const isBehind = BEFORE_NOUNS.has(joint) && !FUNCTION_WORDS.has(noun) && !POLITENESS.has(noun)
    return (kind === 'id' || kind === 'number') && isBehind && THINGS.has(word) ? [word] : []
  })
  return new Set(told)
}

/** Reads what a part of a message asks for. */
export function readClause({ text, aside, each, names, test, guard, precedes }: ClauseText, now: Now | null): Clause {
  const { entities, rest } = readEntities(withoutCapital(text), now)
  const all = withBaseVerb(words(rest.replaceAll(/'s\b|\b(?:called|saying|stating)(?=\s+["'`]?\uE001)/g, ' ')), aside)
  const things = numberedThings(entities)
  const asking = opensWithThings(all) ? [] : withoutNouns(all).filter((word, at) => at === 0 || !things.has(word))
  const telling = all.filter((word, at) => !FUNCTION_WORDS.has(word) && (isTelling(word) || isThing(all, at)))
  const relative = !names && !test && isRelative(text)
  // "For each invoice" does not invoice.
  const effect =
    names || test
      ? 'read'
      : relative || movesThings(asking, entities)
        ? 'update'
        : unknownVerb(all) === null
          ? effectOfClause(forbids(text) ? withoutDenial(asking) : asking)
          : 'unknown'
  const deed = deedInNoun(all)
  const opening = deed ?? unknownVerb(all)
  const spans = new Set(entities.flatMap(({ until, text: said }) => (until ? words(said).slice(-1) : [])))
  return {
    text,
    aside,
    effect,
    terms: [...new Set(telling.map(stem))].filter((term) => deed === null || !isLight(term)),
    content: telling,
    entities,
    // "Create a record for www": what is made is the thing itself.
    head: readHead(all, spans, effect === 'create' ? NOTHING : SHELL_NOUNS),
    verb: names || relative ? null : (opening ?? readVerb(asking)),
    action: names ? null : relative ? stem('update') : (opening ?? readAction(asking)),
    onlyReads: names === true || test !== undefined || IS_DONE.test(text),
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
