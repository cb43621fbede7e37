import { AppError } from '../errors.ts'
import type { SetAlarm } from '../platform/deadline.ts'

const AUTH_PATH = /^\/api\/(v1\/)?auth\//
const AUTH_MS = 30_000
// Models are waited for, and runs as long as the caller asked.
const USUAL_MS = 120_000

// More than a request takes that is answered out of memory.
const TURNS = 100

/** How long a request to this path may take until its answer begins, in milliseconds. */
export function deadlineOf(path: string): number {
  return AUTH_PATH.test(path) ? AUTH_MS : USUAL_MS
}

/**
 * Ends the wait for work that does not come to an end; what was begun goes on. Work that waits for nothing outside is
 * over within some turns of the microtask queue and gets no timer, which would cost it as much as all the rest; the
 * alarm of other work is set by `setAlarm`, which has it on the timer that the work has already.
 * @throws AppError REQUEST_TIMEOUT
 */
export async function inTime<T>(work: () => Promise<T>, ms: number, setAlarm: SetAlarm): Promise<T> {
  const outcome = work()
  const seen = { isOver: false }
  const over = () => void (seen.isOver = true)
  outcome.then(over, over)
  // oxlint-disable-next-line unicorn/no-unnecessary-await -- nothing is awaited but a turn of the queue
  for (let turn = 0; turn < TURNS && !seen.isOver; turn++) await null
  return seen.isOver ? await outcome : race(outcome, ms, setAlarm)
}

async function race<T>(outcome: Promise<T>, ms: number, setAlarm: SetAlarm): Promise<T> {
  const late = Promise.withResolvers<never>()
  const takeBack = setAlarm(ms, () =>
    late.reject(new AppError('REQUEST_TIMEOUT', `There was no answer within ${ms / 1000} seconds.`)),
  )
  try {
    return await Promise.race([outcome, late.promise])
  } finally {
    takeBack()
  }
}
