import type { InputSchema } from '../../steps/schema.ts'
import { isRecord } from './json-schema.ts'
import { placedList, tell, textOf, type Importing, type Placed } from './importing.ts'
import { actionsOf, type StepPlace } from './import-actions.ts'
import { readFailureActions } from './import-failures.ts'
import { isCallOfOurs, MAX_NAME, ownFields, readCall, readCallee } from './import-step.ts'
import { checkOf, madeOf, passedOf, readSuccessActions, readSuccessCriteria } from './import-success.ts'
import { newTransfers, readDependencies, type Transfers } from './import-transfers.ts'
import type { CalleeTarget } from './import-callees.ts'
import { MissingInputs } from './import-missing.ts'
import type { ExpressionContext, KnownStep, Read } from './runtime.ts'
import { readTarget, type CallTarget, type Source } from './sources.ts'
import { freeId, newId } from './step-ids.ts'
import { conditionAt, type Branching } from './ways.ts'

/** Steps before they are held against the schema: what extensions gave may be anything. */
type Draft = Record<string, unknown>

/** What became of the steps of a workflow. */
export type ReadSteps = {
  steps: Draft[]
  total: number
  mapped: number
  /** For what comes after the steps. */
  context: ExpressionContext
  /** What they need and the document does not give. */
  missing: MissingInputs
}

// A list of a definition has at most 100 steps; lists within steps have as many again.
const MAX_STEPS = { listed: 100, arranged: 5000 }
// Each stands in the conditions of all steps that it may lead over.
const MAX_WAYS = 1000

/** What the steps of a document may call. */
export type Callable = {
  sources: readonly Source[]
  /** Another workflow, by what a step has for its `workflowId`. */
  calleeOf: (workflowId: string) => Read<CalleeTarget>
  waitsFor: Transfers['waitsFor']
}

/** What a step calls. */
type Target = { operation: CallTarget } | { callee: CalleeTarget }

type Named = Placed & { stepId: string; id: string | null; target: Target | null }

/** The steps of a workflow: its calls in their order, with what the document hangs on them, in the structure it gives. */
export function readSteps(
  importing: Importing,
  workflow: Placed,
  callable: Callable,
  inputs: InputSchema | undefined,
  notes: Set<string>,
): ReadSteps {
  const structure = workflow.node['x-apiq-steps']
  const at = [...workflow.place, 'steps']
  const all = placedList(importing, workflow.node['steps'] ?? null, at)
  const most = Array.isArray(structure) ? MAX_STEPS.arranged : MAX_STEPS.listed
  if (all.length > most) tell(importing, at, `are ${all.length}; at most ${most} are read`, 'Cut the workflow in two.')
  const listed = all.length > most ? [] : all
  const named = nameSteps(
    importing,
    listed.filter(({ node }) => node['x-apiq-placeholder'] !== true),
    callable,
  )
  const mapped = named.filter(({ id }) => id !== null)
  const known = new Map<string, KnownStep>(
    mapped.map(({ stepId, id, node, target }) => [
      stepId,
      {
        id: id ?? '',
        outputs: isRecord(node['outputs']) ? node['outputs'] : {},
        ...(target && 'callee' in target ? { gives: target.callee.gives } : {}),
      },
    ]),
  )
  const own = new Set(Object.keys(inputs?.properties ?? {}))
  const missing = new MissingInputs(own)
  const transfers = newTransfers(callable, own, missing, notes)
  const taken = new Set(mapped.flatMap(({ id }) => id ?? []))
  const first = readDependencies(importing, workflow, transfers, taken)
  const context: ExpressionContext = { steps: known, inputs: own, current: null, workflows: first.known }
  const calls = readCalls(importing, workflow, named, { context, missing, notes, transfers, taken })
  const inOrder = calls.map((call) => behindAll(call, first.ids))
  const steps = Array.isArray(structure)
    ? arrange(structure, inOrder)
    : inOrder.flatMap(({ draft, behind }) => [draft, ...behind])
  return { steps: [...first.drafts, ...steps], total: named.length, mapped: mapped.length, context, missing }
}

/** Gives each step that can be taken over an id of the definition, and says of the others why not. */
function nameSteps(importing: Importing, steps: readonly Placed[], callable: Callable): Named[] {
  const taken = new Set<string>()
  return steps.map((step, index) => {
    const stepId = textOf(step.node['stepId'] ?? `step${index + 1}`)
    const target = targetOf(step.node, callable)
    if ('reason' in target) {
      tell(importing, step.place, `is left out: ${target.reason}`, fixFor(step.node))
      return { ...step, stepId, id: null, target: null }
    }
    const id = newId(stepId, taken)
    taken.add(id)
    return { ...step, stepId, id, target: target.value }
  })
}

function targetOf(node: Record<string, unknown>, { sources, calleeOf }: Callable): Read<Target> {
  const { workflowId } = node
  if (isCallOfOurs(node)) return { value: { callee: { call: {}, gives: new Set(), takes: null } } }
  if (typeof workflowId !== 'string') {
    const operation = readTarget(node, sources)
    return 'reason' in operation ? operation : { value: { operation: operation.value } }
  }
  const callee = calleeOf(workflowId)
  return 'reason' in callee ? callee : { value: { callee: callee.value } }
}

function fixFor(node: Record<string, unknown>): string {
  return typeof node['workflowId'] === 'string'
    ? 'Put the steps of that workflow in its place, or import that one first.'
    : 'Connect the API that has the operation, or correct its name; then import again.'
}

type ReadCall = { id: string; draft: Draft; behind: Draft[] }

/** What the steps of a workflow have in common. */
type Around = Pick<ReadSteps, 'context' | 'missing'> & {
  notes: Set<string>
  transfers: Transfers
  taken: Set<string>
}

function readCalls(
  importing: Importing,
  workflow: Placed,
  named: readonly Named[],
  { context, missing, notes, transfers, taken }: Around,
): ReadCall[] {
  const shared = placedList(importing, workflow.node['parameters'], [...workflow.place, 'parameters'])
  const order = new Map(named.map(({ stepId }, index) => [stepId, index]))
  const ids = named.map(({ id }) => id)
  const branchings: Branching[] = []
  const calls = named.map(({ node, place, stepId, id, target }, index): ReadCall | null => {
    const current = context.steps.get(stepId)
    if (id === null || !target || !current) return null
    const step: StepPlace = { node, place, id, index, context: { ...context, current }, order, ids, taken }
    const failures = actionsOf(importing, step, workflow, 'Failure')
    const successes = actionsOf(importing, step, workflow, 'Success')
    const { wanted, succeedsOn } = readSuccessCriteria(importing, step, notes)
    const checkId = wanted === null ? null : freeId(step, 'check')
    const failed = readFailureActions(
      importing,
      step,
      failures.filter(({ node }) => !isReplaced(step, node)),
      transfers,
      checkId,
    )
    const { retry, onError } = failed
    if (textOf(node['description'] ?? '').length > MAX_NAME)
      notes.add(`Descriptions of steps are cut to ${MAX_NAME} characters.`)
    if ('callee' in target && target.callee.note !== undefined) notes.add(target.callee.note)
    const made = madeOf(step, onError)
    const decided = readSuccessActions(importing, step, passedOf(made, checkId, onError), successes, transfers)
    branchings.push(decided.branching, ...(failed.branching ? [failed.branching] : []))
    const draft: Draft = {
      id,
      ...('operation' in target
        ? { type: 'api_call', ...readCall(importing, step, target.operation, shared, missing) }
        : { type: 'workflow', ...readCallee(importing, step, target.callee, shared, missing) }),
      ...(succeedsOn.length > 0 ? { succeedsOn } : {}),
      ...(retry ? { retry } : {}),
      ...(onError === undefined ? {} : { onError }),
      ...ownFields(node),
    }
    const check = wanted === null || checkId === null ? [] : [checkOf(step, checkId, { made, wanted, onError })]
    const behind = [...check, ...decided.behind, ...failed.behind]
    return { id, draft, behind }
  })
  if (branchings.reduce((sum, { ways }) => sum + ways.length, 0) > MAX_WAYS) {
    tell(importing, workflow.place, `has more than ${MAX_WAYS} actions`, 'Cut the workflow in two.')
    return []
  }
  return calls.flatMap((call, index) => (call ? [underCondition(call, conditionAt(index, branchings))] : []))
}

/** Whether an extension of the step says exactly what an action of it says nearly. */
function isReplaced({ node }: Placed, action: Record<string, unknown>): boolean {
  return (action['type'] === 'retry' ? 'x-apiq-retry' : 'x-apiq-onError') in node
}

/** A call that waits for what must be done before all: what only reads would overtake it. */
function behindAll(call: ReadCall, first: readonly string[]): ReadCall {
  if (first.length === 0) return call
  const { dependsOn } = call.draft
  const own: unknown[] = Array.isArray(dependsOn) ? dependsOn : []
  return { ...call, draft: { ...call.draft, dependsOn: [...new Set([...first, ...own])] } }
}

/** Adds to the condition of a call. */
function underCondition(call: ReadCall, condition: string | null): ReadCall {
  if (condition === null) return call
  const { when } = call.draft
  const own = typeof when === 'string' ? /^\{\{([^{}]+)\}\}$/.exec(when)?.[1]?.trim() : undefined
  const all = own === undefined ? condition : `(${own}) and ${condition}`
  return { ...call, draft: { ...call.draft, when: `{{ ${all} }}` } }
}

/**
 * The structure that an extension gives, with the calls put in; a call that it does not name follows at the end, and
 * what is left without steps goes.
 */
function arrange(structure: readonly unknown[], calls: readonly ReadCall[]): Draft[] {
  const open = new Map(calls.map((call) => [call.id, call]))
  const list = (entries: readonly unknown[]): Draft[] => entries.filter(isRecord).flatMap(place)
  function place(entry: Draft): Draft[] {
    // Exports of before had calls of workflows here alone.
    if (entry['type'] === 'api_call' || (entry['type'] === 'workflow' && open.has(textOf(entry['id'])))) {
      const call = open.get(textOf(entry['id']))
      open.delete(textOf(entry['id']))
      return call ? [call.draft, ...call.behind] : []
    }
    const inner = Object.entries(entry).map(([key, value]) => [key, within(key, value)] as const)
    return [Object.fromEntries(inner)]
  }
  function within(key: string, value: unknown): unknown {
    if (!Array.isArray(value)) return value
    if (key === 'then' || key === 'else' || key === 'steps') return list(value)
    return key === 'branches' ? value.map((branch: unknown) => (Array.isArray(branch) ? list(branch) : branch)) : value
  }
  const placed = list(structure)
  return [...placed, ...[...open.values()].flatMap(({ draft, behind }) => [draft, ...behind])]
}
