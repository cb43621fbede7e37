import type { UpstreamRequest } from '../../src/connections/egress.ts'
import type { RunEvent } from '../../src/runs/machine/events.ts'
import { stepAt, stepsOf } from '../../src/runs/machine/machine.ts'
import type { Opened, RunState, StepState } from '../../src/runs/machine/state.ts'
import type { LoopStep, Step, WorkflowDefinition } from '../../src/steps/schema.ts'
import { listsInside, templatesOf, walkInside, walkSteps } from '../../src/steps/tree.ts'
import { pathsOf } from './expressions.ts'
import { Violation } from './violation.ts'

/** Where a step stands: in which list, and in which step that list is. */
type Place = { list: readonly Step[]; at: number; parent: Step | null }

/** A definition as the rules need it; worked out here by itself, not by the code that is under test. */
export type Rules = { places: ReadonlyMap<string, Place>; writes: ReadonlySet<Step>; barriers: ReadonlySet<Step> }

/** Reads the rules off a definition. */
export function rulesOf(definition: WorkflowDefinition): Rules {
  const places = new Map<string, Place>()
  const writes = new Set<Step>()
  const barriers = new Set<Step>()
  const visit = (list: readonly Step[], parent: Step | null, prefix: string) => {
    list.forEach((step, at) => {
      places.set(`${prefix}${step.id}`, { list, at, parent })
      const apart = step.type === 'loop' || step.type === 'workflow'
      for (const inner of listsInside(step)) visit(inner, step, apart ? `${prefix}${step.id}.` : prefix)
      const all = [...walkInside([step])]
      if (all.some((one) => one.type === 'api_call' && !one.operation.startsWith('GET'))) writes.add(step)
      if (all.some((one) => one.type === 'delay' || one.type === 'approval')) barriers.add(step)
    })
  }
  visit(definition.steps, null, '')
  return { places, writes, barriers }
}

const BEGINNINGS = new Set(['step.started', 'step.entered', 'step.asked', 'step.sleeping', 'step.skipped'])

/** Whether a step begins with an event. */
export function isBeginning(event: RunEvent): event is Extract<RunEvent, { step: string }> {
  return BEGINNINGS.has(event.type)
}

/** Holds an event about to be appended against the promises that can be seen from the state before it. */
export function checkEvent(rules: Rules, state: RunState, event: RunEvent): void {
  if (!isBeginning(event)) return
  if (state.status !== 'running') throw new Violation('begun', `${event.type} of ${event.step} while ${state.status}`)
  checkOrder(rules, state, event)
}

/** A step begins after what it refers to, writes in listed order, nothing before a barrier is past or after a failure. */
function checkOrder({ places, writes, barriers }: Rules, state: RunState, event: { type: string; step: string }): void {
  let path = event.step
  const first = places.get(placeOf(path))
  const own = first?.list[first.at]
  if (!own) throw new Violation('unknown', `${path} is no step`)
  let named = new Set([
    ...templatesOf(own).flatMap((template) =>
      pathsOf(template).flatMap(([root, id]) => (root === 'steps' && id ? [id] : [])),
    ),
    ...(own.dependsOn ?? []),
  ])
  for (;;) {
    const place = places.get(placeOf(path))
    const step = place?.list[place.at]
    if (!place || !step) return
    const prefix = path.slice(0, path.length - step.id.length)
    place.list.forEach((other, at) => {
      if (other === step) return
      const status = stepAt(state, `${prefix}${other.id}`)
      const mustBeDone =
        at < place.at &&
        (writes.has(step) ||
          barriers.has(step) ||
          barriers.has(other) ||
          [...walkSteps([other])].some(({ id }) => named.has(id)) ||
          (typeof other.onError === 'object' && indexOf(place.list, other.onError.goto) >= place.at))
      if (mustBeDone && !isOver(other, status))
        throw new Violation('order', `${event.step} began before ${prefix}${other.id}, which is ${status.status}`)
      if (status.status === 'failed' && !isOver(other, status))
        throw new Violation('failure', `${event.step} began after ${prefix}${other.id} had failed`)
      if (
        event.type !== 'step.skipped' &&
        at < place.at &&
        status.status === 'failed' &&
        typeof other.onError === 'object'
      )
        if (indexOf(place.list, other.onError.goto) > place.at)
          throw new Violation('goto', `${event.step} began though ${prefix}${other.id} goes on beyond it`)
    })
    const { parent } = place
    if (!parent) return
    const apart = parent.type === 'loop' || parent.type === 'workflow'
    path = apart ? prefix.replace(/(\[\d+\])?\.$/, '') : `${prefix}${parent.id}`
    // What is called knows nothing of what is around the call.
    if (parent.type === 'workflow') named = new Set()
    const around = stepAt(state, path)
    if (around.status !== 'open')
      throw new Violation('outside', `${event.step} began while ${path} is ${around.status}`)
    if (parent.type === 'loop') checkFailures(parent, path, around, event.step)
    if (parent.type === 'parallel')
      for (const other of parent.branches.flat()) {
        const beside = stepAt(state, `${prefix}${other.id}`)
        if (beside.status === 'failed' && !isOver(other, beside))
          throw new Violation('failures', `${event.step} began after ${other.id} beside it had failed`)
      }
  }
}

/**
 * Holds the request of a call with an effect against the promise about keys: a request of before is sent again as it was,
 * under its key, unless somebody has taken up the call since, which had failed, and it comes out as another one now.
 */
export function checkRequest(
  log: readonly RunEvent[],
  path: string,
  request: UpstreamRequest,
  written: UpstreamRequest,
): void {
  const at = log.findLastIndex(
    (event) => event.type === 'step.started' && event.step === path && event.request !== null,
  )
  const start = log[at]
  const before = start?.type === 'step.started' ? start.request : null
  const isAnew = log.slice(at).some((event) => event.type === 'run.reopened' && event.steps?.includes(path))
  const wanted = before && !isAnew ? before.body : written.body
  if (request.body !== wanted) throw new Violation('request', `${path} begins with ${request.body}, not ${wanted}`)
  const [key, known] = [request, before].map((one) => one?.headers['idempotency-key'])
  if (before && (key === known) !== (before.body === wanted))
    throw new Violation('key', `${path} begins as ${key} after ${known}, its body ${before.body}, then ${wanted}`)
}

/** No more begins in a loop of which more items failed than may. */
function checkFailures({ steps, maxFailures = 0 }: LoopStep, path: string, { frames }: Opened, begun: string): void {
  const failed = Object.values(frames).filter((frame) =>
    steps.some((step) => {
      const state = frame[step.id]
      return state?.status === 'failed' && !isOver(step, state)
    }),
  )
  if (failed.length > maxFailures)
    throw new Violation('failures', `${begun} began after ${failed.length} of ${path} had failed`)
}

function indexOf(list: readonly Step[], id: string): number {
  return list.findIndex((step) => step.id === id)
}

/** Whether what needs a step may go on. */
export function isOver(step: Step, state: StepState): boolean {
  if (state.status === 'succeeded' || state.status === 'skipped') return true
  return state.status === 'failed' && step.onError !== undefined && step.onError !== 'fail'
}

/** Holds the state after an event against the promises about loops. */
export function checkLoops({ places }: Rules, state: RunState, event: RunEvent): void {
  if (!('step' in event)) return
  for (let path = event.step; ;) {
    const around = /^(.*?)(?:\[\d+\])?\.\w+$/.exec(path)?.[1]
    const looped = stepAt(state, path)
    checkLoop(stepIn(places, path), path, looped)
    if (around === undefined) return
    path = around
  }
}

function checkLoop(step: Step | undefined, path: string, state: StepState): void {
  if (step?.type !== 'loop' || state.status !== 'open') return
  const kept = Object.keys(state.frames)
  const going = kept.filter((index) => step.maxFailures === undefined || isOut(state, index))
  if (going.length > step.concurrency) throw new Violation('concurrency', `${path} has ${going.join(', ')} going on`)
  for (const index of kept)
    if (state.results[Number(index)] !== undefined) throw new Violation('memory', `${path}[${index}] is done and kept`)
}

/** Whether a call of an iteration is out; of those that failed and wait to be made anew there may be any number. */
function isOut(state: Opened, index: string): boolean {
  return [...stepsOf(state.frames[Number(index)] ?? {})].some(([, { status }]) => status === 'running')
}

function stepIn(places: Rules['places'], path: string): Step | undefined {
  const place = places.get(placeOf(path))
  return place?.list[place.at]
}

/** Where the definition has the step at a path. */
function placeOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '')
}

/** Holds a failure against the promises about time: none too early, and nothing is left going on in what failed. */
export function checkTime({ places }: Rules, before: RunState, state: RunState, event: RunEvent): void {
  if (event.type !== 'step.failed') return
  const step = stepIn(places, event.step)
  const was = stepAt(before, event.step)
  // What failed of a step in it says so with the path of that step before.
  const own = event.error.message.startsWith('the step took')
  if (own && 'startedAt' in was && was.status !== 'running')
    if (event.at < was.startedAt + (step?.timeoutMs ?? Infinity))
      throw new Violation('early', `${event.step} is out of time after ${event.at - was.startedAt} ms`)
  if (was.status !== 'open') return
  for (const [path, inner] of stepsOf(state.steps)) {
    if (inner.status !== 'running') continue
    let parent = places.get(placeOf(path))?.parent
    const prefix = path.slice(0, path.lastIndexOf('.') + 1)
    for (; parent && (parent.type === 'condition' || parent.type === 'parallel');) {
      if (`${prefix}${parent.id}` === event.step)
        throw new Violation('orphan', `${path} goes on in ${event.step}, which has failed`)
      parent = places.get(placeOf(`${prefix}${parent.id}`))?.parent
    }
  }
}
