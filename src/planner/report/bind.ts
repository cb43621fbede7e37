import { stem } from '../../lib/stem.ts'
import type { Answered } from '../answer/answer-clauses.ts'
import { unplacedWords } from '../answer/unplaced.ts'
import type { Producers } from '../assemble/producers.ts'
import { tellsAll } from '../assemble/tells-all.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Report, ReportShape } from '../plan/report.ts'
import { ListBinder } from './list-binder.ts'
import type { Listing, Relation } from './relation.ts'

/** Things, what relates them, what is worked out, and what it is for; `their` lists what belongs to those who are meant. */
export type Worked = {
  things: Listing
  /** Whether they are named, and not only their amount: "revenue". */
  isNamed: boolean
  relation: Relation
  shape: ReportShape
  use: Report['use']
  their: { listing: Listing; path: string; id: string } | null
}

/** The calls that a report takes, the last with the report, and what they answer. */
export type Bound = { answers: Answered[]; calls: readonly PlannedCall[]; report: Report }

const LABELS = ['name', 'title', 'label', 'subject', 'username', 'email']

/**
 * Binds what the lists are told by their phrases; null where a value would have to be asked for. What calls go on with
 * (`use`) has to be told by every word: nothing is done to more things than are meant.
 */
export async function bindLists(
  { things, isNamed, relation, shape, use, their }: Worked,
  producers: Producers,
): Promise<Bound | null> {
  const lists = new ListBinder(producers)
  const { owner, key, all, holder } = relation
  const { of } = things
  const isOwn = of !== undefined && of.owners.endpoint.id === owner?.listing.endpoint.id
  const step = of ? await lists.addOfEach(things, isOwn ? owner.listing : of.owners) : await lists.add(things)
  // "Pending orders in Paris" would be those of the first customer there.
  if (step === null || (owner && !isOwn && lists.has(owner.listing))) return null
  const ownerStep = isOwn ? step - 1 : await lists.add(owner?.listing)
  const allStep = await lists.add(all)
  const holderStep = await lists.add(holder?.listing)
  const theirStep = await lists.add(their?.listing)
  const { answers, calls } = lists
  const lacks = (owner && ownerStep === null) || (holder && holderStep === null) || (their && theirStep === null)
  // Some of all have to be fewer than all, or nothing tells which ones are meant.
  if (lacks || (all && !isNarrowed(calls, step, allStep))) return null
  if (use !== 'answer' && !answers.filter(({ clause }) => isNamed || clause !== things.clause).every(isToldByAll))
    return null
  const owners = owner && {
    step: ownerStep ?? 0,
    noun: owner.listing.noun,
    id: owner.id,
    label: labelOf(owner.listing),
  }
  const held = holder && { step: holderStep ?? 0, id: holder.id, path: holder.path }
  const report: Report = {
    step,
    noun: things.noun,
    key: key && held ? { ...key, of: held } : key,
    owners,
    shape: shape.kind === 'share' ? { ...shape, of: allStep ?? step } : shape,
    their: their && { step: theirStep ?? 0, noun: their.listing.noun, path: their.path, id: their.id },
    use,
  }
  return { answers, report, calls: calls.map((call, at) => (at === calls.length - 1 ? { ...call, report } : call)) }
}

/** Whether all that a phrase says has its part in which things are listed. */
function isToldByAll({ clause, attempt }: Answered): boolean {
  const list = attempt.calls.at(-1)
  const terms = clause.terms.filter((term) => term !== clause.head)
  return (
    list !== undefined &&
    clause.entities.every((entity) => attempt.used.has(entity)) &&
    tellsAll(terms, list, [...attempt.covered].map(stem)) &&
    unplacedWords(clause, [list], attempt.covered).length === 0
  )
}

function isNarrowed(calls: readonly PlannedCall[], some: number, all: number | null): boolean {
  const said = (call: PlannedCall | undefined) => (call?.bindings.length ?? 0) + (call?.pick?.where.length ?? 0)
  return all !== null && said(calls[some]) > said(calls[all])
}

function labelOf({ fields }: Listing): string | null {
  return LABELS.flatMap((label) => fields.find(({ slot }) => slot.name.toLowerCase() === label)?.path ?? [])[0] ?? null
}
