import type { JsonSchema } from './operation.ts'

/** How many references may lie on the way to a schema. */
export const MAX_HOPS = 100

/** What copying a schema came upon: it decides where else the copy would be the same. */
export type Reach = {
  /** References that were followed; one that lies on the way already would not have been. */
  followed: Set<string>
  /** References that were left because they lie on the way already. */
  circular: Set<string>
  /** The most references that lay on the way; Infinity where those were too many. */
  hops: number
  /** Whether the depth or the size stopped it. */
  stopped: boolean
  /** How many characters of it are held by other copies. */
  shared: number
}

/**
 * What a reference leads to, so many levels of it; `hops` are counted from there. Without a `result` it takes more than
 * there was room for, at least `size` characters.
 */
export type Copy = Reach & { result: JsonSchema | null; size: number }

/**
 * What the references of one document lead to, as far as it was copied: its schemas share most of what is in them. Holds
 * a bounded number of characters and begins anew when those are too many.
 */
export type SliceMemo = {
  /** The copy of so many levels that is right behind these references, and settles it with so much room. */
  find: (ref: string, depth: number, trail: readonly string[], room: number) => Copy | undefined
  keep: (ref: string, depth: number, copy: Copy) => void
  /** Copies that lack something of what they were made from. */
  incomplete: WeakSet<object>
}

const MAX_CHARS = 2_000_000
// What a reference in a set takes, in characters of a copy.
const REFERENCE_CHARS = 16
// Schemas that refer to each other in circles look different from each side.
const MAX_VARIANTS = 6

// By document, and let go of with it.
const memos = new WeakMap<object, SliceMemo>()

/** The memo of a document; one that is nothing to refer to has a new one each time. */
export function memoOf(document: unknown): SliceMemo {
  if (typeof document !== 'object' || document === null) return newSliceMemo()
  const memo = memos.get(document) ?? newSliceMemo()
  memos.set(document, memo)
  return memo
}

export function newReach(): Reach {
  return { followed: new Set(), circular: new Set(), hops: 0, stopped: false, shared: 0 }
}

function newSliceMemo(): SliceMemo {
  const copies = new Map<string, Copy[]>()
  let chars = 0
  return {
    incomplete: new WeakSet(),
    find: (ref, depth, trail, room) =>
      copies
        .get(`${depth}${ref}`)
        ?.find((copy) => (copy.result !== null || copy.size > room) && isSameBehind(copy, trail)),
    keep: (ref, depth, copy) => {
      if (copy.hops === Infinity) return
      const { result, size, shared, followed, circular } = copy
      chars += (result === null ? 0 : size - shared) + (followed.size + circular.size) * REFERENCE_CHARS
      if (chars > MAX_CHARS) {
        copies.clear()
        chars = 0
      }
      const variants = copies.get(`${depth}${ref}`) ?? []
      copies.set(`${depth}${ref}`, [copy, ...variants.slice(0, MAX_VARIANTS - 1)])
    },
  }
}

function isSameBehind({ followed, circular, hops }: Copy, trail: readonly string[]): boolean {
  if (trail.length + hops > MAX_HOPS || trail.some((ref) => followed.has(ref))) return false
  for (const ref of circular) if (!trail.includes(ref)) return false
  return true
}
