import type { RunEvent } from './machine/events.ts'
import type { StepState } from './machine/state.ts'

type Times = { entered: number[]; started: Map<number, number>; once: number | undefined; ended: number | undefined }

/** When the expressions of steps were evaluated, by the log of a run; see `Answers.timeOf`. */
export function timesOf(events: readonly RunEvent[]) {
  const steps = new Map<string, Times>()
  for (const event of events) {
    if (!('step' in event)) continue
    const none: Times = { entered: [], started: new Map(), once: undefined, ended: undefined }
    const times = steps.get(event.step) ?? none
    steps.set(event.step, times)
    if (event.type === 'step.entered') times.entered.push(event.at)
    else if (event.type === 'step.started') times.started.set(event.attempt, event.at)
    else if (event.type === 'step.succeeded') times.ended = event.at
    else if (event.type === 'step.skipped' || event.type === 'step.sleeping' || event.type === 'step.asked')
      times.once = event.at
  }
  return (path: string, attempt: number, before: StepState): number | undefined => {
    const times = steps.get(path)
    if (!times) return undefined
    const { entered, started, once, ended } = times
    // What goes on asks once more: a loop whether, a workflow what it gives.
    if (before.status === 'open') return entered[before.count] ?? ended
    return started.get(attempt) ?? entered[0] ?? once
  }
}
