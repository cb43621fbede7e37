import type { Ctx } from '../context.ts'
import { isSafe } from '../steps/order.ts'
import type { Step } from '../steps/schema.ts'
import { type NewRun, startBeyondRequest } from './host/start.ts'
import type { RunEvent } from './machine/events.ts'
import type { Refusal } from './register/conditions.ts'
import { registerOf } from './register/register.ts'
import { liveShortly, type Succeeded, takesLong, toStoredEntry } from './short-life.ts'
import { StoredLog } from './stored-log.ts'
import { stub } from './stub.ts'
import { type RunView, viewOf } from './view.ts'

/** Whether a run may begin in the request that waits for it: it reads first of all. */
export function mayBeginInRequest(steps: readonly Step[]): boolean {
  const [first] = steps
  return first !== undefined && isAtHome(first)
}

/** What is carried out in a request only reads or computes, and is done soon. */
function isAtHome(step: Step): boolean {
  return isSafe(step) && !takesLong(step)
}

/**
 * Runs in the request that waits for the answer. A run that does nothing but read, and soon succeeds, never gets an
 * object: it is taken down with its log once it has ended, before the answer. At its first effect, delay or approval, when it
 * fails, grows large, or is a second old, it moves to a host or its object with all that has happened so far, and calls that
 * are out tell the object how they ended. Before it is stored or has moved, a crash loses the run and the caller gets no
 * answer; nothing but reads has left by then. The same goes for a run that is refused in the end.
 */
export function runInRequest(ctx: Ctx, run: NewRun, waitMs: number): Promise<RunView | Refusal> {
  const view = carryOut(ctx, run, waitMs)
  // Whoever asked may go away before it is stored.
  ctx.defer(view.catch(() => undefined))
  return view
}

const NOBODY_ASKED = Promise.resolve(null)
const settled = () => Promise.resolve()

async function carryOut(ctx: Ctx, run: NewRun, waitMs: number): Promise<RunView | Refusal> {
  const { record, targets } = run
  const began = ctx.now()
  const events: RunEvent[] = []
  const log = new StoredLog()
  // One stub, for those that need it: what is called on it arrives in order.
  let made: ReturnType<typeof stub> | undefined
  const object = () => (made ??= stub(ctx, record.runId))
  const left = await liveShortly(
    {
      ctx,
      began,
      admission: NOBODY_ASKED,
      takes: isAtHome,
      note: (event) => {
        log.add([event])
        return !log.isTooLarge
      },
      settle: settled,
      bytes: () => log.chars,
      object,
    },
    { record, targets, events },
  )
  if (left.why === 'refused') return left.refusal
  if (left.why === 'succeeded') {
    const text = log.toText(record)
    if (text !== null) return storeSuccess(ctx, run, left.state, text)
  }
  const handed = left.why === 'moving' ? left.handed : { events, running: [] }
  const started = startBeyondRequest(ctx, run, { waitMs, began, handed, isLarge: log.isTooLarge, object })
  // The object has what it was handed as soon as it can be called again.
  if (left.why === 'moving') left.arrived()
  return started
}

async function storeSuccess(
  ctx: Ctx,
  { record, row, given }: NewRun,
  state: Succeeded,
  log: string,
): Promise<RunView | Refusal> {
  const entry = toStoredEntry(ctx, row, record, state, log)
  const madeFrom = given?.revision === undefined ? null : { revision: given.revision }
  const refusal = await registerOf(ctx, record.workspaceId).store(entry, madeFrom)
  return refusal ?? viewOf(record, state)
}
