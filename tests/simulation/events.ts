import type { RunEvent } from '../../src/runs/machine/events.ts'

/** Whether an event may be for a step only once, so that its copy must not count. */
export function isOnce(event: RunEvent): boolean {
  switch (event.type) {
    case 'step.succeeded':
    case 'step.failed':
    case 'step.iterated':
    case 'step.skipped':
    case 'step.asked':
    case 'step.sleeping':
      return true
    case 'step.entered':
      return event.again === undefined
    default:
      return false
  }
}

/** An event in one line. */
export function brief(event: RunEvent | undefined): string {
  if (!event) return 'nothing'
  const { type, at, ...rest } = event
  if ('error' in rest && typeof rest.error === 'object') Object.assign(rest, { error: rest.error.message })
  return `${at} ${type} ${JSON.stringify(rest)}`
}
