import type jsonata from 'jsonata'
import { isFunction, LimitError, type Meter } from './expression-limits.ts'

/** A function of the library; it finds the names of the parameters in the text of the implementation. */
type Definition = { implementation: Implementation; signature?: unknown }
type Implementation = (this: Focus, ...args: unknown[]) => unknown
type Focus = jsonata.Focus & { createSequence: () => unknown[] }

type Cost = (meter: Meter, args: unknown[]) => void

const PER_STEP = 64
const MAX_PICTURE = 1000

const weighAll = (meter: Meter, args: unknown[]) => {
  for (const arg of args) meter.spend(meter.weigh(arg) / PER_STEP)
}
const measureAll = (meter: Meter, args: unknown[]) => {
  for (const arg of args) meter.spend(sizeOf(arg) / PER_STEP)
}
const checkPicture = (meter: Meter, args: unknown[]) => {
  measureAll(meter, args)
  for (const arg of args) {
    if (typeof arg !== 'string') continue
    if (arg.length > MAX_PICTURE) throw new LimitError(`a picture of a date has at most ${MAX_PICTURE} characters`)
    // Widths, as in [Y,4-4], are filled up with zeros.
    if (/,[^\]]*\d{4}/.test(arg)) throw new LimitError('a date is written with widths of at most 999')
  }
}

const WEIGHED = ['string', 'clone', 'boolean', 'not', 'keys', 'spread', 'merge', 'distinct', 'assert']
const MEASURED = `
  sum max min average append reverse shuffle zip map filter single reduce number formatNumber formatInteger parseInteger
  substring substringBefore substringAfter lowercase uppercase length trim match contains split eval
  base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl`

/** What a call costs by its arguments, before it is made; what is not here costs its own step alone. */
const COSTS = new Map<string, Cost>([
  ...WEIGHED.map((name) => [name, weighAll] as const),
  ...MEASURED.trim()
    .split(/\s+/)
    .map((name) => [name, measureAll] as const),
  ...Object.entries<Cost>({
    // One member of an object is found at once; a list is gone through.
    lookup: (meter, [held]) => {
      if (Array.isArray(held)) meter.spend(meter.weigh(held) / PER_STEP)
    },
    fromMillis: checkPicture,
    toMillis: checkPicture,
    now: checkPicture,
    pad: (meter, [text, width, char]) => {
      const length = Math.max(Math.abs(Number(width)), sizeOf(text)) * Math.max(1, sizeOf(char))
      meter.checkText(length)
      meter.spend(length / PER_STEP)
    },
    join: (meter, [texts, separator]) => {
      if (!Array.isArray(texts)) return
      const length = texts.reduce((sum, text) => sum + sizeOf(text) + sizeOf(separator), 0)
      meter.checkText(length)
      meter.spend((texts.length + length) / PER_STEP)
    },
    replace: (meter, [text, pattern, replacement]) => {
      const times = typeof pattern === 'string' ? sizeOf(text) / Math.max(1, pattern.length) : 1
      meter.spend((sizeOf(text) + times * 8) / PER_STEP)
      meter.checkText(sizeOf(replacement))
    },
    // Merge sort; each step of a merge copies what is left.
    sort: (meter, [list]) => {
      const count = sizeOf(list)
      meter.spend(count * Math.log2(count + 1) + count ** 2 / 1000)
    },
  }),
])

const guarded = new Map<string, Definition>()

/** Binds a function that can do much at one step, made to pay for it first; does nothing for other names. */
export function guardFunction(
  name: string,
  frame: jsonata.Environment,
  meterOf: (frame: jsonata.Environment) => Meter,
): void {
  const cost = COSTS.get(name)
  if (!cost) return
  // These alone differ from expression to expression, or from one evaluation to the next.
  const own = name === 'now' || name === 'shuffle'
  const before = own ? undefined : guarded.get(name)
  const definition = before ?? guard(frame.lookup(name) as Definition, cost, meterOf, name)
  if (!before && !own) guarded.set(name, definition)
  frame.bind(name, definition)
}

function guard(
  definition: Definition,
  cost: Cost,
  meterOf: (frame: jsonata.Environment) => Meter,
  name: string,
): Definition {
  const implementation = name === 'distinct' ? distinct : definition.implementation
  const paid: Implementation = function (...args) {
    cost(meterOf(this.environment), args)
    return implementation.apply(this, args)
  }
  // The library reads how many parameters there are and what they are called.
  Object.defineProperty(paid, 'length', { value: definition.implementation.length })
  Object.defineProperty(paid, 'toString', { value: () => definition.implementation.toString() })
  return { ...definition, implementation: paid }
}

/** As the library's own, which compares each item with each. */
const distinct: Implementation = function (list) {
  if (!Array.isArray(list) || list.length <= 1) return list
  const seen = new Set<unknown>()
  const kept = 'sequence' in list ? this.createSequence() : []
  for (const item of list) {
    const key = keyOf(item)
    if (seen.has(key)) continue
    seen.add(key)
    kept.push(item)
  }
  return kept
}

/** The same for equal values, whatever the order of their members. */
function keyOf(value: unknown): unknown {
  if (typeof value === 'string') return `"${value}`
  if (typeof value !== 'object' || value === null || isFunction(value)) return value
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return { members: Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)) }
  })
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 1
}
