import type { RunEvent } from './machine.ts'
import type { RunRecord } from './record.ts'
import { fill, SharedValues, walk, type Encoded } from './shared-values.ts'

const MAX_CHARS = 200_000

/** A finished run on its own: what it was started with, and its log. */
export type StoredRun = { record: RunRecord; events: RunEvent[] }

/** An event with holes, and what belongs there. Runs stored before had it as `text`. */
type StoredEvent = { refs?: Encoded['refs'] } & ({ event: unknown } | { text: string })

/** A small run as a text to be kept in its row, or null when it is too large for that. */
export function storeRun({ record, events }: StoredRun): string | null {
  let large = false
  const values = new SharedValues(() => (large = true))
  // What is JSON already is put in as it is: a text within a text grows with every quote in it.
  const stored = events.map((event, index) => {
    const { text, refs } = values.encode(event, index + 1)
    return refs.length === 0 ? `{"event":${text}}` : `{"event":${text},"refs":${JSON.stringify(refs)}}`
  })
  const text = `{"record":${JSON.stringify(record)},"events":[${stored.join(',')}]}`
  return large || text.length > MAX_CHARS ? null : text
}

/** The run that `storeRun` wrote. */
export function readStoredRun(text: string): StoredRun {
  const { record, events: stored } = JSON.parse(text) as { record: RunRecord; events: StoredEvent[] }
  const events: RunEvent[] = []
  for (const one of stored) {
    const event: unknown = 'text' in one ? JSON.parse(one.text) : one.event
    fill(event, one.refs ?? [], (place) => {
      const [seq, ...names] = place.split('/')
      return walk(events[Number(seq) - 1], names)
    })
    events.push(event as RunEvent)
  }
  return { record, events }
}
