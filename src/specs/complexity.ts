import { AppError } from '../errors.ts'

type Frame = { value: object; children: object[]; next: number; size: number }

// Anchors and merge keys of an honest document repeat parts of it a few times over, never by orders of magnitude.
const MAX_GROWTH = 20
const ALWAYS_FINE = 1_000_000

/**
 * Refuses a document whose aliases multiply each other: written out, it would be many times larger than it is, and
 * whatever walks it as a tree would not come to its end. Linear in the size of the document as it is. A value that
 * stands in itself counts once.
 * @throws AppError SPEC_TOO_COMPLEX.
 */
export function checkExpansion(document: unknown): void {
  if (!isContainer(document)) return
  const sizes = new Map<object, number>()
  let own = 0
  const stack: Frame[] = []
  const enter = (value: object) => {
    sizes.set(value, 0)
    const all: unknown[] = Array.isArray(value) ? value : Object.values(value)
    own += 1 + all.length
    stack.push({ value, children: all.filter(isContainer), next: 0, size: 1 + all.length })
  }
  enter(document)
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const child = frame.children[frame.next]
    if (child === undefined) {
      sizes.set(frame.value, frame.size)
      stack.pop()
      continue
    }
    const known = sizes.get(child)
    if (known === undefined) {
      enter(child)
      continue
    }
    frame.size += known
    frame.next++
  }
  if ((sizes.get(document) ?? 0) > Math.max(ALWAYS_FINE, own * MAX_GROWTH))
    throw new AppError(
      'SPEC_TOO_COMPLEX',
      'The aliases of the document multiply each other: written out, it has no end.',
    )
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null
