/** Raised when an expression goes beyond a limit; says which, for whoever wrote it. */
export class LimitError extends Error {
  override readonly name = 'LimitError'
  /** Where in the expression, in characters. */
  position?: number
}

/**
 * How far one expression may go. Counted, not timed: while a Worker computes its clock stands still, and what is counted
 * comes out the same every time. A step is the evaluation of one node of the syntax tree, some two microseconds.
 */
export const LIMITS = {
  steps: 1_000_000,
  /** Nested evaluations. */
  depth: 200,
  /** Items of a list. */
  sequence: 100_000,
  /** Characters of one text. */
  text: 2_000_000,
  /** Characters of a value on the way, written out as JSON; what is held twice counts twice. */
  value: 16_000_000,
  /** Characters of the result, written out as JSON. */
  output: 4_000_000,
  /** Lists and objects within each other. */
  nesting: 500,
}

const PER_MEMBER = 8

/** Counts what one evaluation does. */
export class Meter {
  #left = LIMITS.steps
  /** Keys that groupings have taken so far. */
  #grouped = 0
  readonly #met = new Set<string>()
  /** A transform changes objects after they were weighed. */
  changes = false

  /** @throws LimitError once there are too many steps. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new LimitError(`it takes more than ${inWords(LIMITS.steps)} steps`)
  }

  /** Whether a name is met for the first time. */
  meets(name: string): boolean {
    if (this.#met.has(name)) return false
    this.#met.add(name)
    return true
  }

  /** Grouping copies a group for each item that joins it. */
  spendOnGroup(): void {
    this.spend(++this.#grouped / 200)
  }

  /** @throws LimitError when a text is too long, or would be. */
  checkText(length: number): void {
    if (length > LIMITS.text) throw new LimitError(`it makes a text of more than ${inWords(LIMITS.text)} characters`)
  }

  /** About how many characters a value has as JSON. @throws LimitError when it has too many, or is nested too deep. */
  weigh(value: unknown): number {
    const weight = weigh(value, this.changes ? null : weights, 0)
    if (weight > LIMITS.value) throw heavier()
    return weight
  }
}

// Values in a scope never change, and what an expression made changes through transforms only.
const weights = new WeakMap<object, number>()

function weigh(value: unknown, known: WeakMap<object, number> | null, depth: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null || isFunction(value)) return PER_MEMBER
  const before = known?.get(value)
  if (before !== undefined) return before
  if (depth > LIMITS.nesting) throw tooDeep()
  let weight = 2
  if (Array.isArray(value)) for (const item of value) weight = add(weight, weigh(item, known, depth + 1))
  else
    for (const key of Object.keys(value))
      weight = add(weight, key.length + weigh((value as Record<string, unknown>)[key], known, depth + 1))
  known?.set(value, weight)
  return weight
}

function add(weight: number, more: number): number {
  // Not known to be heavier than this, which is heavy enough.
  if (weight + more > 2 * LIMITS.value) throw heavier()
  return weight + more + 1
}

/** JSONata's functions are objects that hold all they were made from, themselves included. */
export function isFunction(value: object): boolean {
  return Reflect.get(value, '_jsonata_function') === true || Reflect.get(value, '_jsonata_lambda') === true
}

/** @throws LimitError says that values lie too deep within each other. */
export function tooDeep(): LimitError {
  return new LimitError(`lists and objects are nested more than ${LIMITS.nesting} deep`)
}

function heavier(): LimitError {
  return new LimitError(`it makes a value of more than ${inWords(LIMITS.value)} characters as JSON`)
}

/** 1000000 → 1,000,000 */
export function inWords(count: number): string {
  return count.toLocaleString('en-US')
}
