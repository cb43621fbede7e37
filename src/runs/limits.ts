const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How far the runs of a workspace may go. */
export type RunLimits = {
  /** Attempts at steps that a run may begin. */
  maxSteps: number
  maxDurationMs: number
  /** Executions that may be open when another is asked for. */
  maxConcurrency: number
  /** Of what a run keeps: its log, with every value once. */
  maxDataBytes: number
}

/** What holds where a workspace has set nothing: enough for a loop over 10,000 items with a few calls each. */
export const defaultLimits: RunLimits = {
  maxSteps: 50_000,
  maxDurationMs: 30 * DAY_MS,
  maxConcurrency: 1_000,
  maxDataBytes: 50_000_000,
}

/** The least that can be set: below it not even a small run would get anywhere. */
export const lowestLimits: RunLimits = {
  maxSteps: 1,
  maxDurationMs: 1_000,
  maxConcurrency: 1,
  maxDataBytes: 1_000_000,
}

/** The most that a workspace can allow itself; the state of a run has to fit into the memory of its object. */
export const ceilings: RunLimits = {
  maxSteps: 200_000,
  maxDurationMs: 365 * DAY_MS,
  maxConcurrency: 10_000,
  maxDataBytes: 100_000_000,
}

/** What a workspace has set; the rest is null or left out. */
export type SetLimits = { [K in keyof RunLimits]?: RunLimits[K] | null | undefined }

/** The limits that hold where these are set; a ceiling that was lowered since holds too. */
export function resolveLimits(set: SetLimits | null | undefined): RunLimits {
  const resolve = (name: keyof RunLimits) => Math.min(set?.[name] ?? defaultLimits[name], ceilings[name])
  return {
    maxSteps: resolve('maxSteps'),
    maxDurationMs: resolve('maxDurationMs'),
    maxConcurrency: resolve('maxConcurrency'),
    maxDataBytes: resolve('maxDataBytes'),
  }
}

/** What a run has used up: `since` is when it started, or was last taken up again after it had failed. */
export type Usage = { steps: number; bytes: number; since: number }

/** Which limit a run is beyond at `now`, in words for whoever looks at it; null when it is within all of them. */
export function limitExceeded(limits: RunLimits, { steps, bytes, since }: Usage, now: number): string | null {
  const beyond = (what: string) => `the run ${what}, the limit of this workspace (GET /api/limits)`
  if (steps > limits.maxSteps) return beyond(`took more than ${limits.maxSteps} steps`)
  if (now >= since + limits.maxDurationMs) return beyond(`took longer than ${limits.maxDurationMs / 1000} seconds`)
  if (bytes > limits.maxDataBytes) return beyond(`gathered more than ${limits.maxDataBytes} bytes of data`)
  return null
}
