import { singular, words } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'
import type { Entity } from './entity.ts'

// Of each dimension its units by every name they go under, in the smallest of them; a month and a year are no fixed time,
// but twelve of the one are the other.
const DIMENSIONS: readonly (readonly (readonly [names: string, size: number])[])[] = [
  [
    ['millisecond ms', 1],
    ['second sec s', 1000],
    ['minute min', 60_000],
    ['hour hr h', 3_600_000],
    ['day', 86_400_000],
    ['week', 604_800_000],
  ],
  [
    ['month', 1],
    ['year', 12],
  ],
  [
    ['millimeter millimetre mm', 1],
    ['centimeter centimetre cm', 10],
    ['meter metre m', 1000],
    ['kilometer kilometre km', 1_000_000],
  ],
  [
    ['inch', 1],
    ['foot feet ft', 12],
    ['yard yd', 36],
    ['mile mi', 63_360],
  ],
  [
    ['gram g', 1],
    ['kilogram kg', 1000],
    ['tonne', 1_000_000],
  ],
  [
    ['ounce oz', 1],
    ['pound lb', 16],
  ],
]

type Unit = { dimension: number; size: number; name: string }

const UNITS: ReadonlyMap<string, Unit> = new Map(
  DIMENSIONS.flatMap((units, dimension) =>
    units.flatMap(([names, size]) =>
      names.split(' ').map((alias) => [alias, { dimension, size, name: names.split(' ')[0] ?? alias }] as const),
    ),
  ),
)

/**
 * A number in the unit that a slot wants, where that is another than was said: "7 hours" in minutes is 420. Null where no
 * other is wanted, or one does not go into the other.
 */
export function inUnits(slot: Slot, entity: Entity, value: number): { value: number; note: string } | null {
  const said = unitSaid(entity)
  const wanted = unitWanted(slot)
  if (!said || !wanted || said.dimension !== wanted.dimension || said.size === wanted.size) return null
  const converted = (value * said.size) / wanted.size
  return { value: converted, note: `${entity.text} ${said.name}s are written as ${converted} ${wanted.name}s` }
}

function unitSaid({ trail, text }: Entity): Unit | undefined {
  return UNITS.get(singular(trail[0] ?? '')) ?? UNITS.get(/(?<=\d)[a-z]+$/i.exec(text)?.[0].toLowerCase() ?? '')
}

/** What a slot's name ends with, or what its description says it is in: `durationSeconds`, "the time taken in minutes". */
function unitWanted(slot: Slot): Unit | undefined {
  const last = slot.words.at(-1) ?? ''
  const named = last.length > 1 ? UNITS.get(last) : undefined
  const [, said = ''] = /\bin\s+(\p{L}{2,})/iu.exec(slot.description) ?? []
  return named ?? UNITS.get(singular(words(said)[0] ?? ''))
}
