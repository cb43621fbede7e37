/** One value that a call is given: a parameter, or a leaf of the body under its dotted path. */
export type Argument = {
  /** Null where the data does not say. */
  in: 'path' | 'query' | 'header' | 'cookie' | 'body' | null
  name: string
  value: unknown
  /** Comes out of an earlier call, so that there is no value to compare. */
  reference: boolean
}

/** How arguments compare with those of the data, as counts that add up over calls. */
export type ArgumentCounts = {
  gold: number
  given: number
  /** Named as in the data, wherever they stand. */
  named: number
  /** The same, and where they belong; of those whose place the data gives. */
  placed: number
  placeable: number
  /** Of the named ones: literals on both sides, and how many are equal. */
  compared: number
  equal: number
  calls: number
  exact: number
}

export const NO_ARGUMENTS: ArgumentCounts = {
  gold: 0,
  given: 0,
  named: 0,
  placed: 0,
  placeable: 0,
  compared: 0,
  equal: 0,
  calls: 0,
  exact: 0,
}

/** The leaves of an object of arguments. Lists of plain values are one value; what is empty was not given. */
export function leavesOf(values: unknown, place: Argument['in'], path = ''): Argument[] {
  if (isEmpty(values)) return []
  const plainList = Array.isArray(values) && values.every((item) => typeof item !== 'object')
  if (typeof values !== 'object' || plainList)
    return path === '' || path.startsWith('_raw')
      ? []
      : [{ in: place, name: path, value: values, reference: isReference(values) }]
  return Object.entries(values ?? {}).flatMap(([key, inner]) => {
    const name = Array.isArray(values) ? path : path === '' ? key : `${path}.${key}`
    return leavesOf(inner, place, name)
  })
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** `$var1.distance$`, `{{ steps.a.body.id }}`, `${animeId from …}`. */
function isReference(value: unknown): boolean {
  return typeof value === 'string' && /^\$[\w.[\]]+\$?$|\$\{|\{\{.*\bsteps\./.test(value)
}

/** Holds the arguments of a planned call against those of the data; null for a call that the plan does not make. */
export function compareArguments(gold: readonly Argument[], given: readonly Argument[] | null): ArgumentCounts {
  const counts: ArgumentCounts = { ...NO_ARGUMENTS, gold: gold.length, given: given?.length ?? 0, calls: 1 }
  const left = [...(given ?? [])]
  let wrong = given === null ? 1 : 0
  for (const wanted of gold) {
    counts.placeable += wanted.in === null ? 0 : 1
    const at = left.findIndex(({ name, in: place }) => name === wanted.name && place === wanted.in)
    const found = left.splice(at >= 0 ? at : left.findIndex(({ name }) => sameName(name, wanted.name)), 1)[0]
    if (!found || !sameName(found.name, wanted.name)) {
      if (found) left.push(found)
      wrong++
      continue
    }
    counts.named++
    if (wanted.in !== null && found.in === wanted.in) counts.placed++
    if (wanted.reference) {
      wrong += found.reference ? 0 : 1
      continue
    }
    const equal = !found.reference && sameValue(wanted.value, found.value)
    counts.compared++
    counts.equal += equal ? 1 : 0
    wrong += equal ? 0 : 1
  }
  counts.exact = wrong === 0 && left.length === 0 ? 1 : 0
  return counts
}

/** Adds counts up. */
export function addArguments(all: readonly ArgumentCounts[]): ArgumentCounts {
  return all.reduce((sum, counts) => {
    const keys = Object.keys(NO_ARGUMENTS) as (keyof ArgumentCounts)[]
    return Object.fromEntries(keys.map((key) => [key, sum[key] + counts[key]])) as ArgumentCounts
  }, NO_ARGUMENTS)
}

function sameName(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase()
}

/** Whether two values say the same: case, spaces, number or text, and the writing of a date do not matter. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) || Array.isArray(other)) {
    const [left, right] = [[one].flat(), [other].flat()]
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]))
  }
  if (typeof one === 'object' || typeof other === 'object') return JSON.stringify(one) === JSON.stringify(other)
  const [left, right] = [plain(one), plain(other)]
  return left === right || (left !== '' && right !== '' && Number(left) === Number(right))
}

function plain(value: unknown): string {
  const text = String(value).trim().toLowerCase().replaceAll(/\s+/g, ' ')
  return /^\d{4}-\d{2}-\d{2}t/.test(text) ? text.replace(/(?:\.0+)?z$/, '').replace(/t00:00:00$/, '') : text
}
