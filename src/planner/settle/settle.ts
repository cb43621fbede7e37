import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { SHELL_NOUNS } from '../language/lexicon.ts'
import { inOwnWords } from '../rank/aliases.ts'
import { askedField } from '../rank/asked-fields.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { askedAbout } from './asked-about.ts'
import { compounds } from './compounds.ts'
import { splitObjects } from './coordination.ts'
import { readDeed, readImperative, readOpening } from './imperatives.ts'
import { giving } from './giving.ts'
import { liking } from './liking.ts'
import { nameAlone } from './name-alone.ts'
import { nameBehindNoun } from './name-behind-noun.ts'
import { settleNested } from './nested.ts'
import { nounFirst } from './noun-first.ts'
import { readOwner, splitFilled, splitMade, splitOwned } from './owned.ts'
import { peopleOf } from './people-of.ts'
import { isIntoIt, putInto } from './put-into.ts'
import { saidOtherwise } from './said-otherwise.ts'
import { smallName } from './small-names.ts'

/** Clauses as the operations at hand make sense of them. */
export function settle(clauses: readonly Clause[], field: Field, now: Now | null = null): Clause[] {
  const own = clauses
    .map((clause) => saidOtherwise(clause, field, now))
    .map((clause) => inOwnWords(clause, field))
    .map((clause) => compounds(clause, field, now))
    .map((clause) => askedAbout(clause, field, now))
    .map((clause) => peopleOf(clause, field, now))
    .map((clause) => giving(clause, field, now))
    .map((clause) => liking(clause, field, now))
    .map((clause) => nounFirst(clause, field, now))
    .map((clause) => putInto(clause, field, now))
    .map((clause) => askedField(clause, field.profiles))
  return settleNames(settleNested(own, field), field)
    .flatMap((clause) =>
      settleNames(
        splitOwned(clause, field, now) ??
          splitFilled(clause, field, now) ??
          splitMade(clause, field, now) ??
          splitObjects(clause, field, now),
        field,
      ),
    )
    .map((clause) => readOwner(clause, field, now))
    .map((clause) => nameBehindNoun(clause, field))
    .map((clause) => smallName(clause, field))
    .map((clause) => readImperative(clause, field))
    .map((clause) => readOpening(clause, field))
    .map((clause) => readDeed(clause, field))
    .map((clause) => nameAlone(clause, field))
    .map(referBack)
    .map(sayAgain)
    .map((clause) => withoutUnheardVerb(clause, field))
}

/** "Rename the list": a verb whose effect is known, and by which no operation is called, is no word that goes unanswered. */
function withoutUnheardVerb(clause: Clause, { profiles }: Field): Clause {
  const { verb, terms, effect } = clause
  if (verb === null || effect === 'unknown' || terms.length < 2 || !terms.includes(verb)) return clause
  if (profiles.some(({ called }) => called.has(verb))) return clause
  return { ...clause, terms: terms.filter((term) => term !== verb) }
}

const AGAIN = /\b(?:that|this|the same)\s+e-?mail\b/i

/** "… with that email": the address that was said before. */
function sayAgain(clause: Clause, index: number, all: readonly Clause[]): Clause {
  if (!AGAIN.test(clause.text) || clause.entities.some(({ kind }) => kind === 'email')) return clause
  const said = all
    .slice(0, index)
    .flatMap(({ entities }) => entities)
    .findLast(({ kind }) => kind === 'email')
  return said ? { ...clause, entities: [...clause.entities, said] } : clause
}

/** "Find the queue and delete it": what "it" is was told before; with its values where that asks for nothing by itself. */
function referBack(clause: Clause, index: number, all: readonly Clause[]): Clause {
  const told = toldBefore(clause, index, all)
  const before = told.findLast(({ terms }) => terms.length > 0)
  if (!before || clause.aside) return clause
  const borrows = clause.precedes ? clause.refersBack && clause.entities.length === 0 : before.aside && isVague(clause)
  const entities = borrows ? [...before.entities, ...clause.entities] : clause.entities
  const many = manyOf(clause, before)
  const thing = clause.refersBack && isOnlyShell(clause) ? thingBefore(told) : null
  if (thing) {
    const terms = [...new Set([...thing.terms.filter((term) => term !== thing.verb), ...clause.terms])]
    return {
      ...clause,
      terms,
      content: [...thing.content, ...clause.content],
      head: thing.head,
      entities,
      many,
      ofOne: !isPlural(thing),
    }
  }
  // "If there is no such customer, add her": what is missing is made with what was said of it.
  const isMissing = clause.guard !== null && before.test !== null && clause.effect === 'create' && clause.refersBack
  const isMeant = before.aside ? clause.refersBack : isOneThing(clause) || isMissing || isIntoIt(clause)
  if (clause.terms.length > 0 || clause.action === null || !isMeant) return { ...clause, entities, many }
  const { terms, content, head } = before
  const own = before.head === null ? terms : terms.filter((term) => term !== before.verb)
  return {
    ...clause,
    terms: own,
    content,
    head,
    entities: isMissing ? [...before.entities, ...entities] : entities,
    many,
  }
}

/** The clauses that a clause can refer to, the nearest last: those told before, or behind it where it is done first. */
function toldBefore({ precedes }: Clause, index: number, all: readonly Clause[]): readonly Clause[] {
  return precedes
    ? all
        .slice(index + 1)
        .filter((clause) => !clause.precedes)
        .toReversed()
    : all.slice(0, index)
}

/** What was asked for last that is about something; a purpose or a comment is not. */
function thingBefore(before: readonly Clause[]): Clause | null {
  return before.findLast(({ head, aside }) => head !== null && !aside) ?? null
}

/** "Retrieve its details": the noun only stands for the thing that was told of before. */
function isOnlyShell({ content, effect }: Clause): boolean {
  return effect === 'read' && content.length > 0 && content.every((word) => SHELL_NOUNS.has(word))
}

/** "Them" with what was told of them before; null where that is one thing. */
function manyOf({ many }: Clause, before: Clause): Clause['many'] {
  if (many?.nouns.length !== 0) return many
  return isPlural(before) ? { ...many, told: before.terms.filter((term) => term !== before.verb) } : null
}

/** Whether what a clause is about is said in the plural, as what "them" can mean. */
function isPlural({ text, head, many }: Clause): boolean {
  return many !== null || words(text).some((word) => stem(word) === head && singular(word) !== word)
}

/** "Delete it": one thing told of before is meant; many are not done one by one, and what is there is not created again. */
function isOneThing({ text, effect }: Clause): boolean {
  return effect !== 'create' && /\b(?:it|that|this)\b|\b(?:her|him)\s*$/i.test(text)
}

/** "Where can I stream it?", "Find some pictures.": what is asked for is told in part in the sentence before. */
function isVague({ refersBack, terms, entities }: Clause): boolean {
  return entities.length === 0 && (refersBack || terms.length < 3)
}

/**
 * Clauses in which capitalised words that operations are called by are words again rather than names: "the GCD of 120 and
 * 180", "all TV shows", "a new Customer Profile". What is a name and what a word, only the operations can tell.
 */
function settleNames(clauses: readonly Clause[], { profiles }: Field): Clause[] {
  const called = new Set(profiles.flatMap((profile) => [...profile.called]))
  const ends = new Set(profiles.flatMap(({ last }) => last))
  return clauses.map((clause) => {
    const known = clause.entities.filter(
      ({ kind, text }) =>
        (kind === 'name' && words(text).every((word) => called.has(stem(word)))) ||
        // What is on today, where an operation is called so.
        (kind === 'date' && /^\p{L}+$/u.test(text) && ends.has(stem(text))),
    )
    if (known.length === 0) return clause
    const content = known.flatMap(({ text }) => words(text))
    return {
      ...clause,
      content: [...clause.content, ...content],
      terms: [...new Set([...clause.terms, ...content.map(stem)])],
      entities: clause.entities.filter((entity) => !known.includes(entity)),
      // The noun behind a name is the head anyway; where none was left, the name holds it.
      head: clause.head ?? stem(content.at(-1) ?? ''),
    }
  })
}
