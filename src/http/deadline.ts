import { AppError } from '../errors.ts'

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
 * over within some turns of the microtask queue and gets no timer, which would cost it as much as all the rest.
 * @throws AppError REQUEST_TIMEOUT
 */
export async function inTime<T>(work: () => Promise<T>, ms: number): Promise<T> {
  const outcome = work()
  const seen = { isOver: false }
  const over = () => void (seen.isOver = true)
  outcome.then(over, over)
  // oxlint-disable-next-line unicorn/no-unnecessary-await -- nothing is awaited but a turn of the queue
  for (let turn = 0; turn < TURNS && !seen.isOver; turn++) await null
  return seen.isOver ? outcome : race(outcome, ms)
}

async function race<T>(outcome: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('REQUEST_TIMEOUT', `There was no answer within ${ms / 1000} seconds.`)),
      ms,
    )
  })
  try {
    return await Promise.race([outcome, late])
  } finally {
    clearTimeout(timer)
  }
}
