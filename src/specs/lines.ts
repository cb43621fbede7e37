import { jsonOffsets } from './json-offsets.ts'
import { looksLikeJson } from './parse.ts'
import { newTarget, type Target } from './pointer-tree.ts'
import { yamlOffsets } from './yaml-offsets.ts'

/**
 * The lines of a source, counted from 1, that JSON pointers lead to: of a member the line of its name, of an item of a
 * list the line where it starts. A place that is not written, such as a missing member, has the line of what it would
 * stand in; null where that is the whole document, or the text cannot be read. One pass over the text for all of them.
 */
export function lineOf(source: string, pointers: readonly string[]): (number | null)[] {
  const root = newTarget()
  const targets = pointers.map((pointer) => (pointer === '' || pointer.startsWith('/') ? root.enter(pointer) : null))
  if (!looksLikeJson(source)) yamlOffsets(source, root)
  else jsonOffsets(source, root)
  const offsets = targets.map((target) => offsetOf(target))
  const lines = linesAt(
    source,
    offsets.filter((offset) => offset !== null),
  )
  return offsets.map((offset) => (offset === null ? null : (lines.get(offset) ?? null)))
}

/** Of the place itself, else of the nearest one around it. */
function offsetOf(target: Target | null): number | null {
  for (let at = target; at?.parent; at = at.parent) if (at.offset !== null) return at.offset
  return null
}

function linesAt(source: string, offsets: readonly number[]): Map<number, number> {
  const lines = new Map<number, number>()
  let line = 1
  let next = source.indexOf('\n')
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    while (next !== -1 && next < offset) {
      line++
      next = source.indexOf('\n', next + 1)
    }
    lines.set(offset, line)
  }
  return lines
}
