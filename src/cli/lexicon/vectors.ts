/** A stem with the vector of its commonest word. */
export type StemVector = { stem: string; vector: Float64Array }

type Embeddings = { words: string[]; vectors: Record<string, number[]>; dimensions: number }

const ROUNDS = 60
// The directions that all words share say how frequent a word is rather than what it means (Mu and Viswanath 2018).
const SHARED = 2

/** The vectors of the commonest stems among the words that `isWord` knows; the package lists words by frequency. */
export function readVectors(
  { words, vectors, dimensions }: Embeddings,
  isWord: (word: string) => boolean,
  stem: (word: string) => string,
  most: number,
): StemVector[] {
  const found = new Map<string, Float64Array>()
  for (const word of words) {
    if (found.size >= most) break
    const vector = vectors[word]
    if (!vector || !/^[a-z]{3,}$/.test(word) || !isWord(word)) continue
    const key = stem(word)
    if (!found.has(key)) found.set(key, Float64Array.from(vector.slice(0, dimensions)))
  }
  return [...found].map(([stem, vector]) => ({ stem, vector }))
}

/** The same in `kept` dimensions, of unit length: the principal components after those that all words share. */
export function reduce(all: readonly StemVector[], kept: number): StemVector[] {
  const size = all[0]?.vector.length ?? 0
  const mean = new Float64Array(size)
  for (const { vector } of all) vector.forEach((value, axis) => (mean[axis] = (mean[axis] ?? 0) + value / all.length))
  const centred = all.map(({ vector }) => vector.map((value, axis) => value - (mean[axis] ?? 0)))
  const axes = principalAxes(centred, size, kept + SHARED).slice(SHARED)
  return all.map(({ stem }, at) => {
    const projected = Float64Array.from(axes, (axis) => dot(axis, centred[at] ?? axis))
    const length = Math.hypot(...projected)
    return { stem, vector: projected.map((value) => value / length) }
  })
}

/** The first principal axes by orthogonal iteration, from a start that is the same every time. */
function principalAxes(rows: readonly Float64Array[], size: number, count: number): Float64Array[] {
  const covariance = Array.from({ length: size }, () => new Float64Array(size))
  for (const row of rows)
    for (let one = 0; one < size; one++) {
      const line = covariance[one]
      const value = row[one] ?? 0
      if (line) for (let other = 0; other < size; other++) line[other] = (line[other] ?? 0) + value * (row[other] ?? 0)
    }
  let axes = Array.from({ length: count }, (_, at) =>
    Float64Array.from({ length: size }, (_, axis) => Math.cos((at + 1) * (axis + 1) * 1.7)),
  )
  for (let round = 0; round < ROUNDS; round++)
    axes = orthonormal(axes.map((axis) => Float64Array.from(covariance, (line) => dot(line, axis))))
  return axes
}

function orthonormal(axes: readonly Float64Array<ArrayBuffer>[]): Float64Array<ArrayBuffer>[] {
  const made: Float64Array<ArrayBuffer>[] = []
  for (const axis of axes) {
    let left = axis
    for (const before of made) {
      const share = dot(left, before)
      left = left.map((value, at) => value - share * (before[at] ?? 0))
    }
    const length = Math.hypot(...left)
    made.push(left.map((value) => value / length))
  }
  return made
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let axis = 0; axis < one.length; axis++) sum += (one[axis] ?? 0) * (other[axis] ?? 0)
  return sum
}
