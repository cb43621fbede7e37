import { loadInOrder } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
import { stem } from '../lib/stem.ts'
import { singular, words } from '../lib/words.ts'
import type { Answered } from './answer-clauses.ts'
import { assemble, type PlannedCall } from './assemble.ts'
import { nowOf } from './dates.ts'
import { plainFields, tellingWords } from './fields.ts'
import { listOf } from '../links/lists.ts'
import { pickAnswers } from './pick-answers.ts'
import { createProducers, isPlainRead, type Producers } from './producers.ts'
import type { Report, ReportShape } from './report.ts'
import { isCalled, isElsewhere, relate, type Listing, type Relation } from './report-relation.ts'
import { TAKINGS } from './report-patterns.ts'
import { openingVerb, type Measure, type ReportWish } from './report-wish.ts'
import { amountOf } from './result.ts'
import { retrieveAll, type Candidate } from './retrieve.ts'
import { resourceOf, slotsOf } from '../links/slots.ts'
import { understand, type Clause } from './understand.ts'

/** A report with the calls that its lists take. */
export type Reported = {
  answers: Answered[]
  /** The last of them with what is worked out. */
  calls: readonly PlannedCall[]
  /** What was found for the things, and for what they belong to. */
  retrieved: readonly (readonly Candidate[])[]
}

/** Things, what relates them, and what is worked out. */
type Worked = { things: Listing; relation: Relation; shape: ReportShape; worth: number }

const TRIED = 10
// That things of two APIs belong together is less sure than within one.
const ELSEWHERE = 2
const LABELS = ['name', 'title', 'label', 'subject', 'username', 'email']
// What is sold is taken in by one of these.
const SALES = new Set('order sale invoice payment transaction purchase booking charge receipt'.split(' '))

/**
 * Plans what a wish takes, from lists that are connected: that of the things, and where they belong to others that of
 * those. Operations whose ids are in `without` are not used. Null where no lists go together so.
 */
export async function planReport(
  ctx: Ctx,
  message: string,
  wish: ReportWish,
  without: ReadonlySet<string>,
): Promise<Reported | null> {
  const phrases = [
    wish.things ?? `${wish.by ?? ''} ${measureOf(wish)}`,
    wish.kind === 'share' ? wish.of : (wish.by ?? 'people'),
  ]
  const clauses = phrases.flatMap((phrase) => understand(`list ${phrase}`, nowOf(ctx)).slice(0, 1))
  if (clauses.length < phrases.length) return null
  const retrieved = await retrieveAll(ctx, phrases.join('; '), clauses)
  const [things = [], owners = []] = await Promise.all(
    retrieved.clauses.map((clause, at) => listingsOf(ctx, clause, retrieved.candidates[at] ?? [], without)),
  )
  const [best] = things
    .filter((listing) => wish.things === null || isCalled(listing))
    .flatMap((listing) => worked(wish, listing, owners))
    .toSorted((a, b) => b.worth - a.worth)
  const bound = best && (await bindLists(best, createProducers(ctx)))
  if (!best || !bound || asksForMore(message, bound.answers)) return null
  const assumptions = assumptionsOf(best)
  const answers = bound.answers.map((answer, at) =>
    at > 0
      ? answer
      : { ...answer, attempt: { ...answer.attempt, assumptions: [...answer.attempt.assumptions, ...assumptions] } },
  )
  return { ...bound, answers, retrieved: retrieved.candidates }
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
    return opening === verb && others.length > 0 && !called.has(stem(verb)) && !attempt.covered.has(stem(verb))
  })
}

/** What is taken for granted: that ids are the same in two APIs, and whose days count. */
function assumptionsOf({ things, relation }: Worked): string[] {
  const other = relation.owner ?? relation.holder
  return [
    ...(other && isElsewhere(other.listing, things) ? [`the ${other.listing.noun} has the same id in both APIs`] : []),
    ...(relation.key?.chars == null || things.clause.timeZone === 'UTC'
      ? []
      : [`a ${relation.key.name} is that of the time as the API writes it, not of ${things.clause.timeZone}`]),
  ]
}

function measureOf(wish: ReportWish): string {
  return wish.kind === 'groups' && wish.measure.kind !== 'count' ? `${wish.measure.field} ${wish.time ?? ''}` : ''
}

/** The operations that list something without needing to be told of what, the likeliest first. */
async function listingsOf(
  ctx: Ctx,
  clause: Clause,
  candidates: readonly Candidate[],
  without: ReadonlySet<string>,
): Promise<Listing[]> {
  const likely = candidates.filter(({ found }) => found.effect === 'read' && !without.has(found.id)).slice(0, TRIED)
  const byId = new Map(likely.map((candidate) => [candidate.found.id, candidate]))
  const loaded = await loadInOrder(ctx, [...byId.keys()])
  return loaded.flatMap((endpoint) => {
    const list = listOf(endpoint)
    const candidate = byId.get(endpoint.id)
    if (!list || !candidate || !isPlainRead(endpoint) || slotsOf(endpoint).some(({ required }) => required)) return []
    return [{ endpoint, candidate, clause, fields: plainFields(list.items), noun: resourceOf(endpoint.path) }]
  })
}

/** What comes of a wish with these things: nothing where they are not related so, or have no such field. */
function worked(wish: ReportWish, things: Listing, owners: readonly Listing[]): Worked[] {
  const relation = relate(wish, things, owners)
  const shape = relation && shapeOf(wish, things, relation)
  if (!relation || !shape) return []
  const isSold = wish.things === null && SALES.has(words(things.noun).at(-1) ?? '') ? 5 : 0
  const other = relation.owner ?? relation.holder
  const across = other && isElsewhere(other.listing, things) ? ELSEWHERE : 0
  const worth = things.candidate.score + (relation.owner?.listing.candidate.score ?? 0) + isSold - across
  return [{ things, relation, shape, worth }]
}

function shapeOf(wish: ReportWish, things: Listing, { owner }: Relation): ReportShape | null {
  switch (wish.kind) {
    case 'groups': {
      const measure = measured(wish.measure, wish.things, things)
      return measure && { kind: 'groups', measure, order: wish.order, limit: wish.limit }
    }
    case 'having':
      return { kind: 'having', least: wish.least, most: wish.most, counts: wish.counts }
    case 'share':
      // Its call is added last.
      return { kind: 'share', of: 1 }
    case 'joined': {
      const fields = owner ? fieldsNamed(owner.listing, wish.fields) : []
      return fields.length === 0 ? null : { kind: 'joined', fields }
    }
    case 'nested':
      return { kind: 'nested' }
    default:
      return wish satisfies never
  }
}

type Groups = Extract<ReportShape, { kind: 'groups' }>

/** The number of a thing that is meant; null where it has none of that name, or several that may be. */
function measured(measure: Measure, said: string | null, { fields, noun }: Listing): Groups['measure'] | null {
  if (measure.kind === 'count') return measure
  const name = words(measure.field).map(singular)
  const isThing = said === null && name.join(' ') === noun
  const isTaken = words(measure.field).some((word) => TAKINGS.test(word))
  if (said === null && !isThing && isTaken && !SALES.has(words(noun).at(-1) ?? '')) return null
  const amount = amountOf(fields, isThing ? '' : measure.field)
  const isNamed = amount && tellingWords(amount).some((word) => name.includes(word))
  // "Average price by category": it is the field that tells which list is meant.
  if (!amount || (said === null && !isThing && !isTaken && !isNamed)) return null
  return { kind: measure.kind, path: amount.path, name: amount.slot.name }
}

/** Fields of the owner by their names, each under a name that tells whose it is; none where one is not found. */
function fieldsNamed({ fields, noun }: Listing, said: string): { name: string; path: string }[] {
  const parts = said.split(/,\s*(?:and\s+)?|\s+and\s+/).map((part) => words(part).map(singular).join(' '))
  const found = parts.flatMap((part) => fields.find((field) => tellingWords(field).join(' ') === part) ?? [])
  if (found.length < parts.length) return []
  return found.map(({ path, slot }) => ({
    name: `${noun} ${slot.name}`.replaceAll(/\s+(\S)/g, (_, next: string) => next.toUpperCase()),
    path,
  }))
}

/** Binds what the lists are told by their phrases; null where a value would have to be asked for. */
async function bindLists(
  { things, relation, shape }: Worked,
  producers: Producers,
): Promise<Omit<Reported, 'retrieved'> | null> {
  const answers: Answered[] = []
  let calls: readonly PlannedCall[] = []
  const add = async ({ endpoint, candidate, clause }: Listing): Promise<number | null> => {
    const found = await assemble(clause, [{ ...candidate, endpoint }], calls, producers)
    const attempt = found && pickAnswers(found.attempt, clause, calls.length)
    const asks = attempt?.calls.some(({ bindings }) => bindings.some(({ source }) => source.kind === 'input'))
    if (!found || !attempt || asks !== false || attempt.calls.at(-1)?.endpoint.id !== endpoint.id) return null
    answers.push({ ...found, attempt, clause })
    calls = attempt.calls
    return calls.length - 1
  }
  const step = await add(things)
  const { owner, key, all, holder } = relation
  // "Pending orders in Paris" would be those of the first customer there.
  if (step === null || (owner && calls.some(({ endpoint }) => endpoint.id === owner.listing.endpoint.id))) return null
  const ownerStep = owner && (await add(owner.listing))
  const allStep = all ? await add(all) : null
  const holderStep = holder ? await add(holder.listing) : null
  if (holder && holderStep === null) return null
  // Some of all have to be fewer than all, or nothing tells which ones are meant.
  const isPart = !all || isNarrowed(calls, step, allStep)
  if ((owner && ownerStep === null) || !isPart) return null
  const owners = owner && {
    step: ownerStep ?? 0,
    noun: owner.listing.noun,
    id: owner.id,
    label: labelOf(owner.listing),
  }
  const worked: ReportShape = shape.kind === 'share' ? { ...shape, of: allStep ?? step } : shape
  const of = holder && { step: holderStep ?? 0, id: holder.id, path: holder.path }
  const grouped = key && of ? { ...key, of } : key
  const report: Report = { step, noun: things.noun, key: grouped, owners, shape: worked, use: 'answer' }
  return { answers, calls: calls.map((call, at) => (at === calls.length - 1 ? { ...call, report } : call)) }
}

function isNarrowed(calls: readonly PlannedCall[], some: number, all: number | null): boolean {
  const said = (call: PlannedCall | undefined) => (call?.bindings.length ?? 0) + (call?.pick?.where.length ?? 0)
  return all !== null && said(calls[some]) > said(calls[all])
}

function labelOf({ fields }: Listing): string | null {
  return LABELS.flatMap((label) => fields.find(({ slot }) => slot.name.toLowerCase() === label)?.path ?? [])[0] ?? null
}
