import { singular, words } from '../../lib/words.ts'
import { type Slot, slotsOf } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { codeOf } from '../language/codes.ts'
import type { Clause } from '../understand/clause.ts'
import { isExcluded, isExcluding } from '../understand/denials.ts'
import { plainName } from '../understand/entities.ts'
import type { Entity } from '../understand/entity.ts'
import { nameParts } from '../understand/full-names.ts'
import { takesMoments } from './fit-dates.ts'
import { spanValues } from './span-values.ts'

/** What can be a value of an operation, with the entities of the clause that it is made of. */
export type Values = { values: readonly Entity[]; madeOf: (value: Entity) => readonly Entity[] }

/**
 * The entities of a clause as values of an operation: money of which the currency is said is two, a day with a time of day
 * one where moments are taken, and what the operation itself is called by is none.
 */
export function valuesOf(operation: Operation, entities: readonly Entity[], clause: Clause): Values {
  const called = calledBy(operation)
  const slots = slotsOf(operation)
  const excludes = slots.some(isExcluding)
  const origins = new Map<Entity, readonly Entity[]>()
  const make = (value: Entity, ...of: readonly Entity[]) => {
    origins.set(value, of)
    return value
  }
  const isItsName = ({ kind, text }: Entity) =>
    kind === 'name' && words(text).every((word) => called.has(singular(word)))
  const people = operation.effect === 'update' ? entities : nameParts(entities, slots, make)
  const days = spanValues(people, slots, make)
  const moments = slots.some(takesMoments) ? momentsOf(days, make) : days
  const values = moments
    .flatMap((entity): Entity[] => {
      const { currency } = entity
      if (currency === null || !slots.some((slot) => codeOf(slot, currency))) return [entity]
      const named = { ...entity, text: currency, value: currency, money: false, currency: null, list: -1 }
      return [entity, make({ ...named, kind: 'name' }, entity)]
    })
    .filter((entity) => !isItsName(entity) && (excludes || !isExcluded(entity)))
  const named = namedInWords(slots, clause).filter(({ text }) => !values.some((value) => value.text.includes(text)))
  for (const value of named) make(value)
  return { values: [...values, ...named], madeOf: (value) => origins.get(value) ?? [value] }
}

// Before a currency or a language: "into euros", "from french to dutch".
const LEADS_TO_NAME = new Set(['to', 'into', 'in', 'from', 'and', 'between'])

/** What is a name without being written like one: "convert it to dollars", where a slot takes a currency. */
function namedInWords(slots: readonly Slot[], { text }: Clause): Entity[] {
  const naming = slots.filter((slot) => codeOf(slot, 'euro') ?? codeOf(slot, 'english'))
  if (naming.length === 0) return []
  const said = text.match(/[\p{L}\p{N}]+/gu) ?? []
  const lower = said.map((word) => word.toLowerCase())
  return lower.flatMap((word, at) => {
    const isName = LEADS_TO_NAME.has(lower[at - 1] ?? '') && word === said[at]
    return isName && naming.some((slot) => codeOf(slot, word))
      ? [plainName(word, lower.slice(0, at), lower.slice(at + 1))]
      : []
  })
}

/** "On May 3 from 10:00 to 11:00" as two moments of that day, instead of a day and two times. */
function momentsOf(
  entities: readonly Entity[],
  make: (value: Entity, ...of: readonly Entity[]) => Entity,
): readonly Entity[] {
  const isDay = ({ kind, value }: Entity) => kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(String(value))
  const times = entities.filter(({ kind }) => kind === 'time')
  const days = entities.filter(isDay)
  if (times.length === 0 || days.length === 0) return entities
  const dayOf = (time: Entity) =>
    days.findLast((day) => entities.indexOf(day) < entities.indexOf(time)) ?? (days[0] as Entity)
  return entities.flatMap((entity) => {
    if (isDay(entity) && times.some((time) => dayOf(time) === entity)) return []
    if (entity.kind !== 'time') return [entity]
    const day = dayOf(entity)
    // "To friday 9am": what stands before the day stands before both.
    const isFirst = entities.indexOf(day) === entities.indexOf(entity) - 1
    const { before, lead } = isFirst ? day : entity
    return [make({ ...entity, before, lead, kind: 'date', value: `${day.value}T${entity.value}:00` }, entity, day)]
  })
}

/** The words, singular, that an operation is called by. */
export function calledBy({ path, operationId, summary }: Operation): ReadonlySet<string> {
  return new Set(words(`${path} ${operationId ?? ''} ${summary}`).map(singular))
}
