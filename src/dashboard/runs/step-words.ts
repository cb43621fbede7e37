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
      return over ? 'Not decided' : 'Needs your approval'
    case 'uncertain':
      return over ? 'Outcome unknown' : 'Needs your decision'
  }
}
