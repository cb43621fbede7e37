import type { Db } from '../../platform/db.ts'
import { Watchers } from '../../platform/watchers.ts'
import { readLatestIngestion } from './ingestion-rows.ts'
import type { Ingestion } from '../schema.ts'

type Progress = Ingestion & { type: 'progress' | 'done' | 'failed' }

/** Everybody who watches the document of one connection being read. */
export class IngestionWatch {
  readonly #watchers = new Watchers<Progress>()
  #seq = 0
  #last: Progress | null = null

  /** Tells everybody how far it is. */
  changed(ingestion: Ingestion): void {
    const event = toProgress(ingestion)
    this.#last = event
    this.#watchers.publish(++this.#seq, event)
    if (event.type !== 'progress') this.#watchers.close()
  }

  /** A stream that begins with how far it is now; it ends with the reading. */
  async watch(db: Db, workspaceId: string, connectionId: string): Promise<ReadableStream<Uint8Array>> {
    const before = this.#seq
    const latest = await readLatestIngestion(db, workspaceId, connectionId)
    // What was told while the row was read is newer than the row.
    const event = this.#seq === before ? latest && toProgress(latest) : this.#last
    return this.#watchers.watch(event ? [event] : [], 0, event?.type !== 'progress')
  }
}

function toProgress(ingestion: Ingestion): Progress {
  const { status } = ingestion
  return { type: status === 'done' || status === 'failed' ? status : 'progress', ...ingestion }
}
