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
  const asks = missing > 0 ? ` ${missing === 1 ? 'One value is' : `${missing} values are`} still needed.` : ''
  return `${list}. ${effects}${asks}`
}

/** What an attempt leaves out of the message, as an assumption to be seen. */
export function unusedAssumptions(clause: Clause, attempt: Attempt): string[] {
  return clause.entities
    .filter((entity) => !attempt.used.has(entity) && !(clause.limit !== null && entity.kind === 'number'))
    .map((entity) => `“${entity.text}” is not used: nothing in the operations takes it`)
}

// How likely a plan takes the right calls: by logistic regression on the plans of the first half of the questions that
// docs/evaluation.md describes.
const CONFIDENCE = { constant: -1.9, lead: 0.65, sureness: 1.76, missing: -0.6, left: -0.2 }
// A lead beyond this says no more.
const CLEAR_LEAD = 3

/** What a plan lacks: how many parts of the request it leaves out, and how many values a step of it asks for. */
export type Lacking = { left: number; missing: number }

/**
 * How sure a plan is, from 0 to 1, as the share of right ones among plans like it: by how sure the operation of each clause
 * is and how far it leads the next, both on average, and by what is lacking.
 */
export function confidenceOf(answers: readonly NonNullable<Answer>[], { left, missing }: Lacking): number {
  if (answers.length === 0) return 0
  const mean = (of: (answer: NonNullable<Answer>) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0) / answers.length
  const sum =
    CONFIDENCE.constant +
    CONFIDENCE.lead * mean(({ margin }) => Math.min(CLEAR_LEAD, margin)) +
    CONFIDENCE.sureness * mean(({ sure }) => sure) +
    CONFIDENCE.missing * missing +
    CONFIDENCE.left * left
  return Math.round(100 / (1 + Math.exp(-sum))) / 100
}
