import type { RunEvent } from './machine.ts'
import type { RunRecord } from './record.ts'
import { decode, SharedValues, walk, type Encoded } from './shared-values.ts'

const MAX_CHARS = 200_000

/** A finished run on its own: what it was started with, and its log. */
export type StoredRun = { record: RunRecord; events: RunEvent[] }

/** A small run as a text to be kept in its row, or null when it is too large for that. */
export function storeRun({ record, events }: StoredRun): string | null {
  let large = false
  const values = new SharedValues(() => (large = true))
  const encoded = events.map((event, index) => values.encode(event, index + 1))
  const text = JSON.stringify({ record, events: encoded })
  return large || text.length > MAX_CHARS ? null : text
}

/** The run that `storeRun` wrote. */
export function readStoredRun(text: string): StoredRun {
  const { record, events: encoded } = JSON.parse(text) as { record: RunRecord; events: Encoded[] }
  const events: RunEvent[] = []
  for (const one of encoded)
    events.push(
      decode(one, (place) => {
        const [seq, ...names] = place.split('/')
        return walk(events[Number(seq) - 1], names)
      }) as RunEvent,
    )
  return { record, events }
}
