import { dependencies } from '../../steps/order.ts'
import { type StepError, stepTimeout } from '../../steps/result.ts'
import type { LoopStep, Retry, Step, WorkflowDefinition, WorkflowStep } from '../../steps/schema.ts'
import type { Action } from './action.ts'
import { hasBegun } from './frames.ts'
import { failedIn, isHandled, outIn } from './inside.ts'
import { jumpedOver, lastOutput, outputOf, valueOf } from './lists.ts'
import type { Frame, RunState, StepState } from './state.ts'

/** How a list of steps stands. One that is `failing` has failed for good, and waits for the calls of it that are out. */
type Standing = 'open' | 'done' | 'failing' | FailedStanding
type FailedStanding = { path: string; error: StepError }

type Visit = { now: number; actions: Action[]; running: number; wakeAt: number }

const MAX_RUNNING = 50
const PENDING: StepState = { status: 'pending' }

/**
 * What to do now: steps to execute, when to look again, or how the run ends. Asked again after every event; a step that
 * is running is not asked for twice. Actions on steps come in the order of the definition.
 */
export function next(definition: WorkflowDefinition, state: RunState, now: number): Action[] {
  if (state.status !== 'running') return []
  const visit: Visit = { now, actions: [], running: 0, wakeAt: Infinity }
  const standing = visitList(definition.steps, state.steps, '', visit)
  if (standing === 'done') return [{ type: 'succeed' }]
  if (isFailure(standing)) {
    const { path, error } = standing
    return visit.running > 0 ? [] : [{ type: 'fail', error: { step: path, message: error.message } }]
  }
  const { actions, running, wakeAt } = visit
  let room = Math.max(0, MAX_RUNNING - running)
  const admitted = actions.filter((action) => action.type !== 'execute' || room-- > 0)
  return wakeAt < Infinity ? [...admitted, { type: 'wait', until: wakeAt }] : admitted
}

/**
 * Whether an execution that was asked for in one state is still to be had in another: in between, the run may have been
 * paused, have failed elsewhere, or have been given other input.
 */
export function isStillAsked(
  definition: WorkflowDefinition,
  { before, state, now }: { before: RunState; state: RunState; now: number },
  { step, attempt }: { step: string; attempt: number },
): boolean {
  if (before === state) return true
  if (before.status !== 'running' || state.status !== 'running' || before.input !== state.input) return false
  return next(definition, state, now).some(
    (action) => action.type === 'execute' && action.step === step && action.attempt === attempt,
  )
}

/** Whether what depends on a step may go on. */
function isDone(step: Step, state: StepState): boolean {
  if (state.status === 'succeeded' || state.status === 'skipped') return true
  return state.status === 'failed' && isHandled(step)
}

function visitList(steps: readonly Step[], frame: Frame, prefix: string, visit: Visit): Standing {
  const done = new Set<string>()
  for (const step of steps) if (isDone(step, frame[step.id] ?? PENDING)) done.add(step.id)
  if (done.size === steps.length) return 'done'
  const needs = dependencies(steps)
  const jumped = jumpedOver(steps, frame)
  let failure: Standing | null = null
  let isFailing = false
  const before = visit.actions.length
  for (const step of steps) {
    if (done.has(step.id)) continue
    const state = frame[step.id] ?? PENDING
    const path = `${prefix}${step.id}`
    if (state.status === 'pending') {
      if (needs.get(step.id)?.every((need) => done.has(need)) === false) continue
      visit.actions.push(
        jumped.has(step.id) ? { type: 'skip', step: path } : { type: 'execute', step: path, attempt: 1 },
      )
    } else if (state.status === 'open') {
      // What is tried again, or gone beyond, does not take others with it.
      if (visitOpen(step, state, frame, prefix, visit) && !isHandled(step) && !step.retry) isFailing = true
    } else if (state.status === 'waiting' && state.inside) {
      if (state.retryAt > visit.now) visit.wakeAt = Math.min(visit.wakeAt, state.retryAt)
      else {
        const steps = failedIn(step, state.inside, frame, prefix)
        visit.actions.push({ type: 'retry', step: path, attempt: state.attempt + 1, steps })
      }
    } else if (state.status === 'failed') failure ??= { path, error: state.error }
    else visitAttempt(step, state, path, visit)
  }
  if (!failure && !isFailing) return 'open'
  // What has not begun will not begin; what is on its way is waited for.
  visit.actions.length = before
  return !failure || isOnItsWay(frame) ? 'failing' : failure
}

/** Whether a call of any step of a frame is out. */
function isOnItsWay(frame: Frame): boolean {
  return Object.values(frame).some(
    (state) => state.status === 'running' || (state.status === 'open' && Object.values(state.frames).some(isOnItsWay)),
  )
}

function visitAttempt(step: Step, state: StepState, path: string, visit: Visit): void {
  switch (state.status) {
    case 'running':
      visit.running++
      return
    case 'interrupted':
      visit.actions.push({ type: 'execute', step: path, attempt: state.attempt })
      return
    case 'waiting':
      if (state.retryAt <= visit.now) visit.actions.push({ type: 'execute', step: path, attempt: state.attempt + 1 })
      else visit.wakeAt = Math.min(visit.wakeAt, state.retryAt)
      return
    case 'sleeping': {
      const { attempt, until } = state
      const output = { until: new Date(until).toISOString() }
      if (until <= visit.now) visit.actions.push({ type: 'complete', step: path, attempt, output })
      else if (isOverdue(step, state, visit))
        visit.actions.push({ type: 'break', step: path, attempt, error: timeUp(step) })
      else visit.wakeAt = Math.min(visit.wakeAt, until)
      return
    }
    case 'asking':
      if (state.until === null) return
      if (state.until <= visit.now)
        visit.actions.push({ type: 'break', step: path, attempt: state.attempt, error: NOBODY_DECIDED })
      else visit.wakeAt = Math.min(visit.wakeAt, state.until)
      return
    case 'pending':
    case 'uncertain':
    case 'open':
    case 'succeeded':
    case 'failed':
    case 'skipped':
      return
    default:
      state satisfies never
  }
}

type OpenState = Extract<StepState, { status: 'open' }>

/** Whether the time of a step is up; until then it is looked at again when it will be. */
function isOverdue({ timeoutMs }: Step, { startedAt }: { startedAt: number }, visit: Visit): boolean {
  if (timeoutMs === undefined) return false
  const deadline = startedAt + timeoutMs
  if (deadline <= visit.now) return true
  visit.wakeAt = Math.min(visit.wakeAt, deadline)
  return false
}

function timeUp(step: Step): StepError {
  return stepTimeout(step.timeoutMs ?? 0, false)
}

/** Whether what the step holds is failing. */
function visitOpen(step: Step, state: OpenState, frame: Frame, prefix: string, visit: Visit): boolean {
  const path = `${prefix}${step.id}`
  const before = visit.actions.length
  const standing = visitInside(step, state, frame, prefix, visit)
  if (!isOverdue(step, state, visit)) return standing === 'failing'
  // What came to its end in time, and was only not written down, has not run out of it.
  if (visit.actions.slice(before).some((action) => 'step' in action && action.step === path)) return false
  visit.actions.length = before
  const out = outIn(step, state, frame, prefix)
  visit.actions.push({ type: 'break', step: path, attempt: state.attempt, error: timeUp(step), retry: step.retry, out })
  return false
}

function visitInside(step: Step, state: OpenState, frame: Frame, prefix: string, visit: Visit): Standing {
  const path = `${prefix}${step.id}`
  const own: Own = { path, attempt: state.attempt, retry: step.retry }
  switch (step.type) {
    case 'condition': {
      const list = state.branch === 'then' ? step.then : (step.else ?? [])
      return settle(visitList(list, frame, prefix, visit), own, () => lastOutput(list, frame), visit)
    }
    case 'parallel': {
      const before = visit.actions.length
      const standings = step.branches.map((branch) => visitList(branch, frame, prefix, visit))
      return settle(
        together(standings, [frame], before, visit),
        own,
        () => step.branches.map((branch) => lastOutput(branch, frame)),
        visit,
      )
    }
    case 'loop':
      return visitLoop(step, state, own, visit)
    case 'workflow':
      return visitWorkflow(step, state, own, visit)
    case 'api_call':
    case 'ai':
    case 'transform':
    case 'delay':
    case 'approval':
      return 'open'
    default:
      return step satisfies never
  }
}

/** How several lists stand together. When one failed nothing more begins in the others; what is out is waited for. */
function together(standings: readonly Standing[], frames: readonly Frame[], before: number, visit: Visit): Standing {
  const failure = standings.find(isFailure)
  if (!failure && !standings.includes('failing')) return standings.includes('open') ? 'open' : 'done'
  visit.actions.length = before
  return !failure || frames.some(isOnItsWay) ? 'failing' : failure
}

/** A step that holds others, as far as its end is concerned. */
type Own = { path: string; attempt: number; retry: Retry | undefined }

/** Ends a step where what it holds has ended; how that stands. */
function settle(standing: Standing, { path, attempt, retry }: Own, output: () => unknown, visit: Visit): Standing {
  if (standing === 'done') visit.actions.push({ type: 'complete', step: path, attempt, output: output() })
  else if (isFailure(standing))
    visit.actions.push({ type: 'break', step: path, attempt, error: within(standing), retry })
  return standing
}

function visitLoop(loop: LoopStep, state: OpenState, own: Own, visit: Visit): Standing {
  const { path, attempt } = own
  const standings: Standing[] = []
  const before = visit.actions.length
  let going = 0
  for (const [key, frame] of Object.entries(state.frames)) {
    const index = Number(key)
    const begins = visit.actions.length
    const standing = visitList(loop.steps, frame, `${path}[${index}].`, visit)
    if (standing === 'done')
      visit.actions.push({ type: 'collect', step: path, index, output: lastOutput(loop.steps, frame) })
    // Of items that failed and are made anew there may be more than may go on at once.
    if ((standing === 'open' || standing === 'failing') && ++going > loop.concurrency) visit.actions.length = begins
    standings.push(standing)
  }
  const failures = standings.filter(isFailure)
  const lost = standings.filter((standing) => isFailure(standing) || standing === 'failing').length
  const sum = (failure: Standing) =>
    isFailure(failure) && loop.maxFailures !== undefined ? summed(failure, failures.length, state.count) : failure
  if (lost > (loop.maxFailures ?? 0))
    return settle(sum(together(standings, Object.values(state.frames), before, visit)), own, () => null, visit)
  let room = loop.concurrency - going
  for (let index = state.begun; index < state.count && room > 0; index++) {
    if (hasBegun(state, index)) continue
    visitList(loop.steps, {}, `${path}[${index}].`, visit)
    room--
  }
  if (state.collected + failures.length < state.count) return 'open'
  const [failure] = failures
  if (failure) return settle(sum(failure), own, () => null, visit)
  if (loop.while !== undefined && state.more) visit.actions.push({ type: 'execute', step: path, attempt })
  else visit.actions.push({ type: 'complete', step: path, attempt, output: state.results })
  return 'open'
}

function isFailure(standing: Standing): standing is FailedStanding {
  return typeof standing === 'object'
}

/** The first of several failures, with how many there are. */
function summed({ path, error }: FailedStanding, count: number, all: number): FailedStanding {
  return { path: `${count} of ${all} failed, the first ${path}`, error }
}

function visitWorkflow(step: WorkflowStep, state: OpenState, own: Own, visit: Visit): Standing {
  const { path, attempt } = own
  const list = step.callee?.steps ?? []
  const frame = state.frames[0] ?? {}
  const standing = visitList(list, frame, `${path}.`, visit)
  // An output is evaluated; without one it is what the last step gave.
  if (standing !== 'done' || step.callee?.output === undefined)
    return settle(standing, own, () => valueOf(outputOf(list.at(-1), frame)), visit)
  visit.actions.push({ type: 'execute', step: path, attempt })
  return standing
}

function within({ path, error }: FailedStanding): StepError {
  return { ...error, message: `${path}: ${error.message}`, retryable: false, retryAfterMs: null }
}

const NOBODY_DECIDED: StepError = {
  code: 'REFUSED',
  message: 'nobody approved in time',
  retryable: false,
  retryAfterMs: null,
}
