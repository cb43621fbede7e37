import {
  ANYTHING,
  LOWER_LIMITS,
  sortedRecord,
  sortedSet,
  UNDESCRIBED,
  type Limits,
  type Property,
  type Shape,
} from './shape.ts'

/** What both shapes allow. */
export function intersect(a: Shape, b: Shape): Shape {
  const properties: Record<string, Property> = { ...a.properties }
  for (const [name, property] of Object.entries(b.properties)) {
    const other = Object.hasOwn(a.properties, name) ? a.properties[name] : undefined
    const both = other && {
      required: other.required || property.required,
      shape: intersectKnown(other.shape, property.shape),
    }
    Object.defineProperty(properties, name, {
      value: both ?? property,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  const limits: Limits = { ...a.limits }
  for (const [keyword, value] of Object.entries(b.limits)) {
    const other = limits[keyword] ?? value
    limits[keyword] = LOWER_LIMITS.has(keyword) ? Math.max(other, value) : Math.min(other, value)
  }
  return {
    partial: a.partial || b.partial,
    types: common(a.types, b.types),
    format: a.format ?? b.format,
    enum: common(a.enum, b.enum),
    limits: sortedRecord(limits),
    patterns: sortedSet([...a.patterns, ...b.patterns]),
    multiples: sortedSet([...a.multiples, ...b.multiples]),
    unique: a.unique || b.unique,
    default: a.default ?? b.default,
    not: inOrder([...a.not, ...b.not]),
    properties: sortedRecord(properties),
    additional: bothAdditional(a.additional, b.additional),
    items: a.items && b.items ? intersect(a.items, b.items) : (a.items ?? b.items),
    prefixItems: a.prefixItems.length > 0 ? a.prefixItems : b.prefixItems,
    unions: inOrder([...a.unions, ...b.unions]),
  }
}

/** A property that `required` names and another part describes is known by that part. */
function intersectKnown(a: Shape, b: Shape): Shape {
  if (a === UNDESCRIBED) return b
  return b === UNDESCRIBED ? a : intersect(a, b)
}

function bothAdditional(a: boolean | Shape, b: boolean | Shape): boolean | Shape {
  if (a === false || b === false) return false
  if (a === true) return b
  return b === true ? a : intersect(a, b)
}

function common(a: string[] | null, b: string[] | null): string[] | null {
  if (a === null) return b
  return b === null ? a : a.filter((item) => b.includes(item))
}

/** What one of several shapes allows: as one shape where they differ in types alone, else as a union. */
export function unite(members: readonly Shape[]): Shape {
  const flat = members.flatMap((member) => (isOnlyUnion(member) ? (member.unions[0] ?? []) : [member]))
  const distinct = inOrder(flat)
  const plain = distinct.filter(isOnlyTypes)
  const rest = distinct.filter((member) => !isOnlyTypes(member))
  const types = plain.some((member) => member.types === null) ? null : plain.flatMap((member) => member.types ?? [])
  const [one] = rest
  if (types === null) return ANYTHING
  if (!one) return { ...ANYTHING, types: sortedSet(types) }
  const only = rest.length === 1 && one.types !== null && !one.partial && one.unions.length === 0
  // A list of values would hold for the other types, too.
  const separate = types.every((type) => !one.types?.includes(type) && (one.enum === null || type === 'null'))
  if (only && separate) return { ...one, types: sortedSet([...(one.types ?? []), ...types]) }
  return { ...ANYTHING, unions: [distinct] }
}

const isOnlyTypes = (shape: Shape) => JSON.stringify({ ...shape, types: null }) === JSON.stringify(ANYTHING)
/** Whether a shape says nothing but that one of several has to hold. */
export const isOnlyUnion = (shape: Shape) =>
  shape.unions.length === 1 && JSON.stringify({ ...shape, unions: [] }) === JSON.stringify(ANYTHING)

/** Each once, sorted by what it is as JSON. */
function inOrder<T>(list: readonly T[]): T[] {
  if (list.length < 2) return [...list]
  return [...new Map(list.map((item) => [JSON.stringify(item), item]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item)
}
