import { isNounOf } from '../../links/short-nouns.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { singular, words } from '../../lib/words.ts'
import { isLimit } from '../../links/slot-kinds.ts'
import { type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { isNameLike, isNumbered } from '../understand/entity.ts'
import { givenEarlier, isOfThing, isPointedAt } from './earlier.ts'
import { COST, MAX_DEPTH } from './produce-costs.ts'
import { produceSelectively } from './produce-selectively.ts'
import { type Bind, inner, type Search } from './search.ts'
import { isAround, OF_ITEM, sharedWith } from './within.ts'

// "An order by its unique ID": who asks has the id.
const BY_ID =
  /\b(?:by|using|with|via|given)\s+(?:(?:the|its|their|his|her|an?|specific|unique|respective|provided)\s+){0,3}(?:\p{L}+\s+)?ids?\b/iu

type Found = { attempt: Attempt; source: Source | null }

/** A value for a required slot: from an earlier call, from a call added for it, or asked of the person. */
export async function produce(
  slot: Slot,
  target: Endpoint,
  search: Search,
  attempt: Attempt,
  bind: Bind,
): Promise<Found> {
  const found = await givenEarlier(slot, target, search, attempt)
  // Where several are meant and it is not clear which, the first of a list is not the one.
  const isAnyOf =
    found?.kind === 'step' && found.path.includes('[0]') && !search.reads && isSome(attempt, found.step, search)
  const earlier = isAnyOf ? null : found
  if (earlier && (isPointedAt(slot, search.clause) || isOfThing(earlier, search))) return { attempt, source: earlier }
  // "Order ORD-12", where ids are numbers: it is known, and no other is meant.
  const isTold = search.entities.some(
    (entity) => isNumbered(entity) && !attempt.used.has(entity) && isNounOf(slot.noun, entity.before.at(-1) ?? ''),
  )
  const isKnown =
    slot.noun !== null && (isTold || (BY_ID.test(search.clause.text) && !search.entities.some(isNameLike)))
  // "All songs of my list Focus" are of one list.
  const isNamed = search.entities.some(
    (entity) => isNameLike(entity) && isNounOf(slot.noun, entity.before.at(-1) ?? ''),
  )
  const isOneOfSeveral = !search.reads && !isNamed && isSeveral(slot, search.clause)
  const selective = isKnown || isOneOfSeveral ? null : await produceSelectively(slot, target, search, attempt, bind)
  // What is there already is meant, unless something said picks another.
  if (selective && (!earlier || selective.attempt.used.size > attempt.used.size)) return selective
  if (earlier) return { attempt, source: earlier }
  if (slot.in !== 'path' && slot.schema['default'] !== undefined) return { attempt, source: null }
  const fixed =
    slot.schema['const'] ??
    (Array.isArray(slot.schema['enum']) && slot.schema['enum'].length === 1 ? slot.schema['enum'][0] : undefined)
  if (fixed !== undefined) return { attempt, source: { kind: 'literal', value: fixed } }
  const listed =
    slot.in === 'path' && search.reads && !isKnown && (await produceAny(slot, target, search, attempt, bind))
  if (listed) return listed
  const asked = isKnown ? 0 : slot.noun === null ? COST.input : COST.idInput
  return {
    attempt: { ...attempt, cost: attempt.cost + asked },
    source: { kind: 'input' },
  }
}

/** Whether what a list holds is several, or whatever it holds: nothing that names one picks it. */
function isSome({ calls }: Attempt, step: number, { clause }: Search): boolean {
  if (clause.many) return true
  const { bindings = [], pick } = calls[step] ?? {}
  const names = bindings.some(
    ({ slot, source }) =>
      source.kind !== 'input' &&
      !isLimit(slot) &&
      !Array.isArray(slot.schema['enum']) &&
      (source.kind !== 'literal' || typeof source.value === 'string'),
  )
  const isFirst = bindings.some(({ slot, source }) => isLimit(slot) && source.kind === 'literal' && source.value === 1)
  return !names && !isFirst && pick?.limit !== 1 && !pick?.where.some(({ is }) => is === 'holds')
}

/**
 * A call that lists what the slot asks for, with nothing said to pick by: the first is taken, and that is said. Only where
 * all of it reads: nothing is changed or deleted because it happens to come first.
 */
async function produceAny(
  slot: Slot,
  target: Endpoint,
  search: Search,
  attempt: Attempt,
  bind: Bind,
): Promise<Found | null> {
  if (slot.noun === null || search.depth >= MAX_DEPTH) return null
  const found = await search.producers.within(target.connectionId, slot)
  for (const { endpoint, output } of found.toSorted(
    (a, b) => Number(isAround(b, target)) - Number(isAround(a, target)),
  )) {
    if (!OF_ITEM.test(output.path) || endpoint.id === target.id) continue
    const shared = new Set(sharedWith(search.within, endpoint).map(([key]) => key))
    const isOpen = (needed: Slot) =>
      needed.required && needed.schema['default'] === undefined && !shared.has(slotKey(needed))
    if (slotsOf(endpoint).some(isOpen)) continue
    if (search.budget.left-- <= 0) break
    const made = await bind(endpoint, { ...inner(search), entities: [] }, attempt)
    const assumptions = [...made.assumptions, `the first ${slot.noun} that is found is the one meant`]
    const source: Source = { kind: 'step', step: made.calls.length - 1, path: output.path, words: output.words }
    return { attempt: { ...made, assumptions, cost: made.cost + COST.arbitrary }, source }
  }
  return null
}

/** Whether what a slot stands for is spoken of in the plural: the first that is found is not what is meant then. */
function isSeveral({ noun }: Slot, { many, text }: Clause): boolean {
  if (noun === null) return false
  const name = noun.split(' ').at(-1)
  return many?.nouns.includes(noun) === true || words(text).some((word) => word !== name && singular(word) === name)
}
