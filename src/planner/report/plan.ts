import type { Ctx } from '../../context.ts'
import { stem } from '../../lib/stem.ts'
import { plural, words } from '../../lib/words.ts'
import { resourceOf } from '../../links/slots.ts'
import type { Answered } from '../answer/answer-clauses.ts'
import { createProducers } from '../assemble/producers.ts'
import { nowOf } from '../language/dates.ts'
import { DETERMINERS } from '../language/lexicon.ts'
import type { Report } from '../plan/report.ts'
import { type Candidate, retrieveAll } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import { understand } from '../understand/understand.ts'
import { bindLists, type Bound, type Worked } from './bind.ts'
import { listingsBetween, listingsOf, listingsOfEach, type Lists } from './listings.ts'
import { namesSeveral, openingVerb } from './read-wish.ts'
import { isCalled, isElsewhere, type Listing, ownerField, relate } from './relation.ts'
import { isSale, shapeOf } from './shape.ts'
import type { ReportWish } from './wish.ts'

/** A report with the calls that its lists take. */
export type Reported = Bound & {
  /** What was found for the things, and for what they belong to. */
  retrieved: readonly (readonly Candidate[])[]
  /** Whether it takes ids to be the same in two APIs. */
  isAcross: boolean
}

/** What a report is for, and the phrase for what belongs to those who are meant, where that is what calls go on with. */
export type Goal = { use: Report['use']; their: string | null }

// That things of two APIs belong together is less sure than within one.
const ELSEWHERE = 2

/**
 * Plans what a wish takes, from lists that are connected: that of the things, and where they belong to others that of
 * those. Operations whose ids are in `without` are not used. Null where no lists go together so.
 */
export async function planReport(
  ctx: Ctx,
  message: string,
  wish: ReportWish,
  without: ReadonlySet<string>,
  { use, their }: Goal = { use: 'answer', their: null },
): Promise<Reported | null> {
  const phrases = [
    wish.things ?? `${wish.by ?? ''} ${measureOf(wish)}`,
    wish.kind === 'share' ? wish.of : (wish.by ?? 'people'),
    ...(their === null ? [] : [their]),
  ]
  if (namesSeveral(wish)) return null
  const clauses = phrases.flatMap((phrase) => understand(`list ${phrase}`, nowOf(ctx)).slice(0, 1))
  if (clauses.length < phrases.length || clauses.some(isCutDown)) return null
  const retrieved = await retrieveAll(ctx, phrases.join('; '), clauses)
  const producers = createProducers(ctx)
  const lists: Lists = { ctx, without, producers }
  const [things = [], owners = [], others = []] = await Promise.all(
    retrieved.clauses.map((clause, at) => listingsOf(lists, clause, retrieved.candidates[at] ?? [])),
  )
  const isMeant = (listing: Listing) => wish.things === null || isCalled(listing)
  const called = things.filter(isMeant)
  const [clause] = retrieved.clauses
  const ofEach = async () => (clause ? listingsOfEach(lists, clause, retrieved.candidates[0] ?? []) : [])
  // "Who": people whom the things refer to, however they are called.
  const referred = async () => {
    const between = await listingsBetween(lists, called)
    return bestOf(wish, called, wish.by === null ? [...owners, ...between] : owners, between)
  }
  const best =
    bestOf(wish, called, owners) ?? (await referred()) ?? bestOf(wish, (await ofEach()).filter(isMeant), owners)
  const belonging = best && their !== null ? ofTheirs(best, others) : null
  if (!best || (their !== null && !belonging)) return null
  const bound = await bindLists({ ...best, isNamed: wish.things !== null, use, their: belonging }, producers)
  if (!bound || asksForMore(message, bound.answers)) return null
  const assumptions = [...assumptionsOf(best), ...guessOf(wish, bound.report)]
  const answers = bound.answers.map((answer, at) =>
    at > 0
      ? answer
      : { ...answer, attempt: { ...answer.attempt, assumptions: [...answer.attempt.assumptions, ...assumptions] } },
  )
  return { ...bound, answers, retrieved: retrieved.candidates, isAcross: elsewhereOf(best) !== null }
}

/** "The latest orders": of a part of a list nothing is worked out that would be so of all of it. */
function isCutDown({ order, limit }: Clause): boolean {
  return order !== null || limit !== null
}

/**
 * "Email customers without orders": whether a message opens with a verb that does something. "Open tickets per agent" does
 * not, where tickets are chosen by that; nor do "order lines per product", which are called so.
 */
function asksForMore(message: string, answers: readonly Answered[]): boolean {
  const verb = openingVerb(message)
  if (verb === null) return false
  return answers.some(({ clause, attempt }) => {
    const [, opening, ...others] = words(clause.text)
    const called = new Set(words(resourceOf(attempt.calls.at(-1)?.endpoint.path ?? '')).map(stem))
    // What is only searched for may be a verb: "block customers".
    const searched = new Set([...attempt.used].flatMap(({ text, list }) => (list === -1 ? words(text) : [])))
    const isChosen = attempt.covered.has(stem(verb)) && !searched.has(verb) && !DETERMINERS.has(others[0] ?? '')
    return opening === verb && others.length > 0 && !called.has(stem(verb)) && !isChosen
  })
}

/** The list of another API that things are related to; null where all are of one. */
function elsewhereOf({ things, relation }: Pick<Worked, 'things' | 'relation'>): Listing | null {
  const other = (relation.owner ?? relation.holder)?.listing
  return other && isElsewhere(other, things) ? other : null
}

/** What is taken for granted: that ids are the same in two APIs, and whose days count. */
function assumptionsOf({ things, relation }: Pick<Worked, 'things' | 'relation'>): string[] {
  const other = elsewhereOf({ things, relation })
  return [
    ...(other ? [`the ${other.noun} has the same id in both APIs`] : []),
    ...(relation.key?.chars == null || things.clause.timeZone === 'UTC'
      ? []
      : [`a ${relation.key.name} is that of the time as the API writes it, not of ${things.clause.timeZone}`]),
  ]
}

/** What makes somebody the biggest, where it is not said. */
function guessOf(wish: ReportWish, { owners, noun, shape }: Report): string[] {
  if (wish.kind !== 'groups' || !wish.guessed || !owners || shape.kind !== 'groups' || shape.measure.kind === 'count')
    return []
  const name = words(shape.measure.name).join(' ')
  return [`the biggest ${plural(owners.noun)} are those with the highest ${name} of their ${plural(noun)} together`]
}

function measureOf(wish: ReportWish): string {
  return wish.kind === 'groups' && wish.measure.kind !== 'count' ? `${wish.measure.field} ${wish.time ?? ''}` : ''
}

type Possible = Pick<Worked, 'things' | 'relation' | 'shape'> & { worth: number }

/** What comes of a wish with the likeliest of some things; null where none are related so, or have such a field. */
function bestOf(
  wish: ReportWish,
  listed: readonly Listing[],
  owners: readonly Listing[],
  between: readonly Listing[] = [],
): Possible | null {
  const all = listed.flatMap((listing) => worked(wish, listing, owners, between))
  return all.toSorted((a, b) => b.worth - a.worth)[0] ?? null
}

function worked(
  wish: ReportWish,
  things: Listing,
  owners: readonly Listing[],
  between: readonly Listing[],
): Possible[] {
  const relation = relate(wish, things, owners, between)
  const shape = relation && shapeOf(wish, things, relation)
  if (!relation || !shape) return []
  const isSold = wish.things === null && isSale(things) ? 5 : 0
  const across = elsewhereOf({ things, relation }) ? ELSEWHERE : 0
  const worth = things.candidate.score + (relation.owner?.listing.candidate.score ?? 0) + isSold - across
  return [{ things, relation, shape, worth }]
}

/** "The orders of …": the list of what belongs to the owners of a report; null where nothing tells whose it is. */
function ofTheirs({ relation }: Possible, listed: readonly Listing[]): Worked['their'] {
  const { owner } = relation
  if (!owner) return null
  const [found] = listed.filter(isCalled).flatMap((listing) => {
    const related = ownerField(listing, owner.listing)
    const isWithin = !isElsewhere(listing, owner.listing) && listing.endpoint.id !== owner.listing.endpoint.id
    return related && isWithin ? [{ listing, path: related.field.path, id: related.id }] : []
  })
  return found ?? null
}
