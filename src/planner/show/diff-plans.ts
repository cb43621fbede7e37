import type { Binding, Plan, PlanDiff, PlanStep } from '../schema.ts'

type Shown = Pick<Plan, 'steps' | 'definition'>

/**
 * What a plan changes of the one before, step by step. A step is the same when it calls the same operation, the first of
 * the one with the first of the other and so on; its id may differ, since ids are made anew with every plan.
 */
export function diffPlans(before: Shown, after: Shown): PlanDiff {
  const left = [...before.steps]
  const added: string[] = []
  const changed: PlanDiff['changed'] = []
  for (const step of after.steps) {
    const at = left.findIndex((old) => old.type === step.type && kindOf(old) === kindOf(step))
    const [old] = at === -1 ? [] : left.splice(at, 1)
    if (!old) {
      added.push(step.id)
      continue
    }
    const changes = changesOf(old, step)
    if (changes.length > 0) changed.push({ id: step.id, changes })
  }
  return { added, removed: left.map(({ id, title }) => ({ id, title })), changed }
}

function kindOf({ api, operation, title }: PlanStep): string {
  return operation === null ? title : `${api} ${operation}`
}

function changesOf(before: PlanStep, after: PlanStep): string[] {
  const old = new Map(before.bindings.map((binding) => [placeOf(binding), binding]))
  const now = new Map(after.bindings.map((binding) => [placeOf(binding), binding]))
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((place) => {
    const [was, is] = [old.get(place), now.get(place)]
    if (was?.value === is?.value) return []
    const name = (is ?? was)?.target ?? ''
    if (!was) return [`${name}: ${is?.value}`]
    return is ? [`${name}: ${was.value} → ${is.value}`] : [`${name}: no longer ${was.value}`]
  })
}

function placeOf(binding: Binding): string {
  return `${binding.in} ${binding.target}`
}
