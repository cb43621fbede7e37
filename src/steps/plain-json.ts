import { inWords, isFunction, LimitError, LIMITS, tooDeep } from './expression-limits.ts'

/**
 * What JSON makes of a value, without writing it out: JSONata's sequences lose their marks, functions are left out. The
 * name `__proto__`, which would make something else of an object it is assigned to, is left out too.
 * @throws LimitError when it comes to more than a result may have, before it is all copied.
 */
export function toPlainJson(value: unknown): unknown {
  if (isPrimitive(value)) return ofPrimitive(value)
  return copy(value, { left: LIMITS.output }, 0)
}

type Room = { left: number }

function copy(value: unknown, room: Room, depth: number): unknown {
  if (typeof value === 'string') take(room, value.length + 3)
  else take(room, 5)
  if (isPrimitive(value)) return ofPrimitive(value)
  if (typeof value !== 'object' || value === null || isFunction(value)) return undefined
  if (depth > LIMITS.nesting) throw tooDeep()
  if (Array.isArray(value)) return Array.from(value, (item) => copy(item, room, depth + 1) ?? null)
  const plain: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') continue
    take(room, key.length)
    const copied = copy(inner, room, depth + 1)
    if (copied !== undefined) plain[key] = copied
  }
  return plain
}

function take(room: Room, characters: number): void {
  room.left -= characters
  if (room.left < 0) throw new LimitError(`its result has more than ${inWords(LIMITS.output)} characters as JSON`)
}

function isPrimitive(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** JSON knows no infinity. */
function ofPrimitive(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}
