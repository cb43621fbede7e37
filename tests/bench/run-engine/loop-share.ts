import type { Apiq } from './apiq.ts'
import type { Post } from './client.ts'
import { quantile } from './load.ts'
import { BENCH_KEY } from './protocol.ts'
import { freshId } from './subjects.ts'

const ITEMS = 1000
const CONCURRENCY = 20
const WARM_UP = 100

/** What a loop over 1,000 items takes beyond its calls. */
export type LoopShare = {
  /** One bare call while 20 are under way, in milliseconds. */
  callMs: number
  /** The calls alone, and the run, in milliseconds. */
  bareMs: number
  apiqMs: number
  /** Of the run's time, that which is not the calls'. */
  share: number
}

/** A loop of slow calls at concurrency 20, and the same calls by a bare Worker, in turn. */
export async function measureLoop(apiq: Apiq, post: Post, upstream: string, rounds: number): Promise<LoopShare> {
  const bare = (count: number) =>
    timeOf(() =>
      post('/spread', { upstream, key: BENCH_KEY, path: '/slow', id: freshId(), count, concurrency: CONCURRENCY }),
    )
  const loop = (count: number) => timeOf(() => apiq.runLong('loop', { id: freshId(), count }))
  await bare(WARM_UP)
  await loop(WARM_UP)
  const all: { bareMs: number; apiqMs: number; share: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const bareMs = await bare(ITEMS)
    const apiqMs = await loop(ITEMS)
    all.push({ bareMs, apiqMs, share: (apiqMs - bareMs) / apiqMs })
  }
  const median = (of: 'bareMs' | 'apiqMs' | 'share') =>
    quantile(
      all.map((each) => each[of]),
      0.5,
    )
  const bareMs = median('bareMs')
  return { callMs: bareMs / (ITEMS / CONCURRENCY), bareMs, apiqMs: median('apiqMs'), share: median('share') }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
