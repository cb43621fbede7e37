import { setTimeout as sleep } from 'node:timers/promises'
import type { HeapMeter } from '../../../src/cli/heap-meter.ts'
import { startIsolate } from '../../../src/cli/isolate.ts'
import { setUpApiq } from './apiq.ts'
import { freshId } from './subjects.ts'

const EVERY_MS = 100
const SIZES = [100, 1000, 10_000]

/** The memory of APIQ's isolate in MB while a loop over so many items ran. */
export type LoopMemory = {
  items: number
  /** What was alive before. */
  before: number
  /** The most that was alive, garbage taken away. */
  alive: number
  /** The most that was held, garbage included. */
  peak: number
  failure: string | null
}

/** Loops of three sizes in an isolate of their own, which V8 is asked about and made to tidy up all the time. */
export async function measureMemory(bundle: string, upstreamUrl: string): Promise<LoopMemory[]> {
  const isolate = await startIsolate({ bundle, measureHeap: true, logLevel: 'error' })
  const { heap } = isolate
  if (!heap) throw new Error('the heap is not measured')
  const apiq = await setUpApiq(isolate, upstreamUrl)
  const collect = async () => void (await (await fetch(`${isolate.url}/__collect-garbage`)).arrayBuffer())
  const loop = (count: number) => apiq.runLong('quickLoop', { id: freshId(), count })
  try {
    await loop(50)
    const all: LoopMemory[] = []
    for (const items of SIZES) {
      const alive = watchAlive(heap, collect)
      const watched = await heap.watch(() => loop(items).then(() => null, describe))
      const most = await alive.stop()
      const { before, peak } = watched
      all.push({
        items,
        before: before.total,
        alive: most,
        peak: peak.total,
        failure: explain(watched.result, isolate.tail()),
      })
    }
    return all
  } finally {
    apiq.close()
    await isolate.close()
  }
}

function watchAlive(heap: HeapMeter, collect: () => Promise<void>): { stop: () => Promise<number> } {
  const over = new AbortController()
  let most = 0
  const watching = (async () => {
    while (!over.signal.aborted) {
      await collect()
      most = Math.max(most, (await heap.now()).total)
      await sleep(EVERY_MS)
    }
  })()
  return {
    stop: async () => {
      over.abort()
      await watching
      return most
    },
  }
}

/** Why a loop failed, with the last that the Worker said of it. */
function explain(failure: string | null, tail: readonly string[]): string | null {
  return failure === null ? null : [failure, ...tail.filter((line) => line.startsWith('{')).slice(-1)].join('\n')
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
