import type { Effect } from '../specs/operation.ts'
import type { Answer, Attempt } from './assemble.ts'
import type { PlanStep } from './schema.ts'
import type { Clause } from './understand.ts'

const DOES: Record<Effect, string> = {
  read: 'reads',
  create: 'creates something',
  update: 'changes something',
  delete: 'deletes something',
  pay: 'moves money',
  message: 'sends a message',
}

/** A plan in plain words: what happens, in which order, and what it leaves behind. */
export function explainPlan(steps: readonly PlanStep[], missing: number): string {
  const list = steps.map((step, index) => `${steps.length > 1 ? `${index + 1}. ` : ''}${step.title}`).join('; ')
  const changes = steps.flatMap((step, index) =>
    step.effect === 'read' ? [] : [`Step ${index + 1} ${DOES[step.effect]}.`],
  )
  const effects = changes.length === 0 ? 'Nothing is changed.' : changes.join(' ')
  const asks = missing > 0 ? ` ${missing === 1 ? 'One value is' : `${missing} values are`} still needed.` : ''
  return `${list}. ${effects}${asks}`
}

/** What an attempt leaves out of the message, as an assumption to be seen. */
export function unusedAssumptions(clause: Clause, attempt: Attempt): string[] {
  return clause.entities
    .filter((entity) => !attempt.used.has(entity) && !(clause.limit !== null && entity.kind === 'number'))
    .map((entity) => `“${entity.text}” is not used: nothing in the operations takes it`)
}

/** How sure a plan is, from 0 to 1: what share of the words it covers, less for each doubt. */
export function confidenceOf(answers: readonly NonNullable<Answer>[], assumptions: number, missing: number): number {
  if (answers.length === 0) return 0
  const covered = Math.min(...answers.map((answer) => answer.sure))
  const close = answers.some((answer) => answer.margin < 0.1) ? 0.1 : 0
  const sure = 0.35 + 0.62 * covered - 0.04 * assumptions - 0.05 * missing - close
  return Math.round(Math.min(0.97, Math.max(0.05, sure)) * 100) / 100
}
