import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isBeside, outputFor, outputOfKind } from '../../links/outputs.ts'
import type { Slot } from '../../links/slots.ts'
import { relatedness } from '../language/related-words.ts'
import { rolePath } from '../language/roles.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { isForOtherKind } from './choice-kinds.ts'
import type { Search } from './search.ts'

// Before a thing that was told of.
const POINTING = ['that', 'this', 'these', 'those', 'the same']
// How related a word is that may stand for another.
const SAME = 0.8

/** What an earlier call gives to a slot: by its answer, by answering with things of that kind, or by what it was made for. */
export async function givenEarlier(
  slot: Slot,
  target: Endpoint,
  search: Search,
  attempt: Attempt,
): Promise<Source | null> {
  const byRole = fromRole(slot, search, attempt)
  if (byRole) return byRole
  const answered =
    fromThing(slot, search, attempt) ?? fromEarlier(slot, attempt) ?? (await fromAlike(slot, target, search, attempt))
  return answered ?? (search.clause.refersBack ? sameAsEarlier(slot, target, search, attempt) : null)
}

/** "The director of the film": whoever has that role, in the answer of the last call that finds the thing. */
function fromRole({ noun }: Slot, { of }: Search, { calls }: Attempt): Source | null {
  if (of === null || of.role === null || noun !== of.kind) return null
  const call = calls[of.to - 1]
  const path = call ? rolePath(call.endpoint, of.role) : null
  return path === null ? null : { kind: 'step', step: of.to - 1, path, words: `of the ${of.role}` }
}

/** "The grower similar to Ada": what the last of the calls that find a thing lists, and not who that is found by. */
function fromThing(slot: Slot, { of }: Search, { calls }: Attempt): Source | null {
  const step = of === null ? -1 : of.to - 1
  const call = calls[step]
  if (of === null || slot.noun === null || !isCalled(slot.noun, of.kind)) return null
  if (!call || call.each || call.only || isForOtherKind(call, slot)) return null
  const output = outputFor(call.endpoint, slot) ?? outputOfKind(call.endpoint, slot)
  return output?.fromList ? { kind: 'step', step, path: output.path, words: output.words } : null
}

/** The latest earlier call whose answer holds what the slot asks for. */
export function fromEarlier(slot: Slot, attempt: Attempt): Source | null {
  for (let step = attempt.calls.length - 1; step >= 0; step--) {
    const call = attempt.calls[step]
    // What a call gives that is made many times, or perhaps not, is not one thing.
    const output = call && !call.each && !call.only && !isForOtherKind(call, slot) && outputFor(call.endpoint, slot)
    if (output) return { kind: 'step', step, path: output.path, words: output.words }
  }
  return null
}

/** The latest earlier call that answers with what a slot stands for under another name: "ships in port" are ships. */
async function fromAlike(
  slot: Slot,
  target: Endpoint,
  { producers, of }: Search,
  { calls }: Attempt,
): Promise<Source | null> {
  const { noun } = slot
  if (noun === null || calls.length === 0) return null
  const found = await producers.within(target.connectionId, slot)
  const known = new Map(found.map(({ endpoint, output }) => [endpoint.id, output]))
  const isThing = (step: number) => of !== null && step >= of.from && step < of.to && isCalled(noun, of.kind)
  for (let step = calls.length - 1; step >= 0; step--) {
    const call = calls[step]
    if (!call || call.each || call.only || isForOtherKind(call, slot)) continue
    const { endpoint } = call
    const isOfKind = isThing(step) || isBeside(endpoint, slot, target)
    const output = known.get(endpoint.id) ?? (isOfKind ? outputOfKind(endpoint, slot) : null)
    if (output) return { kind: 'step', step, path: output.path, words: output.words }
  }
  return null
}

/** Whether what a slot stands for is what a message calls a thing: a "movie" is a film. */
function isCalled(noun: string, said: string): boolean {
  return relatedness(stem(noun.split(' ').at(-1) ?? ''), stem(singular(said))) >= SAME
}

/** "Cancel the order 5 and refund it": what an earlier call was made for; where that finds the thing, also what is asked for it. */
function sameAsEarlier({ noun }: Slot, { connectionId }: Endpoint, { of }: Search, { calls }: Attempt): Source | null {
  const isSame = (slot: Slot) => noun !== null && slot.noun === noun
  const step = calls.findLastIndex(
    ({ endpoint, bindings, each }) =>
      !each && endpoint.connectionId === connectionId && bindings.some(({ slot }) => isSame(slot)),
  )
  const { slot, source } = calls[step]?.bindings.find((binding) => isSame(binding.slot)) ?? {}
  if (slot && source?.kind === 'input' && of !== null) return { kind: 'input', like: { step, slot } }
  return source?.kind === 'literal' || source?.kind === 'step' ? source : null
}

/** Whether a value comes from the calls that find what the clause is about. */
export function isOfThing(source: Source, { of }: Search): boolean {
  if (of === null) return false
  return source.kind === 'input' || (source.kind === 'step' && source.step >= of.from && source.step < of.to)
}

/** "From that location": the one that was told of before. */
export function isPointedAt({ noun }: Slot, { text }: Clause): boolean {
  const all = words(text).map(singular)
  return noun !== null && POINTING.some((word) => ` ${all.join(' ')} `.includes(` ${word} ${noun} `))
}
