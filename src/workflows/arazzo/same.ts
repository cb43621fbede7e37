import { isRecord } from './json-schema.ts'

/** Whether two JSON values say the same; the order of an object's members says nothing. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => sameJson(item, other[at]))
  if (!isRecord(one)) return Object.is(one, other)
  if (!isRecord(other) || Array.isArray(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]))
  )
}
