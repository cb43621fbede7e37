import { readEvents } from '../../../src/cli/demo/event-stream.ts'
import type { Apiq } from './apiq.ts'
import { quantile } from './load.ts'
import { clock, TRACED } from './protocol.ts'
import type { Upstream } from './start-upstream.ts'
import { freshId } from './subjects.ts'

/** Half of what was seen took at most `p50` milliseconds, all but a twentieth at most `p95`. */
export type Spread = { p50: number; p95: number; seen: number }

/** From the request for a run to the arrival of its first call at the upstream. */
export async function measureFirstByte(apiq: Apiq, upstream: Upstream, runs: number): Promise<Spread> {
  const all: number[] = []
  for (let run = 0; run < runs; run++) {
    const id = freshId(TRACED)
    const asked = clock()
    await apiq.run('gets', { id })
    const trace = await upstream.traceOf(id)
    if (!trace) throw new Error(`the upstream was not asked for ${id}`)
    all.push(trace.arrived - asked)
  }
  return toSpread(all)
}

/** From an answer of the upstream to the event that tells a reader of it. */
export async function measureEventLag(
  api: { url: string; apiKey: string },
  apiq: Apiq,
  upstream: Upstream,
  runs: number,
): Promise<Spread> {
  const all: number[] = []
  for (let run = 0; run < runs; run++) {
    const id = freshId(TRACED)
    // Its calls take their time, so that there is something left to be told of once the reader is there.
    const { id: runId } = await apiq.start('slowGets', { id })
    const response = await fetch(`${api.url}/api/executions/${runId}/events`, { headers: { 'x-api-key': api.apiKey } })
    const opened = clock()
    const received = new Map<string, number>()
    for await (const { type, data } of readEvents(textOf(response))) {
      if (type !== 'step.succeeded') continue
      const { step } = JSON.parse(data) as { step: string }
      received.set(step, clock())
    }
    for (const [step, at] of received) {
      const trace = await upstream.traceOf(id.replace(/1$/, step.slice(1)))
      // What happened before the reader was there came late for no fault of the engine.
      if (trace && trace.answered > opened) all.push(at - trace.answered)
    }
  }
  if (all.length === 0) throw new Error('no event of a step came')
  return toSpread(all)
}

async function* textOf(response: Response): AsyncGenerator<string> {
  if (!response.ok) throw new Error(`the events answered ${response.status}: ${await response.text()}`)
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) yield decoder.decode(chunk as Uint8Array, { stream: true })
}

function toSpread(all: readonly number[]): Spread {
  return { p50: quantile(all, 0.5), p95: quantile(all, 0.95), seen: all.length }
}
