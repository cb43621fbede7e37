import { stem } from '../lib/stem.ts'
import type { Answered } from './answer-clauses.ts'
import { assemble, type Attempt, type PlannedCall } from './assemble.ts'
import { fillFromClause } from './fill.ts'
import { readPick } from './pick.ts'
import { pickAnswers } from './pick-answers.ts'
import type { Producers } from './producers.ts'
import type { Listing, Relation } from './report-relation.ts'
import type { Report, ReportShape } from './report.ts'
import { tellsAll } from './tells-all.ts'
import { unplacedWords } from './unplaced.ts'
import { calledBy } from './values.ts'

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
  const answers: Answered[] = []
  let calls: readonly PlannedCall[] = []
  const add = async ({ endpoint, candidate, clause }: Listing): Promise<number | null> => {
    const found = await assemble(clause, [{ ...candidate, endpoint }], calls, producers)
    const attempt = found && pickAnswers(found.attempt, clause, calls.length)
    const asks = attempt?.calls.some(({ bindings }) => bindings.some(({ source }) => source.kind === 'input'))
    if (!found || !attempt || asks !== false || attempt.calls.at(-1)?.endpoint.id !== endpoint.id) return null
    answers.push({ ...found, attempt, clause })
    const again = sameCall(calls, attempt.calls)
    if (again !== null) return again
    calls = attempt.calls
    return calls.length - 1
  }
  const addOfEach = async (listing: Listing, owners: Listing): Promise<number | null> => {
    const owned = await add(owners)
    const attempt = owned === null ? null : ofEach(listing, owners, owned, calls)
    if (!attempt) return null
    answers.push({
      attempt,
      score: listing.candidate.score,
      sure: listing.candidate.sure,
      margin: 1,
      clause: listing.clause,
    })
    calls = attempt.calls
    return calls.length - 1
  }
  const { owner, key, all, holder } = relation
  const { of } = things
  const isOwn = of !== undefined && of.owners.endpoint.id === owner?.listing.endpoint.id
  const step = of ? await addOfEach(things, isOwn ? owner.listing : of.owners) : await add(things)
  // "Pending orders in Paris" would be those of the first customer there.
  const isThere = owner && calls.some(({ endpoint }) => endpoint.id === owner.listing.endpoint.id)
  if (step === null || (isThere && !isOwn)) return null
  const ownerStep = isOwn ? step - 1 : owner && (await add(owner.listing))
  const allStep = all ? await add(all) : null
  const holderStep = holder ? await add(holder.listing) : null
  const theirStep = their && (await add(their.listing))
  if ((holder && holderStep === null) || (their && theirStep === null)) return null
  // Some of all have to be fewer than all, or nothing tells which ones are meant.
  const isPart = !all || isNarrowed(calls, step, allStep)
  if ((owner && ownerStep === null) || !isPart) return null
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

/** The call that reads the same list as one that would be added; null where there is none. */
function sameCall(before: readonly PlannedCall[], after: readonly PlannedCall[]): number | null {
  const last = after.at(-1)
  if (!last || after.length > before.length + 1) return null
  const key = ({ bindings, pick }: PlannedCall) => JSON.stringify([bindings, pick])
  const at = before.findIndex((call) => !call.each && call.endpoint.id === last.endpoint.id && key(call) === key(last))
  return at === -1 ? null : at
}

/** An attempt at listing what belongs to each of some owners that a call at `step` lists; null where it asks for more. */
function ofEach(
  { endpoint, clause, of }: Listing,
  owners: Listing,
  step: number,
  calls: readonly PlannedCall[],
): Attempt | null {
  if (!of) return null
  const fillings = fillFromClause(endpoint, clause, clause.entities).filter(({ slot }) => slot.in !== 'path')
  const told = fillings.map(({ slot, value }) => ({ slot, source: { kind: 'literal' as const, value } }))
  const taken = fillings.flatMap(({ entities }) => entities)
  const left = clause.entities.filter((entity) => !taken.includes(entity))
  const { pick, used, covered } = readPick(
    endpoint,
    clause,
    left,
    told.map(({ slot }) => slot),
    calledBy(endpoint),
  )
  const whose = { slot: of.slot, source: { kind: 'item' as const, path: of.id, words: `of each ${owners.noun}` } }
  const each = { step, pick: null, noun: owners.noun, keeps: { name: of.slot.name, id: of.id } }
  return {
    calls: [...calls, { endpoint, bindings: [whose, ...told], each, ...(pick && { pick }) }],
    used: new Set([...taken, ...used]),
    fit: 0,
    covered: new Set([...fillings.flatMap(({ words }) => words.map(stem)), ...covered]),
    assumptions: fillings.flatMap(({ note }) => note ?? []),
    cost: 0,
  }
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
