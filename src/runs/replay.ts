import type { UpstreamRequest } from '../connections/egress.ts'
import { type Ctx, requireScope } from '../context.ts'
import { mask } from '../platform/log.ts'
import { stepsByPath } from '../steps/paths.ts'
import type { StepResult } from '../steps/result.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { type Attempt, attemptsOf } from './attempts.ts'
import { type Answers, runDry, type Sight } from './dry-run.ts'
import { readHistory } from './inspect.ts'
import { initialState, reduce } from './machine/machine.ts'
import { timesOf } from './replay-times.ts'
import { resultOf } from './result.ts'
import type { Replay, ReplayedStep } from './schema.ts'

type Recorded = ReadonlyMap<string, readonly Attempt[]>

/**
 * Goes through a run once more without calling anything: calls and approvals are answered as they were then, by path and
 * attempt, and expressions find the time and the chance of then. With another definition it tells what that would have done. What was not called then is told, and what waits
 * for its answer is not reached.
 * @throws AppError NOT_FOUND, INVALID_WORKFLOW
 */
export async function replayExecution(ctx: Ctx, id: string, edited: WorkflowDefinition | undefined): Promise<Replay> {
  requireScope(ctx, 'execute')
  const { record, events } = await readHistory(ctx, id)
  const state = events.reduce(reduce, initialState)
  const { linked: definition, targets } = await requireRunnable(ctx, edited ?? record.definition)
  const paths = new Set(events.flatMap((event) => ('step' in event ? [event.step] : [])))
  const recorded: Recorded = new Map([...paths].map((path) => [path, lastCourse(attemptsOf(events, path))]))
  const input = state.status === 'accepted' ? record.input : state.input
  const start = state.status === 'accepted' ? ctx.now() : state.startedAt
  const then = { ...record, definition, input }
  // Requests carry the id of the request that began the run.
  const world = { ...ctx, requestId: record.requestId }
  const {
    state: end,
    sights,
    done,
    failure,
  } = await runDry(world, then, targets, start, { ...asRecorded(then.runId, recorded), timeOf: timesOf(events) })
  const steps = sights.flatMap((sight) => toReplayed(sight, recorded) ?? [])
  const called = new Set(steps.map(({ step, attempt }) => nameOf(step, attempt)))
  const uncalled = [...recorded].flatMap(([step, attempts]) =>
    attempts.flatMap(({ attempt, request }) =>
      request && !called.has(nameOf(step, attempt)) ? [{ step, attempt }] : [],
    ),
  )
  const ended = events.findLast(({ type }) => type === 'run.succeeded')?.at ?? ctx.now()
  const result = done ? await resultOf(then, stepsByPath(definition.steps), end, ended) : null
  return mask({
    status: result ? result.status : failure ? 'failed' : 'stopped',
    output: result?.status === 'succeeded' ? result.output : null,
    error: result?.status === 'failed' ? result.error : failure,
    input,
    steps,
    uncalled,
  }) as Replay
}

/** The attempts since the step was last taken up again: those before had another course to themselves. */
function lastCourse(attempts: readonly Attempt[]): Attempt[] {
  const ended = attempts.filter(({ outcome }) => outcome === 'succeeded' || outcome === 'failed')
  const first = ended.findLastIndex(({ attempt }) => attempt === 1)
  return ended.slice(Math.max(0, first))
}

function asRecorded(runId: string, recorded: Recorded): Answers {
  const answerOf = (path: string, attempt: number): StepResult | null => {
    const found = recorded.get(path)?.find((one) => one.attempt === attempt)
    if (!found) return null
    return found.error ? { ok: false, error: found.error } : { ok: true, output: found.output }
  }
  return {
    answer: ({ path, attempt }) => answerOf(path, attempt),
    ask: answerOf,
    decide: (path) => answerOf(path, 1),
    keyOf: (path) => keyIn(recorded.get(path)?.findLast(({ request }) => request)?.request) ?? `${runId}:${path}`,
  }
}

/** The key of a call is its own, whatever its definition has become. */
function keyIn(request: UpstreamRequest | null | undefined): string | undefined {
  return request?.headers['idempotency-key']
}

function toReplayed(sight: Sight, recorded: Recorded): ReplayedStep | null {
  if (sight.type === 'way') return null
  const { path: step, attempt } = sight
  const before = recorded.get(step)?.find((one) => one.attempt === attempt)?.request ?? null
  if (sight.type === 'problem')
    return {
      step,
      attempt,
      request: null,
      recorded: before,
      same: before === null,
      answered: false,
      problem: sight.message,
    }
  const same = before !== null && isSame(sight.request, before)
  const problem = sight.answered ? null : 'not called then: there is no answer to go on with'
  return { step, attempt, request: sight.request, recorded: before, same, answered: sight.answered, problem }
}

function isSame(one: UpstreamRequest, other: UpstreamRequest): boolean {
  const sorted = ({ method, url, headers, body }: UpstreamRequest) =>
    JSON.stringify([method, url, Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1)), body])
  return sorted(one) === sorted(other)
}

function nameOf(step: string, attempt: number): string {
  return `${step} ${attempt}`
}
