import type jsonata from 'jsonata'
import { seededRandom } from '../lib/seeded-random.ts'
import { todayAt } from './expression-days.ts'

/**
 * What time it is for the expressions that are evaluated in a scope, and where their chance comes from: the same moment
 * gives the same values again, so that a run can be gone through as it was.
 */
export type Moment = { at: number; seed: string }

type Frame = jsonata.Environment & { timestamp: Date | null }
type Definition = { implementation: (this: unknown, ...args: never[]) => unknown }
/** What one evaluation has of its moment. */
export type Chance = { at: number; random: () => number }

const moments = new WeakMap<object, Moment & { evaluated: number }>()

/** Sets the moment of a scope, which is the one given. */
export function atMoment(scope: ExpressionScope, { at, seed }: Moment): ExpressionScope {
  moments.set(scope, { at, seed, evaluated: 0 })
  return scope
}

/** The next expression of a scope is evaluated: its own course of chance. Null where no moment was set. */
export function chanceOf(scope: unknown): Chance | null {
  const moment = typeof scope === 'object' && scope !== null ? moments.get(scope) : undefined
  return moment ? { at: moment.at, random: seededRandom(`${moment.seed} ${moment.evaluated++}`) } : null
}

/** Functions of the library that tell the time or draw, made to keep to the moment. */
const BOUND = {
  now: ({ at }: Chance, frame: jsonata.Environment) => {
    const { implementation } = frame.lookup('fromMillis') as Definition
    return function (this: unknown, picture: string, zone: string) {
      return implementation.apply(this, [at, picture, zone] as never)
    }
  },
  millis:
    ({ at }: Chance) =>
    () =>
      at,
  today:
    ({ at }: Chance) =>
    (zone?: string) =>
      todayAt(at, zone),
  random:
    ({ random }: Chance) =>
    () =>
      random(),
  shuffle: ({ random }: Chance) => {
    return (list: unknown[] | undefined) => {
      if (list === undefined || list.length <= 1) return list
      const shuffled = [...list]
      for (let at = shuffled.length - 1; at > 0; at--) {
        const other = Math.floor(random() * (at + 1))
        ;[shuffled[at], shuffled[other]] = [shuffled[other], shuffled[at]]
      }
      return shuffled
    }
  },
}

/** Binds a function to the moment of an evaluation; does nothing for other names. `frame` is that of the evaluation alone. */
export function bindToMoment(name: string, frame: jsonata.Environment, chance: Chance): void {
  if (!Object.hasOwn(BOUND, name)) return
  const definition = frame.lookup(name) as Definition
  const implementation = BOUND[name as keyof typeof BOUND](chance, frame)
  // The library reads how many parameters there are and what they are called.
  Object.defineProperty(implementation, 'length', { value: definition.implementation.length })
  Object.defineProperty(implementation, 'toString', { value: () => String(definition.implementation) })
  frame.bind(name, { ...definition, implementation })
}

/** Dates that are read without a year, a month or a day get those of the moment. */
export function setClock(frame: jsonata.Environment, { at }: Chance): void {
  ;(frame as Frame).timestamp = new Date(at)
}

/** The names an expression may use. */
export type ExpressionScope = {
  input: Readonly<Record<string, unknown>>
  steps: Readonly<Record<string, unknown>>
  run: { id: string; startedAt: string }
  /** Of the loops around a step: the item under the name that the loop gives it, and `index`. */
  [variable: string]: unknown
}
