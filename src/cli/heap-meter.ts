import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 4
const MB = 1024 * 1024

/** The memory of an isolate in MB (2^20 bytes): what its heap holds, garbage not yet collected included, and its ArrayBuffers. */
export type HeapUsage = { heap: number; buffers: number; total: number }

/** Watches the memory of an isolate through V8's inspector. */
export type HeapMeter = {
  /**
   * The highest usage seen while a piece of work is done, garbage collected before. V8 answers between two turns of the
   * event loop only, so garbage made and collected within one is not seen; the limit of the heap tells what was needed.
   */
  watch: <T>(work: () => Promise<T>) => Promise<{ result: T; before: HeapUsage; peak: HeapUsage }>
  now: () => Promise<HeapUsage>
  close: () => void
}

type Reply = { id?: number; result?: { usedSize: number; backingStorageSize: number } }

/** Connects to the inspector of an isolate. */
export async function openHeapMeter(inspectorUrl: string, collectGarbage: () => Promise<void>): Promise<HeapMeter> {
  const socket = new WebSocket(inspectorUrl)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('The inspector of workerd does not answer.')))
  })
  const waiting = new Map<number, (usage: HeapUsage | null) => void>()
  let sent = 0
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result } = JSON.parse(String(data)) as Reply
    waiting.get(id)?.(result ? toUsage(result) : null)
    waiting.delete(id)
  })
  socket.addEventListener('close', () => waiting.forEach((done) => done(null)))
  const ask = (): Promise<HeapUsage | null> => {
    if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(null)
    const id = ++sent
    socket.send(JSON.stringify({ id, method: 'Runtime.getHeapUsage' }))
    return new Promise((resolve) => waiting.set(id, resolve))
  }
  const now = async () => (await ask()) ?? NOTHING
  return {
    now,
    close: () => socket.close(),
    async watch(work) {
      await collectGarbage()
      const before = await now()
      let peak = before
      const over = new AbortController()
      const sample = async () => {
        while (!over.signal.aborted) {
          const usage = await ask()
          if (!usage) return
          if (usage.total > peak.total) peak = usage
          await sleep(EVERY_MS)
        }
      }
      const sampling = sample()
      try {
        const result = await work()
        over.abort()
        await sampling
        return { result, before, peak }
      } finally {
        over.abort()
      }
    },
  }
}

const NOTHING: HeapUsage = { heap: 0, buffers: 0, total: 0 }

function toUsage({ usedSize, backingStorageSize }: { usedSize: number; backingStorageSize: number }): HeapUsage {
  const heap = usedSize / MB
  const buffers = backingStorageSize / MB
  return { heap, buffers, total: heap + buffers }
}
