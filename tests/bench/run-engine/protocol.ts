/** The credential that the upstream asks for, as most APIs do. */
export const BENCH_KEY = 'bench-key'

/** What the slow route of the upstream takes. */
export const SLOW_MS = 20

/** Ids that start so are remembered with the times of their call. */
export const TRACED = 'trace'

/** When a call came in at the upstream and when its answer left, by `clock`. */
export type Trace = { arrived: number; answered: number }

/** Milliseconds by the clock that all processes of a machine share. */
export function clock(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000
}
