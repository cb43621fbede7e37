import type { Ctx } from '../../context.ts'
import type { Targets } from '../../steps/execute.ts'
import type { Step } from '../../steps/schema.ts'
import { walkInside } from '../../steps/tree.ts'
import { type RunRow, toAcceptance } from '../accept.ts'
import { toStarted, toView } from '../read-run.ts'
import type { RunRecord } from '../record.ts'
import type { Conditions, Refusal } from '../register/conditions.ts'
import type { Handed } from '../run-keeper.ts'
import { takesLong } from '../short-life.ts'
import { stub } from '../stub.ts'
import type { RunView } from '../view.ts'
import { takeHost } from './places.ts'

/** A run about to begin, with the row it will have where the conditions hold. */
export type NewRun = { record: RunRecord; targets: Targets; row: RunRow; given: Conditions | null }

type Start = {
  waitMs: number
  /** When it was asked for. */
  began: number
  /** What has happened to it already. */
  handed?: Handed
  /** It is too large for a host. */
  isLarge?: boolean
  object?: () => ReturnType<typeof stub>
}

/**
 * Starts a run where it outlives the request: in a host where that may carry it to its end soon, else in an object of its
 * own. Returns once it has ended, or after `waitMs` since it `began`.
 */
export async function startBeyondRequest(
  ctx: Ctx,
  { record, targets, row, given }: NewRun,
  { waitMs, began, handed, isLarge = false, object = () => stub(ctx, record.runId) }: Start,
): Promise<RunView | Refusal> {
  const left = () => Math.max(0, waitMs - (ctx.now() - began))
  const accepted = toAcceptance(ctx, row, given)
  const mayBeHosted = waitMs > 0 && !isLarge && isForHost(record.definition.steps, handed)
  const host = mayBeHosted ? takeHost(ctx, record.workspaceId) : null
  if (host) {
    const carried: Promise<unknown> = host.use(({ carryOut }) =>
      carryOut({ record, targets, accepted, began, events: handed?.events ?? [] }),
    )
    // Whoever asked may go away before that; the place is given back all the same.
    ctx.defer(carried.catch(() => undefined))
    const answer = await carried
    if (answer === 'moved') {
      await object().wait(left())
      return toView(await object().view())
    }
    if (answer !== 'busy') return toStarted(answer)
  }
  return toStarted(await object().start(record, targets, { waitMs: left(), accepted, ...(handed && { handed }) }))
}

/** Whether a run may be done soon: nothing in it is known to take long, no call is out, and it has not ended. */
function isForHost(steps: readonly Step[], handed: Handed | undefined): boolean {
  if (
    handed &&
    (handed.running.length > 0 || handed.events.some(({ type }) => !type.startsWith('step.') && type !== 'run.started'))
  )
    return false
  for (const step of walkInside(steps))
    if (takesLong(step) || (step.type === 'api_call' && step.background)) return false
  return true
}
