import type { Slot } from '../../links/slots.ts'
import type { Entity } from '../understand/entity.ts'
import { isDateSlot, isEndSlot, isStartSlot } from './fit-dates.ts'

const YEAR = /^(?:19|20)\d\d$/
const OF_YEAR = new Set(['in', 'of', 'from', 'during', 'since', 'before', 'after', 'until', 'year', 'for'])
const SIDES: Readonly<Record<string, 'from' | 'until'>> = {
  since: 'from',
  before: 'from',
  after: 'until',
  until: 'until',
  till: 'until',
  through: 'until',
}

/** A stretch of time: an entity with its last day, or a number that is a year where it stands; null for any other. */
export function spanOf(entity: Entity): (Entity & { until: string }) | null {
  const { kind, text, until, before } = entity
  if (until !== undefined) return { ...entity, until }
  if (kind !== 'number' || !YEAR.test(text) || !OF_YEAR.has(before.at(-1) ?? '')) return null
  return { ...entity, kind: 'date', value: `${text}-01-01`, until: `${text}-12-31` }
}

/** The one day of a span that counts, where it is said from when or until when: "since February"; null where all of it does. */
export function sideOf({ before, value, until, ...rest }: Entity & { until: string }): Entity | null {
  const side = SIDES[before.at(-1) ?? '']
  return side === undefined ? null : { ...rest, before, kind: 'date', value: side === 'from' ? value : until }
}

/** "A trip next year: which holidays are there in 2027?" Of several spans those before the last are told by the way. */
export function isByTheWay(entity: Entity, entities: readonly Entity[]): boolean {
  return entity.until !== undefined && entities.findLast((other) => spanOf(other)) !== entity
}

/**
 * Spans as values of an operation: their first and last day where it takes a first and a last day. Where it takes one of
 * them, the span stays to be looked at in the answer too. `make` keeps what a value is made of.
 */
export function spanValues(
  entities: readonly Entity[],
  slots: readonly Slot[],
  make: (value: Entity, ...of: readonly Entity[]) => Entity,
): readonly Entity[] {
  const dated = slots.filter((slot) => isDateSlot(slot) && slot.in !== 'body')
  const [starts, ends] = [dated.some(isStartSlot), dated.some(isEndSlot)]
  if (!starts && !ends) return entities
  const byYear = slots.some(({ words }) => words.includes('year'))
  return entities.flatMap((entity) => {
    const span = byYear && entity.kind === 'number' ? null : spanOf(entity)
    if (!span) return [entity]
    if (isByTheWay(entity, entities)) return []
    const side = sideOf(span)
    if (side) return [make(side, entity)]
    const { until, ...plain } = span
    const half = (word: string) => ({ before: [...plain.before, word], lead: [word] })
    // Only both ends together use it up.
    const start = starts ? [make({ ...plain, ...half('since') })] : []
    const end = ends ? [make({ ...plain, ...half('until'), value: until, until }, ...(starts ? [entity] : []))] : []
    return [...start, ...end]
  })
}
