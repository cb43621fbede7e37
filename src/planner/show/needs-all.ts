import type { Result } from '../assemble/result.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { stepsOf } from '../plan/report.ts'

/** Whether all items count that a call of a plan lists, and not only those of its first page; `result` is of the last call. */
export function needsAll(calls: readonly PlannedCall[], index: number, result: Result | null): boolean {
  const pick = calls[index]?.pick
  if (pick && (pick.where.length > 0 || pick.order)) return true
  if (isReported(calls, index) || calls.some(({ each }) => each?.step === index)) return true
  const sources = calls.flatMap(({ bindings }) => bindings.map(({ source }) => source))
  const isTold = sources.some(
    (source) =>
      (source.kind === 'answer' || (source.kind === 'step' && source.all !== undefined && !pick?.limit)) &&
      source.step === index,
  )
  return isTold || (index === calls.length - 1 && result !== null && result.kind !== 'fields')
}

/** Whether something is worked out of what a call lists. */
export function isReported(calls: readonly PlannedCall[], index: number): boolean {
  return calls.some(({ report }) => report && stepsOf(report).includes(index))
}
