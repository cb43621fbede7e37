import type { Frame, Inside, Opened, StepState } from './state.ts'

/**
 * The first part of a path, the frame that leads on from there, and what follows: `refunds[3].refund` → refunds, 3,
 * refund; `invoice.send` → invoice, 0, send.
 */
export function splitPath(path: string): { id: string; index: number | null; rest: string } {
  // Most steps are in nothing else.
  if (!path.includes('.')) return { id: path, index: null, rest: '' }
  const [, id = path, index = '0', rest] = /^(\w+)(?:(?:\[(\d+)\])?\.(.+))?$/.exec(path) ?? []
  return rest === undefined ? { id, index: null, rest: '' } : { id, index: Number(index), rest }
}

/** What the paths of the steps in a frame begin with. */
export function prefixOf(path: string, step: Inside, index: string | number): string {
  return step.input ? `${path}.` : `${path}[${index}].`
}

/** The frame with one step changed; the very same frame when the change changes nothing. */
export function changeStep(
  frame: Frame,
  path: string,
  change: (step: StepState | undefined) => StepState | undefined,
): Frame {
  const { id, index, rest } = splitPath(path)
  const step = frame[id]
  if (index === null) {
    const changed = change(step)
    return changed === undefined || changed === step ? frame : { ...frame, [id]: changed }
  }
  if (step?.status !== 'open' || step.results[index] !== undefined || index >= step.count) return frame
  const before = step.frames[index] ?? {}
  const inner = changeStep(before, rest, change)
  if (inner === before) return frame
  return { ...frame, [id]: { ...step, begun: begunWith(step, index), frames: { ...step.frames, [index]: inner } } }
}

/** Every step that has a state, changed; loops and workflows with their frames. */
export function forEachStep(frame: Frame, change: (step: StepState, path: string) => StepState, prefix = ''): Frame {
  return Object.fromEntries(
    Object.entries(frame).map(([id, step]) => {
      const path = `${prefix}${id}`
      const changed = change(step, path)
      if (changed.status !== 'open') return [id, changed]
      const frames = Object.entries(changed.frames).map(([index, inner]) => [
        index,
        forEachStep(inner, change, prefixOf(path, changed, index)),
      ])
      return [id, { ...changed, frames: Object.fromEntries(frames) as Record<number, Frame> }]
    }),
  )
}

/** Every step that has a state, with its path. */
export function* stepsOf(frame: Frame, prefix = ''): Generator<readonly [path: string, step: StepState]> {
  for (const [id, step] of Object.entries(frame)) {
    yield [`${prefix}${id}`, step]
    if (step.status !== 'open') continue
    for (const [index, inner] of Object.entries(step.frames))
      yield* stepsOf(inner, prefixOf(`${prefix}${id}`, step, index))
  }
}

/** The first iteration that has not begun, once iteration `index` has. Iterations begin in any order. */
export function begunWith(loop: Opened, index: number): number {
  if (index !== loop.begun) return loop.begun
  let begun = index + 1
  while (hasBegun(loop, begun)) begun++
  return begun
}

/** Whether an iteration of a loop has begun, whatever has become of it. */
export function hasBegun(loop: Inside, index: number): boolean {
  return index < loop.begun || loop.frames[index] !== undefined || loop.results[index] !== undefined
}
