import type { Ctx } from '../context.ts'
import { apisOf } from '../steps/catalogue.ts'
import type { Targets } from '../steps/execute.ts'
import { isSafe } from '../steps/order.ts'
import type { Step } from '../steps/schema.ts'
import { created, toAcceptance, type Conditions, type Refusal, type RunRow } from './accept.ts'
import { RunDriver, type RunHome } from './driver.ts'
import { isForQueue } from './for-queue.ts'
import { stepsOf, type RunEvent, type RunState } from './machine.ts'
import { toStarted } from './read-run.ts'
import type { RunRecord } from './record.ts'
import { requestBefore } from './recovery.ts'
import { toEntry } from './register/entry.ts'
import { registerOf } from './register/register.ts'
import { stub } from './stub.ts'
import { storeRun } from './stored-log.ts'
import { viewOf, type RunView } from './view.ts'

// A run that takes longer than this gets an object of its own, where it can be seen and outlives the request.
const AGE_MS = 1000

/** A run about to begin, with the row it will have where the conditions hold. */
export type NewRun = { record: RunRecord; targets: Targets; row: RunRow; given: Conditions | null }

/** Whether a run may begin in the request that waits for it: it reads first of all. */
export function mayBeginInRequest(steps: readonly Step[]): boolean {
  const [first] = steps
  return first !== undefined && isAtHome(first)
}

/** What is carried out in a request only reads or computes, and is done soon. */
function isAtHome(step: Step): boolean {
  return isSafe(step) && step.type !== 'delay' && step.type !== 'approval' && step.type !== 'ai'
}

/**
 * Runs in the request that waits for the answer. A run that does nothing but read, and soon succeeds, never gets an
 * object: it is taken down with its log once it has ended, before the answer. At its first effect, delay or approval, when it
 * fails, grows large, or is a second old, it moves to its object with all that has happened so far, and calls that are out
 * tell the object how they ended. Before it is stored or has moved, a crash loses the run and the caller gets no answer;
 * nothing but reads has left by then. The same goes for a run that is refused in the end.
 */
export function runInRequest(ctx: Ctx, run: NewRun, waitMs: number): Promise<RunView | Refusal> {
  const view = carryOut(ctx, run, waitMs)
  // Whoever asked may go away before it is stored.
  ctx.defer(view.catch(() => undefined))
  return view
}

async function carryOut(ctx: Ctx, run: NewRun, waitMs: number): Promise<RunView | Refusal> {
  const { record, targets, row, given } = run
  const began = ctx.now()
  const events: RunEvent[] = []
  const outcome = Promise.withResolvers<'ended' | 'moving'>()
  const moved = Promise.withResolvers<void>()
  const move = () => {
    driver.stop()
    outcome.resolve('moving')
  }
  // One stub, for those that need it: what is called on it arrives in order.
  let made: ReturnType<typeof stub> | undefined
  const object = () => (made ??= stub(ctx, record.runId))
  const home: RunHome = {
    ctx,
    keep: (event) => void events.push(event),
    settle: () => Promise.resolve(),
    // One that grows large moves, and is counted there.
    bytes: () => 0,
    requestOf: (path) => requestBefore(events, path, { status: 'interrupted', attempt: 0 }),
    takes: (step, path, state) => {
      const stays = isAtHome(step) && !isForQueue(step, path, state)
      if (!stays) move()
      return stays
    },
    make: (_attempt, prepared, signal) => prepared.execute(signal),
    wakeAt: move,
    finish: async () => outcome.resolve('ended'),
    isElsewhere: () => false,
    late: async (event) => {
      await moved.promise
      await object().deliver(event)
    },
  }
  const driver = new RunDriver(home, record, targets)
  const stay = ctx.setAlarm(AGE_MS, move)
  driver.append({ type: 'run.started', at: began, input: record.input })
  driver.advance()
  try {
    if ((await outcome.promise) === 'ended' && driver.state.status === 'succeeded') {
      const log = storeRun({ record, events })
      if (log !== null) return await storeSuccess(ctx, run, driver.state, log)
    }
    driver.stop()
    const running = [...stepsOf(driver.state.steps)].flatMap(([path, step]) =>
      step.status === 'running' ? [path] : [],
    )
    const handed = { events, running }
    const left = Math.max(0, waitMs - (ctx.now() - began))
    const accepted = toAcceptance(ctx, row, given)
    const started = object().start(record, targets, { waitMs: left, accepted, handed })
    // The object has what it was handed as soon as it can be called again.
    moved.resolve()
    return toStarted(await started)
  } finally {
    stay()
  }
}

async function storeSuccess(
  ctx: Ctx,
  { record, row, given }: NewRun,
  state: RunState,
  log: string,
): Promise<RunView | Refusal> {
  const view = viewOf(record, state)
  const { status, finishedAt, output } = view
  const audits = [created(row), { action: `run.${status}`, resource: row.id }]
  const entry = toEntry(ctx, { ...row, status, finishedAt, output, log }, audits, apisOf(record.definition.steps))
  const refusal = await registerOf(ctx, record.workspaceId).store(entry, given && { revision: given.revision })
  return refusal ?? view
}
