import type { RunEvent } from '../../runs/machine/events.ts'
import type { Execution } from '../../runs/schema.ts'
import type { Api } from '../api.ts'
import { STORE_KEY } from '../stack.ts'
import { dim, say } from '../terminal.ts'
import type { Outcome } from './ask.ts'
import { followRun } from './follow-run.ts'

const ROUNDS = 5

/**
 * Prints what APIQ adds to the calls that a run of reads makes: for the run just shown, and for the same workflow run
 * again, when the code is warm and nobody watches.
 *
 * A run's time is read off its own log, from run.started to run.succeeded: that is all of it, preparation, credentials,
 * bookkeeping and the calls. The calls' share cannot be taken from the log, where a step's time contains APIQ's own work
 * on the call; so the same requests are made without APIQ, by a bare fetch on a warm connection, and the medians of
 * those are what the calls cost. The log counts in whole milliseconds, so a difference is right to about one.
 */
export async function printOverhead(api: Api, { events, workflowId }: Outcome): Promise<void> {
  const requests = events.flatMap((event) =>
    event.type === 'step.started' && event.request ? [event.request.url] : [],
  )
  let upstream = 0
  for (const url of requests) upstream += await medianOf(() => timeOf(() => fetchBare(url)))
  const again = await medianOf(async () => {
    const run = await api.call<Execution>('POST', `/api/workflows/${workflowId}/execute?wait=30`, {})
    return spanOf(await followRun(api, run.id, () => {}))
  })
  const added = (run: number) => `${run} ms, of which APIQ added ${Math.max(0, run - upstream).toFixed(1)} ms`
  say(
    dim(`  Time: fetched directly, the ${requests.length} calls take ${upstream.toFixed(1)} ms (median of ${ROUNDS}).`),
  )
  say(dim(`  This run, the first of its kind, took ${added(spanOf(events))}.`))
  say(dim(`  Run again, it takes ${added(again)} (median of ${ROUNDS}).`))
}

function spanOf(events: readonly RunEvent[]): number {
  return (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)
}

async function fetchBare(url: string): Promise<void> {
  const response = await fetch(url, { headers: { 'x-store-key': STORE_KEY } })
  await response.text()
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) values.push(await measure())
  return values.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
}
