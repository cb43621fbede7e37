import { listOf } from '../../links/lists.ts'
import { type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { plainFields } from '../fill/fields.ts'
import { spokenText } from '../fill/fit-words.ts'
import { inCents, saidWords } from '../fill/minor-units.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Change, PlannedCall, Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { ADDED, BY, isRelative, TIMES } from '../understand/relative.ts'

/**
 * An attempt whose last call, which changes something, sets a number worked out from the one that is there: read by a call
 * that is put before it, or of the item at hand. Null where the clause asks for nothing of the kind; where what is there
 * cannot be read, the number is asked for.
 */
export async function workedOut(
  attempt: Attempt,
  clause: Clause,
  readOne: (call: PlannedCall) => Promise<PlannedCall | null>,
): Promise<Attempt | null> {
  const call = attempt.calls.at(-1)
  if (!call || call.endpoint.effect !== 'update' || !isRelative(clause.text)) return null
  const slot = changedSlot(call, clause)
  const said = slot && changeIn(clause, slot)
  if (!slot || !said) return null
  const before = attempt.calls.slice(0, -1)
  const reader = call.each ? null : await readOne(call)
  const shape = call.each
    ? listOf(attempt.calls[call.each.step]?.endpoint ?? call.endpoint)?.items
    : reader?.endpoint.response
  const field = shape ? plainFields(shape).find(({ slot: own }) => own.name === slot.name) : undefined
  const { change, entity } = said
  const source: Source = !field
    ? { kind: 'input' }
    : call.each
      ? { kind: 'item', path: field.path, words: `of each ${call.each.noun}`, change }
      : { kind: 'step', step: before.length, path: `body.${field.path}`, words: 'as it is', change }
  const bindings = [...call.bindings.filter((bound) => slotKey(bound.slot) !== slotKey(slot)), { slot, source }]
  return {
    ...attempt,
    calls: [...before, ...(field && reader ? [reader] : []), { ...call, bindings }],
    used: field && entity ? new Set([...attempt.used, entity]) : attempt.used,
  }
}

/** A number that is worked out, as JSONata; whole where a whole one is wanted. */
export function changeExpression(path: string, change: Change, { schema }: Slot): string {
  const worked = 'times' in change ? `${path} * ${change.times}` : `${path} + ${change.plus}`
  const types = typesOf(schema)
  return types.includes('integer') && !types.includes('number') ? `$round(${worked})` : worked
}

/** A change in words: "× 1.1", "+ 3". */
export function changeWords(change: Change): string {
  if ('times' in change) return `× ${change.times}`
  return change.plus < 0 ? `− ${-change.plus}` : `+ ${change.plus}`
}

/** The number of a body that a clause speaks of. */
function changedSlot({ endpoint }: PlannedCall, clause: Clause): Slot | null {
  const spoken = spokenText(clause)
  const numeric = slotsOf(endpoint).filter(
    (slot) => slot.in === 'body' && typesOf(slot.schema).some((type) => type === 'integer' || type === 'number'),
  )
  const [slot, ...others] = numeric.filter((each) => spoken.includes(` ${saidWords(each).join(' ')} `))
  return slot && others.length === 0 ? slot : null
}

function changeIn({ text, entities }: Clause, slot: Slot): { change: Change; entity: Entity | null } | null {
  const times = TIMES.find(([pattern]) => pattern.test(text))
  if (times) return { change: { times: times[1] }, entity: null }
  const by = BY.exec(text)
  const isMore = by ? by[1] !== undefined : ADDED.exec(text)?.[1] !== undefined
  const numbers = entities.filter(({ kind }) => kind === 'number')
  const entity = by ? numbers.findLast(({ before }) => before.at(-1) === 'by') : numbers[0]
  if (!entity) return null
  const amount = Number(inCents(slot, entity).entity.value)
  const share = Number(entity.value) / 100
  if (entity.percent) return { change: { times: Number((isMore ? 1 + share : 1 - share).toPrecision(12)) }, entity }
  return { change: { plus: isMore ? amount : -amount }, entity }
}
