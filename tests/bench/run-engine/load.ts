/** One thing to measure. `run` does it once, from the client's request to its answer, with so many `calls` upstream. */
export type Subject = { name: string; title: string; calls: number; run: () => Promise<unknown> }

/** How long, and by how many clients at once. */
export type Load = {
  clients: number
  seconds: number
  sliceSeconds: number
  warmUpSeconds: number
  beforeRound: () => Promise<void>
  /** Processor time so far of what carries a subject out, in milliseconds; left out or null where nobody knows. */
  cpu?: (subject: string) => Promise<number | null>
}

/** How a subject fared under one load. */
export type Figures = {
  /** Runs per second, over all of its time. */
  perSecond: number
  p50: number
  p95: number
  /** Runs per second of each round. */
  rates: readonly number[]
  /** Processor time of a run in milliseconds, which others on the machine hardly change; null where nobody knows. */
  cpu: number | null
  /** Why there are no figures. */
  failure: string | null
}

const LEAD_IN_SECONDS = 0.2

type Slice = { seconds: number; latencies: number[]; cpu: number | null }

/**
 * Puts load on subjects in turn, a slice of time each and round after round, so that what the machine does meanwhile
 * hits all alike. A subject that fails once is left out from then on.
 */
export async function measureLoad(subjects: readonly Subject[], load: Load): Promise<Map<string, Figures>> {
  const slices = new Map<string, Slice[]>(subjects.map(({ name }) => [name, []]))
  const failures = new Map<string, string>()
  const rounds = Math.max(1, Math.round(load.seconds / load.sliceSeconds))
  for (let round = -1; round < rounds; round++) {
    await load.beforeRound()
    // There and back, and after a slice that counts for nothing: what is first finds the machine at rest and looks slow.
    const turns = (round % 2 === 0 ? subjects : subjects.toReversed()).filter(({ name }) => !failures.has(name))
    const [first] = turns
    if (first && round >= 0) await measureSlice(first, { ...load, seconds: LEAD_IN_SECONDS }).catch(() => undefined)
    for (const subject of turns) {
      try {
        const seconds = round < 0 ? load.warmUpSeconds : load.seconds / rounds
        const slice = await measureSlice(subject, { ...load, seconds })
        if (round >= 0) slices.get(subject.name)?.push(slice)
      } catch (error) {
        failures.set(subject.name, error instanceof Error ? error.message : String(error))
      }
    }
  }
  return new Map([...slices].map(([name, all]) => [name, toFigures(all, failures.get(name) ?? null)]))
}

/** Does each subject once and counts. @throws Error when one does not make the calls that it is measured for. */
export async function requireCalls(subjects: readonly Subject[], served: () => Promise<number>): Promise<void> {
  for (const { name, calls, run } of subjects) {
    const before = await served()
    await run()
    const made = (await served()) - before
    if (made !== calls) throw new Error(`${name} made ${made} calls in place of ${calls}`)
  }
}

/** Every client begins anew until the time is up; what is under way then is waited for and counts. */
async function measureSlice({ name, run }: Subject, { clients, seconds, cpu }: Load): Promise<Slice> {
  const latencies: number[] = []
  const before = (await cpu?.(name)) ?? null
  const began = performance.now()
  const work = async () => {
    do {
      const started = performance.now()
      await run()
      latencies.push(performance.now() - started)
    } while (performance.now() < began + seconds * 1000)
  }
  await Promise.all(Array.from({ length: clients }, work))
  const took = (performance.now() - began) / 1000
  const after = (await cpu?.(name)) ?? null
  return { seconds: took, latencies, cpu: before === null || after === null ? null : after - before }
}

function toFigures(slices: readonly Slice[], failure: string | null): Figures {
  const latencies = slices.flatMap((slice) => slice.latencies)
  const seconds = sum(slices.map((slice) => slice.seconds))
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    rates: slices.map((slice) => slice.latencies.length / slice.seconds),
    cpu: slices.some(({ cpu }) => cpu === null) ? null : sum(slices.map(({ cpu }) => cpu ?? 0)) / latencies.length,
    failure,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** The value that a share of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/**
 * How many times as fast the first was as the second: the median over the rounds, for a round that something else on
 * the machine ran into says little. NaN when either has no figures.
 */
export function speedRatio(ours: Figures | undefined, theirs: Figures | undefined): number {
  if (!ours || !theirs || ours.failure || theirs.failure) return Number.NaN
  const sorted = ours.rates.map((rate, round) => rate / (theirs.rates[round] ?? Number.NaN)).toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  // Between two ratios the middle is the geometric one, so that turning the question round turns the answer round.
  return Math.sqrt((low ?? Number.NaN) * (high ?? Number.NaN))
}
