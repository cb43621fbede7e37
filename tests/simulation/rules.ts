import { splitPath, stepAt, type RunEvent, type RunState, type StepState } from '../../src/runs/machine.ts'
import type { Step, WorkflowDefinition } from '../../src/steps/schema.ts'
import { listsOf, templatesOf, walkSteps } from '../../src/steps/tree.ts'
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
  const visit = (list: readonly Step[], parent: Step | null) => {
    list.forEach((step, at) => {
      places.set(step.id, { list, at, parent })
      for (const inner of listsOf(step)) visit(inner, step)
      const all = [...walkSteps([step])]
      if (all.some((one) => one.type === 'api_call' && !one.operation.startsWith('GET'))) writes.add(step)
      if (all.some((one) => one.type === 'delay' || one.type === 'approval')) barriers.add(step)
    })
  }
  visit(definition.steps, null)
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
  const first = places.get(idOf(path))
  const own = first?.list[first.at]
  if (!own) throw new Violation('unknown', `${path} is no step`)
  const named = new Set([
    ...templatesOf(own).flatMap((template) =>
      pathsOf(template).flatMap(([root, id]) => (root === 'steps' && id ? [id] : [])),
    ),
    ...(own.dependsOn ?? []),
  ])
  for (;;) {
    const place = places.get(idOf(path))
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
    path = parent.type === 'loop' ? prefix.replace(/\[\d+\]\.$/, '') : `${prefix}${parent.id}`
    const around = stepAt(state, path)
    if (around.status !== 'open')
      throw new Violation('outside', `${event.step} began while ${path} is ${around.status}`)
  }
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
    const around = /^(.*)\[\d+\]\.\w+$/.exec(path)?.[1]
    const looped = stepAt(state, path)
    checkLoop(
      places.get(idOf(path))?.list.find(({ id }) => id === idOf(path)),
      path,
      looped,
    )
    if (around === undefined) return
    path = around
  }
}

function checkLoop(step: Step | undefined, path: string, state: StepState): void {
  if (step?.type !== 'loop' || state.status !== 'open') return
  const going = Object.keys(state.frames)
  if (going.length > step.concurrency) throw new Violation('concurrency', `${path} has ${going.join(', ')} going on`)
  for (const index of going)
    if (state.results[Number(index)] !== undefined) throw new Violation('memory', `${path}[${index}] is done and kept`)
}

/** The id of the step at a path. */
export function idOf(path: string): string {
  const { id, rest } = splitPath(path)
  return rest === '' ? id : path.slice(path.lastIndexOf('.') + 1)
}
