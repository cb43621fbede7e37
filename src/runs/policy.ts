import { permissionFor, type Permission } from '../connections/policy.ts'
import type { Targets } from '../steps/execute.ts'
import type { ApiCallStep, ApprovalStep, Callee, Step } from '../steps/schema.ts'
import { mapLists, walkInside, walkSteps } from '../steps/tree.ts'

const MAX_ID = 64
const MAX_SHOWN = 5
const MAX_CALLS = 10

/**
 * A definition as it is carried out under the policies of the connections that it calls: before a call that a policy does
 * not let run by itself stands an approval, before a loop one for all calls in it, so that it is asked for when the run
 * gets there. `confirmed`: a person has confirmed this very run, which is all that "ask" wants.
 */
export function withApprovals<D extends { steps: Step[] }>(definition: D, targets: Targets, confirmed: boolean): D {
  const taken = new Set([...walkSteps(definition.steps)].map(({ id }) => id))
  const steps = guardList(definition.steps, { targets, confirmed, taken })
  return steps === definition.steps ? definition : { ...definition, steps }
}

type Guarding = { targets: Targets; confirmed: boolean; taken: Set<string> }

function guardList(list: Step[], guarding: Guarding): Step[] {
  const guards = new Map<string, string>()
  const done: Step[] = []
  for (const step of list) {
    const inside = guardInside(step, guarding)
    const approval = approvalOf(inside, done, guarding)
    if (approval) {
      guards.set(step.id, approval.id)
      done.push(approval)
    }
    done.push(inside)
  }
  if (guards.size === 0 && done.every((step, index) => step === list[index])) return list
  // Who jumps to a call jumps to its approval.
  return done.map((step) => {
    const to = typeof step.onError === 'object' ? guards.get(step.onError.goto) : undefined
    return to === undefined ? step : { ...step, onError: { goto: to } }
  })
}

/** A step with what it holds guarded; a loop is guarded as a whole, so that nobody is asked for each iteration. */
function guardInside(step: Step, guarding: Guarding): Step {
  if (step.type === 'loop') return step
  if (step.type === 'workflow' && step.callee) {
    const callee: Callee = withApprovals(step.callee, guarding.targets, guarding.confirmed)
    return callee === step.callee ? step : { ...step, callee }
  }
  let changed = false
  const mapped = mapLists(step, (list) => {
    const given = [...list]
    const guarded = guardList(given, guarding)
    changed ||= guarded !== given
    return guarded
  })
  return changed ? mapped : step
}

function approvalOf(step: Step, before: readonly Step[], guarding: Guarding): ApprovalStep | null {
  if (step.type !== 'api_call' && step.type !== 'loop') return null
  const calls = [...walkInside([step])].filter((inner): inner is ApiCallStep => inner.type === 'api_call')
  const held = calls.filter((call) => permissionOf(call, guarding) !== 'run')
  if (held.length === 0) return null
  const second = held.some((call) => permissionOf(call, guarding) === 'second_person')
  return {
    id: freeId(`approve_${step.id}`, guarding.taken),
    type: 'approval',
    name: second ? 'Approval of a second person' : 'Approval',
    message: messageOf(step, held, guarding.targets),
    ...(second && { secondPerson: true }),
    // What only reads overtakes what is listed before it; this one is asked when the run has got there.
    ...(before.length > 0 && { dependsOn: before.map(({ id }) => id) }),
    ...(step.when !== undefined && { when: step.when }),
  }
}

/** What the connection of a call says of its effect; a call whose connection is not known may not run by itself. */
function permissionOf(call: ApiCallStep, { targets, confirmed }: Guarding): Permission {
  const target = targets[`${call.api} ${call.operation}`]
  if (!target) return confirmed ? 'run' : 'ask'
  const permission = permissionFor(target.upstream.policy, target.endpoint)
  return permission === 'ask' && confirmed ? 'run' : permission
}

function messageOf(step: Step, held: readonly ApiCallStep[], targets: Targets): string {
  const calls = [...new Set(held.map((call) => `${call.operation} at ${call.api}`))].slice(0, MAX_CALLS).join(', ')
  if (step.type === 'loop') return `Up to ${step.maxIterations} times each: ${calls}`
  if (step.type !== 'api_call') return calls
  const effect = targets[`${step.api} ${step.operation}`]?.endpoint.effect
  const values = Object.entries(step.parameters ?? {})
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .slice(0, MAX_SHOWN)
    .map(([name, value]) => `${name}: ${value}`)
  return `${calls}${effect ? ` (${effect})` : ''}${values.length > 0 ? `, ${values.join(', ')}` : ''}`
}

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted.slice(0, MAX_ID)
  for (let n = 2; taken.has(id); n++) id = `${wanted.slice(0, MAX_ID - 6)}_${n}`
  taken.add(id)
  return id
}
