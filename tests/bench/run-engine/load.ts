import { setImmediate as breathe } from 'node:timers/promises'

/** One thing to measure. `run` does it once, from the client's request to its answer. */
export type Subject = { name: string; title: string; run: () => Promise<unknown> }

/** What was seen of a subject with so many clients. */
export type Sample = { runs: number; seconds: number; latencies: number[] }

/** How a subject fared; `failure` in place of figures when it could not be measured. */
export type Figures = { runs: number; perSecond: number; p50: number; p95: number; failure: string | null }

/** How long, and by how many clients. */
export type Load = { clients: number; seconds: number; sliceSeconds: number; warmUpSeconds: number }

/**
 * Puts load on subjects in turn, a slice of time each and round after round, so that what the machine does meanwhile
 * hits all alike. A subject that fails is left out from then on.
 */
export async function measureAll(subjects: readonly Subject[], load: Load): Promise<Map<string, Figures>> {
  const samples = new Map<string, Sample>(subjects.map(({ name }) => [name, { runs: 0, seconds: 0, latencies: [] }]))
  const failures = new Map<string, string>()
  const rounds = Math.max(1, Math.round(load.seconds / load.sliceSeconds))
  for (let round = -1; round < rounds; round++)
    for (const subject of subjects) {
      const sample = samples.get(subject.name)
      if (!sample || failures.has(subject.name)) continue
      const seconds = round < 0 ? load.warmUpSeconds : load.seconds / rounds
      try {
        const slice = await measureSlice(subject, load.clients, seconds)
        if (round < 0) continue
        sample.runs += slice.runs
        sample.seconds += slice.seconds
        sample.latencies.push(...slice.latencies)
      } catch (error) {
        failures.set(subject.name, error instanceof Error ? error.message : String(error))
      }
    }
  return new Map([...samples].map(([name, sample]) => [name, toFigures(sample, failures.get(name) ?? null)]))
}

/** Every client begins anew until the time is up; what is under way then is waited for and counts. */
async function measureSlice({ run }: Subject, clients: number, seconds: number): Promise<Sample> {
  const latencies: number[] = []
  const began = performance.now()
  const until = began + seconds * 1000
  const work = async () => {
    do {
      const started = performance.now()
      await run()
      latencies.push(performance.now() - started)
    } while (performance.now() < until)
  }
  await Promise.all(Array.from({ length: clients }, work))
  const took = (performance.now() - began) / 1000
  await breathe()
  return { runs: latencies.length, seconds: took, latencies }
}

function toFigures({ runs, seconds, latencies }: Sample, failure: string | null): Figures {
  return { runs, perSecond: runs / seconds, p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), failure }
}

/** The value that a share of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
