import type { StepView } from './run-view.ts'

/** How a step is doing; `over` says that its run has ended, so that what has not begun never will. */
export function stepWords(status: StepView['status'], over: boolean): string {
  switch (status) {
    case 'pending':
      return over ? 'Not run' : 'Up next'
    case 'running':
      return over ? 'Stopped' : 'Running'
    case 'interrupted':
      return over ? 'Stopped' : 'Resuming'
    case 'waiting':
      return over ? 'Stopped' : 'Trying again soon'
    case 'succeeded':
      return 'Done'
    case 'failed':
      return 'Failed'
    case 'skipped':
      return 'Skipped'
    case 'open':
      return over ? 'Stopped' : 'Going on'
    case 'sleeping':
      return over ? 'Stopped' : 'Waiting'
    case 'asking':
      return over ? 'Not decided' : 'Needs approval'
    case 'uncertain':
      return over ? 'Outcome unknown' : 'Needs a decision'
  }
}

/** What a step that calls nothing is for. */
export const PURPOSES: Readonly<Record<StepView['type'], string>> = {
  api_call: 'Calls an operation',
  transform: 'Reshapes what earlier steps gave',
  condition: 'Decides which way to go on',
  loop: 'Repeats its steps',
  parallel: 'Runs its branches at the same time',
  delay: 'Waits',
  approval: 'Waits until somebody approves',
  ai: 'Asks the model',
  workflow: 'Runs another workflow',
}
