import type { Entity } from './entities.ts'
import type { Fit } from './fit.ts'
import type { Slot } from './slots.ts'

const FROM = new Set(['since', 'after', 'from', 'starting'])
const UNTIL = new Set(['before', 'until', 'till', 'to', 'by', 'through'])

export function fitDate(slot: Slot, entity: Entity): Fit | null {
  if (entity.kind !== 'date' && !(entity.kind === 'quoted' && /^\d{4}-\d{2}-\d{2}/.test(entity.text))) return null
  const { format } = slot.schema
  const temporal =
    format === 'date' ||
    format === 'date-time' ||
    slot.words.some((word) =>
      ['date', 'birthdate', 'birthday', 'deadline', 'since', 'until', 'at', 'on', 'day'].includes(word),
    )
  if (!temporal) return null
  const value =
    format === 'date-time' && !String(entity.value).includes('T') ? `${entity.value}T00:00:00Z` : entity.value
  const before = entity.before.at(-1) ?? ''
  const starts = slot.words.some((word) => FROM.has(word) || word === 'start' || word === 'min')
  const ends = slot.words.some((word) => UNTIL.has(word) || word === 'end' || word === 'max')
  if ((FROM.has(before) && ends) || (UNTIL.has(before) && starts)) return null
  return { value, score: (FROM.has(before) && starts) || (UNTIL.has(before) && ends) ? 0.95 : 0.7 }
}
