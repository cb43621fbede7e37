import { stem } from '../../lib/stem.ts'
import type { Answered } from '../answer/answer-clauses.ts'
import { pickAnswers } from '../answer/pick-answers.ts'
import { assemble } from '../assemble/assemble.ts'
import { readPick } from '../assemble/pick.ts'
import type { Producers } from '../assemble/producers.ts'
import { fillFromClause } from '../fill/fill.ts'
import { calledBy } from '../fill/values.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Listing } from './relation.ts'

/** The calls of a report in the making: one for each list, told what its phrase says. */
export class ListBinder {
  readonly answers: Answered[] = []
  calls: readonly PlannedCall[] = []
  readonly #producers: Producers

  constructor(producers: Producers) {
    this.#producers = producers
  }

  /** Adds the call of a list, or takes one that reads the same; null where there is no list, or a value would have to be asked for. */
  async add(listing: Listing | undefined): Promise<number | null> {
    if (!listing) return null
    const { endpoint, candidate, clause } = listing
    const found = await assemble(clause, [{ ...candidate, endpoint }], this.calls, this.#producers)
    const attempt = found && pickAnswers(found.attempt, clause, this.calls.length)
    const asks = attempt?.calls.some(({ bindings }) => bindings.some(({ source }) => source.kind === 'input'))
    if (!found || !attempt || asks !== false || attempt.calls.at(-1)?.endpoint.id !== endpoint.id) return null
    const again = sameCall(this.calls, attempt.calls)
    if (again === null) return this.#take({ ...found, attempt, clause })
    this.answers.push({ ...found, attempt, clause })
    return again
  }

  /** Adds the calls that list what belongs to every one of some owners: theirs, and one for each of them right behind it. */
  async addOfEach(listing: Listing, owners: Listing): Promise<number | null> {
    const step = await this.add(owners)
    const attempt = step === null ? null : ofEach(listing, owners, step, this.calls)
    const { candidate, clause } = listing
    return attempt && this.#take({ attempt, score: candidate.score, sure: candidate.sure, margin: 1, clause })
  }

  /** Whether a list is read already. */
  has({ endpoint }: Listing): boolean {
    return this.calls.some((call) => call.endpoint.id === endpoint.id)
  }

  #take(answered: Answered): number {
    this.answers.push(answered)
    this.calls = answered.attempt.calls
    return this.calls.length - 1
  }
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
