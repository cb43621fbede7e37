import type { Effect } from '../specs/operation.ts'
import type { Answer, Attempt, PlannedCall } from './assemble.ts'
import type { PlanStep } from './schema.ts'
import type { Clause } from './understand.ts'
import { unplacedWords } from './unplaced.ts'

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
export function unusedAssumptions(clause: Clause, attempt: Attempt, calls: readonly PlannedCall[]): string[] {
  const values = clause.entities
    .filter((entity) => !attempt.used.has(entity) && !(clause.limit !== null && entity.kind === 'number'))
    .map(({ text }) => text)
  return [...values, ...unplacedWords(clause, calls, attempt.covered)].map(
    (text) => `“${text}” is not used: nothing in the operations takes it`,
  )
}

// Of plans whose operations were together so sure, so many took the right calls: the first half of the questions that
// docs/evaluation.md describes, in groups of 45, smoothed to rise.
const RIGHT: readonly (readonly [sureness: number, share: number])[] = [
  [0, 0.3],
  [0.05, 0.42],
  [0.1, 0.46],
  [1, 0.62],
]

/** How sure a plan is, from 0 to 1: the share of right ones among plans like it. What was left out halves its chances. */
export function confidenceOf(answers: readonly NonNullable<Answer>[], left: number): number {
  if (answers.length === 0) return 0
  const sureness = answers.reduce((product, answer) => product * answer.sure, 1) * 0.5 ** left
  const at = Math.max(
    1,
    RIGHT.findIndex(([from]) => from >= sureness),
  )
  const [[from, low] = [0, 0], [to, high] = [1, 1]] = [RIGHT[at - 1], RIGHT[at]]
  return Math.round((low + ((high - low) * (sureness - from)) / (to - from)) * 100) / 100
}
