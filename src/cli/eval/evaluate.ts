import type { EndpointView } from '../../catalog/schema.ts'
import { slotsOf } from '../../links/slots.ts'
import type { Plan } from '../../planner/schema.ts'
import { addArguments, type Argument, type ArgumentCounts, compareArguments } from './arguments.ts'
import { countFlows, hasAllAt, isCorrectPath, isExactPath, precision, recallAt } from './metrics.ts'
import { callsOf, flowsOf, type PlannedCall } from './planned.ts'
import type { Question } from './questions.ts'
import type { Half } from './split.ts'

/** What became of one question. */
export type Result = {
  id: string
  file: string
  half: Half
  query: string
  gold: string[]
  planned: string[]
  considered: string[]
  status: Plan['status']
  explanation: string
  assumptions: string[]
  planner: Plan['planner']
  confidence: number
  ms: number
  recall: Record<1 | 5 | 10 | 20, number>
  all: Record<10 | 20, boolean>
  correct: boolean
  exact: boolean
  precision: number | null
  extra: number
  /** Of what the operations require, and of all that the data gives; null where the data gives no arguments. */
  arguments: { required: ArgumentCounts; all: ArgumentCounts } | null
  flows: ReturnType<typeof countFlows> | null
  /** Whether it was asked which of two readings is meant; the first is what is judged. */
  askedBack: boolean
  /** What plain BM25 finds for the whole message. */
  floor: { recall10: number; all10: boolean }
  /** Gold operations that no connected document offers. */
  unknown: string[]
}

/** A question that nothing connected answers, and whether that was said. */
export type Refusal = {
  id: string
  file: string
  half: Half
  query: string
  refused: boolean
  planned: string[]
  confidence: number
}

/** Whether an answer says that nothing connected does what was asked. */
export function isRefusal(status: Plan['status']): boolean {
  return status === 'not_found' || status === 'needs_api'
}

/** Holds a plan against the answer that is known. */
export function judge(
  question: Question,
  half: Half,
  { plan, ms, askedBack }: { plan: Plan; ms: number; askedBack: boolean },
  floor: readonly string[],
  operations: readonly EndpointView[],
): Result {
  const { id, file, query, gold, ordered } = question
  const calls = callsOf(plan, operations)
  const planned = calls.map(({ operation }) => operation)
  const considered = plan.considered.map(({ operation }) => operation)
  const known = new Set(operations.map(nameOf))
  const at = (k: number) => recallAt(gold, considered, k)
  return {
    id,
    file,
    half,
    query,
    gold,
    planned,
    considered,
    status: plan.status,
    explanation: plan.explanation,
    assumptions: plan.assumptions,
    planner: plan.planner,
    confidence: plan.confidence,
    ms,
    recall: { 1: at(1), 5: at(5), 10: at(10), 20: at(20) },
    all: { 10: hasAllAt(gold, considered, 10), 20: hasAllAt(gold, considered, 20) },
    correct: isCorrectPath(gold, planned, ordered),
    exact: isExactPath(gold, planned, ordered),
    precision: precision(gold, planned),
    extra: planned.length - gold.length,
    arguments: judgeArguments(question, calls, operations),
    askedBack,
    flows: question.flows && countFlows(question.flows, flowsOf(plan)),
    floor: { recall10: recallAt(gold, floor, 10), all10: hasAllAt(gold, floor, 10) },
    unknown: gold.filter((operation) => !known.has(operation)),
  }
}

function judgeArguments({ calls }: Question, planned: readonly PlannedCall[], operations: readonly EndpointView[]) {
  if (!calls) return null
  const left = [...planned]
  const pairs = calls.map((call) => {
    const at = left.findIndex(({ operation }) => operation === call.operation)
    return { call, made: at === -1 ? null : (left.splice(at, 1)[0] ?? null) }
  })
  const count = (keep: (operation: string, argument: Argument) => boolean) =>
    addArguments(
      pairs.map(({ call, made }) => {
        const kept = (given: readonly Argument[]) => given.filter((argument) => keep(call.operation, argument))
        return compareArguments(kept(call.arguments), made && kept(made.arguments))
      }),
    )
  const required = new Map(operations.map((operation) => [nameOf(operation), requiredNames(operation)]))
  return {
    required: count((operation, { name }) => required.get(operation)?.has(name) ?? true),
    all: count(() => true),
  }
}

/** The names of what an operation requires, as `leavesOf` writes them. */
function requiredNames(operation: EndpointView): Set<string> {
  const needed = slotsOf(operation).filter((slot) => slot.required)
  return new Set(
    needed.map((slot) =>
      slot.in === 'body' ? slot.path.filter((part) => typeof part === 'string').join('.') : slot.name,
    ),
  )
}

function nameOf({ method, path }: EndpointView): string {
  return `${method} ${path}`
}
