import { readCriterion } from './criterion.ts'
import { targetOf, type StepPlace } from './import-actions.ts'
import { placedList, shorten, tell, type Importing, type Placed } from './importing.ts'
import { isRecord } from './json-schema.ts'
import { failureStatuses, redirectStatuses, statusCondition, statusesOf, successStatuses } from './statuses.ts'

/**
 * Where a step leads: the first way whose condition holds, to the place `to` among the steps; null holds always. None
 * does: on to the next step, as after a step that was not made, which `made` tells.
 */
export type Branching = { after: number; made: string; ways: { condition: string | null; to: number }[] }

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
  const failed = onError === undefined || onError === 'fail' ? '' : ` and $not($exists(steps.${id}.error))`
  return `$exists(steps.${id})${failed}`
}

/** A step that fails unless what the document wants of an answer holds; a call that was not made is not checked. */
export function checkOf(step: StepPlace, made: string, wanted: string, onError: unknown): Record<string, unknown> {
  const { id, node } = step
  const message = JSON.stringify(`the answer of ${String(node['stepId'] ?? id)} is not what the document wants`)
  return {
    id: freeId(step, 'check'),
    type: 'transform',
    name: 'What the document wants of the answer',
    when: `{{ ${made} }}`,
    value: `{{ $assert($boolean(${wanted}), ${message}) }}`,
    ...(onError === undefined ? {} : { onError }),
  }
}

/**
 * Where the success actions of a step lead. Where a decision cannot be read a person takes it: an approval behind the
 * step says what the document wants.
 */
export function readSuccessActions(
  importing: Importing,
  step: StepPlace,
  made: string,
  actions: readonly Placed[],
): { branching: Branching; approvals: Record<string, unknown>[] } {
  const branching: Branching = { after: step.index, made, ways: [] }
  const undecided: string[] = []
  for (const { node, place } of actions) {
    const target = node['type'] === 'end' ? { value: step.ids.length } : targetOf(step, node)
    const criteria = placedList(importing, node['criteria'], [...place, 'criteria'])
    const conditions = criteria.map((criterion) => readCriterion(criterion.node, step.context))
    const unread = [target, ...conditions].find((part) => 'reason' in part)
    if (unread && 'reason' in unread) {
      const fix = 'Write it as conditions of later steps.'
      tell(importing, place, `is left to a person to decide: ${unread.reason}`, fix)
      undecided.push(describe(node))
    } else if ('value' in target) {
      const condition = conditions.flatMap((part) => ('value' in part ? [part.value] : [])).join(' and ') || null
      branching.ways.push({
        condition,
        to: typeof target.value === 'string' ? step.ids.indexOf(target.value) : target.value,
      })
      // What is listed behind an action without criteria is never asked.
      if (condition === null) break
    }
  }
  if (undecided.length === 0) return { branching, approvals: [] }
  const message = `After "${step.id}" the document wants a decision: ${undecided.join('; ')}. Approve to go on.`
  const approval = {
    id: freeId(step, 'decision'),
    type: 'approval',
    when: `{{ ${made} }}`,
    // Text of the document is no template.
    message: shorten(message.replaceAll('{{', '{ {'), MAX_MESSAGE),
  }
  return { branching, approvals: [approval] }
}

/** The condition under which the step at a place is made; null where nothing leads over it. */
export function conditionAt(index: number, branchings: readonly Branching[]): string | null {
  const conditions = branchings
    .filter(({ after, ways }) => after < index && ways.some(({ to }) => to > index))
    .map(({ made, ways }) => {
      const way = ways.reduceRight<string>((rest, { condition, to }) => {
        const goesHere = String(to <= index)
        return condition === null || goesHere === rest ? goesHere : `(${condition} ? ${goesHere} : ${rest})`
      }, 'true')
      return `(${made} ? ${way} : true)`
    })
  return conditions.length === 0 ? null : conditions.join(' and ')
}

/** An id for a step that the document does not have. */
function freeId({ id, ids }: StepPlace, suffix: string): string {
  const base = `${id.slice(0, 50)}_${suffix}`
  let free = base
  for (let count = 2; ids.includes(free); count++) free = `${base}_${count}`
  return free
}

function describe(node: Record<string, unknown>): string {
  const criteria: unknown[] = Array.isArray(node['criteria']) ? node['criteria'] : []
  const when = criteria.filter(isRecord).map(({ condition }) => String(condition))
  const what = node['type'] === 'end' ? 'end' : `go to ${String(node['stepId'] ?? node['workflowId'])}`
  return when.length === 0 ? what : `${what} when ${when.join(' and ')}`
}
