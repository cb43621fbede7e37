import type { Effect } from '../../specs/operation.ts'
import { unplacedWords } from '../answer/unplaced.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { PlanStep } from '../schema.ts'
import type { Clause } from '../understand/clause.ts'

const DOES: Record<Effect, string> = {
  read: 'reads',
  create: 'creates something',
  update: 'changes something',
  delete: 'deletes something',
  pay: 'moves money',
  message: 'sends a message',
}

/** A plan in plain words: what happens, in which order, and what it leaves behind; `repeated` are done more than once. */
export function explainPlan(
  steps: readonly PlanStep[],
  missing: number,
  repeated: ReadonlySet<string> = new Set(),
): string {
  const list = steps.map((step, index) => `${steps.length > 1 ? `${index + 1}. ` : ''}${step.title}`).join('; ')
  const changes = steps.flatMap((step, index) =>
    step.effect === 'read'
      ? []
      : [`Step ${index + 1} ${DOES[step.effect]}${repeated.has(step.id) ? ' each time' : ''}.`],
  )
  const effects = changes.length === 0 ? 'Nothing is changed.' : changes.join(' ')
  return `${list}. ${effects}${neededWords(missing)}`
}

/** How many values a plan asks for, as its explanation ends. */
export function neededWords(missing: number): string {
  return missing > 0 ? ` ${missing === 1 ? 'One value is' : `${missing} values are`} still needed.` : ''
}

/** What an attempt leaves out of the message, as an assumption to be seen. */
export function unusedAssumptions(clause: Clause, attempt: Attempt, calls: readonly PlannedCall[]): string[] {
  const values = clause.entities
    .filter((entity) => !attempt.used.has(entity) && !(clause.limit !== null && entity.kind === 'number'))
    .map(({ text }) => text)
  return [...values, ...unplacedWords(clause, calls, attempt.covered)].map(
    (text) => `“${text}” is not used: nothing in the operations takes it`,
  )
}
