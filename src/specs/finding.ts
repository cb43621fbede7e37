import type { Finding } from './operation.ts'

/** Where a part of the reading tells what it found, of each thing once; lines are looked up at the end. */
export type Findings = {
  add: (path: string, message: string, fix: string) => void
  readonly all: Finding[]
}

// Nobody reads more, and a document may be wrong in every line.
const MOST = 1000

export function newFindings(): Findings {
  const all: Finding[] = []
  const known = new Set<string>()
  const add: Findings['add'] = (path, message, fix) => {
    const key = `${path} ${message}`
    if (known.has(key) || known.size >= MOST) return
    known.add(key)
    all.push({ path, message, line: null, fix })
  }
  return { all, add }
}
