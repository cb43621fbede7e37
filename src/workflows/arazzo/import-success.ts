import { readCriterion } from './criterion.ts'
import { describeAction, targetOf, type StepPlace } from './import-actions.ts'
import { placedList, shorten, tell, textOf, type Importing, type Placed } from './importing.ts'
import { transferOf, type Transfers } from './import-transfers.ts'
import type { CalleeTarget } from './import-callees.ts'
import type { Read } from './runtime.ts'
import { failureStatuses, redirectStatuses, statusCondition, statusesOf, successStatuses } from './statuses.ts'
import { freeId } from './step-ids.ts'
import { isTaken, type Branching, type Way } from './ways.ts'

const MAX_MESSAGE = 2000

/**
 * What the success criteria of a step say beyond that a status of 2xx is success: what else they ask for, as one expression
 * or null, and the statuses of failure that they take for success.
 */
export function readSuccessCriteria(
  importing: Importing,
  step: StepPlace,
  notes: Set<string>,
): { wanted: string | null; succeedsOn: number[] } {
  const at = [...step.place, 'successCriteria']
  const list = placedList(importing, step.node['successCriteria'], at)
  let succeedsOn: number[] = []
  const statuses = list.filter(({ node }) => statusCondition(node) !== null).map(({ node }) => node)
  if (statuses.length > 0 && step.context.current?.gives)
    notes.add('A step that calls a workflow has no status: it succeeds where that workflow does.')
  else if (statuses.length > 0) {
    const allowed = statusesOf(statuses, [...successStatuses, ...redirectStatuses, ...failureStatuses]) ?? []
    if (!allowed.some((status) => status < 300))
      tell(importing, at, 'wants a status that is no success here', 'A call succeeds with 2xx; use onError for others.')
    else {
      succeedsOn = allowed.filter((status) => failureStatuses.includes(status))
      if (allowed.some((status) => redirectStatuses.includes(status)))
        tell(importing, at, 'takes a redirect for success; here it is followed', 'Expect what it leads to.')
    }
    if (!successStatuses.every((status) => allowed.includes(status)))
      notes.add('Where the document wants one status, such as 200, any 2xx counts as success.')
  }
  const wanted: string[] = []
  for (const { node, place } of list.filter((criterion) => statusCondition(criterion.node) === null)) {
    const read = readCriterion(node, step.context)
    if ('value' in read) wanted.push(read.value)
    else tell(importing, place, `is not checked: ${read.reason}`, 'Add a step that checks it.')
  }
  return { wanted: wanted.length === 0 ? null : wanted.join(' and '), succeedsOn }
}

/** Whether a step was made and went well: what was left out, or failed and was gone on from, has given nothing. */
export function madeOf({ id, context }: StepPlace, onError: unknown): string {
  if (!context.current?.gives) return `$exists(steps.${id}.status)`
  return `$exists(steps.${id})${isGoneOnFrom(onError) ? ` and $not($exists(steps.${id}.error))` : ''}`
}

/** As `madeOf`, and its answer is what the document wants, which a step behind it checks. */
export function passedOf(made: string, checkId: string | null, onError: unknown): string {
  return checkId !== null && isGoneOnFrom(onError) ? `${made} and $not($exists(steps.${checkId}.error))` : made
}

function isGoneOnFrom(onError: unknown): boolean {
  return onError !== undefined && onError !== 'fail'
}

/** A step that fails unless what the document wants of an answer holds; a call that was not made is not checked. */
export function checkOf(
  { id, node }: StepPlace,
  checkId: string,
  { made, wanted, onError }: { made: string; wanted: string; onError: unknown },
): Record<string, unknown> {
  const message = JSON.stringify(`the answer of ${textOf(node['stepId'] ?? id)} is not what the document wants`)
  return {
    id: checkId,
    type: 'transform',
    name: 'What the document wants of the answer',
    when: `{{ ${made} }}`,
    value: `{{ $assert($boolean(${wanted}), ${message}) }}`,
    ...(onError === undefined ? {} : { onError }),
  }
}

/** Where one success action leads, and the workflow that is called on the way. */
type SuccessWay = Way & { callee: CalleeTarget | null; workflowId: string }

/**
 * Where the success actions of a step lead, and what is behind the step for that: the workflows that they hand over to,
 * after which nothing is made. Where a decision cannot be read a person takes it: an approval says what the document wants.
 */
export function readSuccessActions(
  importing: Importing,
  step: StepPlace,
  made: string,
  actions: readonly Placed[],
  transfers: Transfers,
): { branching: Branching; behind: Record<string, unknown>[] } {
  const ways: SuccessWay[] = []
  const undecided: string[] = []
  for (const { node, place } of actions) {
    const way = readWay(importing, step, { node, place }, transfers)
    if ('reason' in way) {
      const fix = 'Write it as conditions of later steps.'
      tell(importing, place, `is left to a person to decide: ${way.reason}`, fix)
      undecided.push(describeAction(node))
      continue
    }
    ways.push(way.value)
    // What is listed behind an action without criteria is never asked.
    if (way.value.condition === null) break
  }
  const handedOver = ways.flatMap(({ callee, workflowId }, index) => {
    const when = `{{ ${isTaken(made, ways, index)} }}`
    return callee ? [transfers.write(freeId(step, 'handed_over'), callee, workflowId, when)] : []
  })
  const approvals = undecided.length > 0 ? [approvalOf(step, made, undecided)] : []
  return { branching: { after: step.index, made, ways }, behind: [...approvals, ...handedOver] }
}

function readWay(
  importing: Importing,
  step: StepPlace,
  { node, place }: Placed,
  transfers: Transfers,
): Read<SuccessWay> {
  const end = { value: step.ids.length }
  const callee = transferOf(transfers, node)
  const target = callee || node['type'] === 'end' ? end : targetOf(step, node)
  const criteria = placedList(importing, node['criteria'], [...place, 'criteria'])
  const conditions = criteria.map((criterion) => readCriterion(criterion.node, step.context))
  for (const part of [callee ?? end, target, ...conditions]) if ('reason' in part) return part
  const condition = conditions.flatMap((part) => ('value' in part ? [part.value] : [])).join(' and ') || null
  const to = 'value' in target ? target.value : step.ids.length
  return {
    value: {
      condition,
      to: typeof to === 'string' ? step.ids.indexOf(to) : to,
      callee: callee && 'value' in callee ? callee.value : null,
      workflowId: textOf(node['workflowId']),
    },
  }
}

function approvalOf(step: StepPlace, made: string, undecided: readonly string[]): Record<string, unknown> {
  const message = `After "${step.id}" the document wants a decision: ${undecided.join('; ')}. Approve to go on.`
  return {
    id: freeId(step, 'decision'),
    type: 'approval',
    when: `{{ ${made} }}`,
    // Text of the document is no template.
    message: shorten(message.replaceAll('{{', '{ {'), MAX_MESSAGE),
  }
}
