import type { World } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { makeCall } from '../steps/call.ts'
import type { StepResult } from '../steps/result.ts'
import type { HandedOut } from './queued-calls.ts'
import type { Priority, RunRecord } from './record.ts'
import { stub } from './stub.ts'

/** What the queue carries about a call of a run: ids only. `worker` names whoever gets the message, also when it comes again. */
export type StepMessage = {
  kind: 'step.call'
  workspaceId: string
  runId: string
  ticket: string
  worker: string
  requestId: string
}

// Others wait for the queue too; what is left goes there again.
const MAX_MS = 5_000
// A queue takes a hundred at a time.
const MAX_MESSAGES = 100

/** The queue of a priority. */
function stepsQueue(env: Env, priority: Priority): Queue {
  return { high: env.STEPS_HIGH, normal: env.STEPS_NORMAL, low: env.STEPS_LOW }[priority]
}

/** Sends tickets of a run's calls to the queue that its calls go to. */
export async function sendTickets(
  world: World,
  { runId, workspaceId, requestId, priority = 'high' }: RunRecord,
  tickets: readonly { ticket: string; worker: string }[],
  delaySeconds: number,
): Promise<void> {
  const messages = tickets.map(({ ticket, worker }) => ({
    body: { kind: 'step.call', workspaceId, runId, ticket, worker, requestId } satisfies StepMessage,
    delaySeconds,
  }))
  try {
    for (let at = 0; at < messages.length; at += MAX_MESSAGES)
      await stepsQueue(world.env, priority).sendBatch(messages.slice(at, at + MAX_MESSAGES))
  } catch (error) {
    // The alarm of the run sends again what nobody came with.
    world.log.error('calls not sent to the queue', errorFields(error))
  }
}

/**
 * Makes the call of a ticket, and then those that the run's object has at hand. A call that gets no turn at its API goes
 * back to the queue until it may have one; while it waits there, no consumer waits for it.
 */
export async function handleStepMessage(world: World, { runId, ticket, worker }: StepMessage): Promise<void> {
  const object = stub(world, runId)
  const until = world.now() + MAX_MS
  const unwanted = new AbortController()
  let next = (await object.takeCall(ticket, worker)) as HandedOut | null
  if (!next) return
  // Rejects when the object dies, which then has the call made anew.
  object.untilUnwanted(worker).then(
    () => unwanted.abort(),
    () => undefined,
  )
  try {
    while (next) {
      const result: StepResult = await makeCall(world, next.call, unwanted.signal)
      const wait = busyFor(result)
      if (wait === null)
        next = (await object.reportCall(next.ticket, worker, result, world.now() < until)) as HandedOut | null
      else {
        await object.giveBackCall(next.ticket, result, wait)
        return
      }
    }
  } catch (error) {
    if (unwanted.signal.aborted) return
    await object.noteFailure(worker, error instanceof Error ? error.message : String(error))
    throw error
  }
}

/** Fails the steps whose calls a message was for that is not delivered any more. */
export async function giveUpStepMessage(world: World, { runId, ticket, worker }: StepMessage): Promise<void> {
  await stub(world, runId).giveUpCall(ticket, worker)
}

/** In how many seconds a call may have a turn that got none now. */
function busyFor(result: StepResult): number | null {
  if (result.ok || result.error.code !== 'UPSTREAM_BUSY') return null
  return Math.max(1, Math.ceil((result.error.retryAfterMs ?? 1000) / 1000))
}
