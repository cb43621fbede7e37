import type { OnError, Retry } from '../../steps/schema.ts'
import { readCriterion } from './criterion.ts'
import { targetOf, type StepPlace } from './import-actions.ts'
import { readRetries } from './import-retries.ts'
import { transferOf, type Transfers } from './import-transfers.ts'
import { placedList, tell, textOf, type Importing, type Placed } from './importing.ts'
import type { CalleeTarget } from './import-callees.ts'
import type { Read } from './runtime.ts'
import { freeId } from './step-ids.ts'
import { isTaken, type Branching, type Way } from './ways.ts'

/** What the failure actions of a step say: how often it is tried again, and how to go on after that. */
export type ReadFailure = {
  retry?: Retry
  onError?: OnError
  /** Where the failure leads, where that depends on more than that there is one. */
  branching?: Branching
  /** Steps behind the call: the workflows that a failure hands over to, and the failure where no action is for it. */
  behind: Record<string, unknown>[]
}

/** Where one action leads: a way, and the workflow that is called on it. It may be to fail, as without any action. */
type FailureWay = Way & { fails: boolean; callee: CalleeTarget | null; workflowId: string }

const FIX = 'Say in onError of the step how to go on after a failure.'

/**
 * Reads failure actions. One for every failure is what `onError` says. Where they ask for more, or hand over to a workflow, the
 * run goes on after the failure, the steps behind are made as the first action that holds says, and a step fails where none
 * does.
 */
export function readFailureActions(
  importing: Importing,
  step: StepPlace,
  actions: readonly Placed[],
  transfers: Transfers | null = null,
  checkId: string | null = null,
): ReadFailure {
  const retry = readRetries(
    importing,
    step,
    actions.filter(({ node }) => node['type'] === 'retry'),
  )
  const ways = readWays(
    importing,
    step,
    actions.filter(({ node }) => node['type'] !== 'retry'),
    transfers,
  )
  const read: ReadFailure = { ...(retry ? { retry } : {}), behind: [] }
  const [first] = ways
  // To fail is what a failed step does anyway.
  if (!first || (ways.every(({ fails }) => fails) && first.condition !== null)) return read
  if (first.condition === null && first.callee === null) return { ...read, onError: simple(step, first) }
  return { ...read, onError: 'continue', ...branch(step, ways, transfers, checkId) }
}

function simple({ ids }: StepPlace, { fails, to }: FailureWay): OnError {
  const target = ids[to]
  return fails ? 'fail' : target ? { goto: target } : 'continue'
}

function readWays(
  importing: Importing,
  step: StepPlace,
  actions: readonly Placed[],
  transfers: Transfers | null,
): FailureWay[] {
  const ways: FailureWay[] = []
  for (const { node, place } of actions) {
    const way = readWay(importing, step, { node, place }, transfers)
    if ('reason' in way) tell(importing, place, `is left out: ${way.reason}`, FIX)
    else ways.push(way.value)
    // What is listed behind an action without criteria is never asked.
    if ('value' in way && way.value.condition === null) break
  }
  return ways
}

function readWay(
  importing: Importing,
  step: StepPlace,
  { node, place }: Placed,
  transfers: Transfers | null,
): Read<FailureWay> {
  const { current } = step.context
  const context = { ...step.context, current: current && { ...current, failed: true } }
  const criteria = placedList(importing, node['criteria'], [...place, 'criteria'])
  const conditions = criteria.map((criterion) => readCriterion(criterion.node, context))
  const unread = conditions.find((part) => 'reason' in part)
  if (unread && 'reason' in unread) return unread
  const condition = conditions.flatMap((part) => ('value' in part ? [part.value] : [])).join(' and ') || null
  const end = step.ids.length
  const plain = { condition, to: end, fails: false, callee: null, workflowId: '' }
  if (node['type'] === 'end') return { value: { ...plain, fails: true } }
  const callee = transfers && transferOf(transfers, node)
  if (callee) {
    if ('reason' in callee) return callee
    return { value: { ...plain, callee: callee.value, workflowId: textOf(node['workflowId']) } }
  }
  const target = targetOf(step, node)
  if ('reason' in target) return target
  const to = typeof target.value === 'string' ? step.ids.indexOf(target.value) : end
  return { value: { ...plain, to } }
}

function branch(
  step: StepPlace,
  ways: readonly FailureWay[],
  transfers: Transfers | null,
  checkId: string | null,
): Pick<ReadFailure, 'branching' | 'behind'> {
  const { id } = step
  const failures = [id, ...(checkId === null ? [] : [checkId])].map((one) => `$exists(steps.${one}.error)`)
  const made = failures.length > 1 ? `(${failures.join(' or ')})` : (failures[0] ?? '')
  const none = ways.at(-1)?.condition !== null
  const all: FailureWay[] = none
    ? [...ways, { condition: null, to: step.ids.length, fails: true, callee: null, workflowId: '' }]
    : [...ways]
  const behind = all.flatMap(({ callee, workflowId }, index) => {
    const when = `{{ ${isTaken(made, all, index)} }}`
    return callee && transfers ? [transfers.write(freeId(step, 'handed_over'), callee, workflowId, when)] : []
  })
  const failing = all.flatMap(({ fails }, index) => (fails ? [isTaken(made, all, index)] : []))
  const failure = failing.length > 0 ? [failureOf(step, failing.join(' or '), checkId)] : []
  return { branching: { after: step.index, made, ways: all }, behind: [...failure, ...behind] }
}

/** A step that fails as the call did, or what was checked of its answer. */
function failureOf(step: StepPlace, when: string, checkId: string | null): Record<string, unknown> {
  const messages = [step.id, ...(checkId === null ? [] : [checkId])].map((id) => `steps.${id}.error.message`)
  return {
    id: freeId(step, 'failed'),
    type: 'transform',
    name: 'No failure that the document goes on from',
    when: `{{ ${when} }}`,
    value: `{{ $error([${messages.join(', ')}][0]) }}`,
  }
}
