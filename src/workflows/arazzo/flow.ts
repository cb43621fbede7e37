import type { Step } from '../../steps/schema.ts'
import { listsOf } from '../../steps/tree.ts'
import type { Outputs } from './runtime.ts'
import type { SuccessAction } from './schema.ts'
import { writeCondition } from './write-condition.ts'

/** Where a call may be followed by what: by a call under conditions, or by the end of what Arazzo can say. */
type Exit = { conditions: string[]; to: string | null }

const STOP: Exit = { conditions: [], to: null }
const MAX_EXITS = 20
// Branches without calls double the ways on.
const MAX_VISITS = 1000

/**
 * The success actions that lead other tools the way a definition goes: over steps with a condition, and into one of the
 * branches. A tool that knows no extensions stops where Arazzo cannot say how to go on, so that no call is made that
 * the definition would not make. By the id of the call, of which `order` has all; those followed by the next one have none.
 */
export function deriveActions(
  steps: readonly Step[],
  order: readonly string[],
  outputs: Outputs,
): ReadonlyMap<string, SuccessAction[]> {
  const derived = new Map<string, SuccessAction[]>()
  let visits = 0

  function follow(list: readonly Step[], index: number, after: () => Exit[]): Exit[] {
    const step = list[index]
    if (++visits > MAX_VISITS) return [STOP]
    if (!step) return after()
    const rest = () => follow(list, index + 1, after)
    if (step.when === undefined) return enter(step, rest)
    return guard(step.when, () => enter(step, rest), rest)
  }
  function guard(template: unknown, yes: () => Exit[], no: () => Exit[]): Exit[] {
    const condition = writeCondition(template, outputs)
    if (condition === null) return [STOP]
    return [...yes().map((exit) => ({ ...exit, conditions: [condition, ...exit.conditions] })), ...no()].slice(
      0,
      MAX_EXITS,
    )
  }
  function enter(step: Step, rest: () => Exit[]): Exit[] {
    switch (step.type) {
      case 'api_call':
      case 'workflow':
        return [{ conditions: [], to: step.id }]
      case 'condition':
        return guard(
          step.if,
          () => follow(step.then, 0, rest),
          () => (step.else ? follow(step.else, 0, rest) : rest()),
        )
      case 'parallel':
        return step.branches.reduceRight<() => Exit[]>((next, branch) => () => follow(branch, 0, next), rest)()
      case 'transform':
      case 'ai':
      case 'delay':
        return rest()
      // A loop has no form, and nobody would be asked for an approval.
      default:
        return [STOP]
    }
  }
  function walk(list: readonly Step[], after: () => Exit[]): void {
    list.forEach((step, index) => {
      const rest = () => follow(list, index + 1, after)
      visits = 0
      if (step.type === 'api_call' || step.type === 'workflow') note(step.id, rest())
      else if (step.type === 'parallel')
        step.branches.reduceRight<() => Exit[]>((next, branch) => {
          walk(branch, next)
          return () => follow(branch, 0, next)
        }, rest)
      else for (const inner of listsOf(step)) walk(inner, step.type === 'condition' ? rest : () => [STOP])
    })
  }
  function note(id: string, exits: readonly Exit[]): void {
    const next = order[order.indexOf(id) + 1] ?? null
    const [first] = exits
    if (exits.length === 1 && first && first.conditions.length === 0 && first.to === next) return
    derived.set(id, exits.map(toAction))
  }

  walk(steps, () => [STOP])
  return derived
}

function toAction({ conditions, to }: Exit, index: number): SuccessAction {
  const criteria = [...new Set(conditions)].map((condition) => ({ condition }))
  const way =
    to === null
      ? { name: `end_${index + 1}`, type: 'end' as const }
      : { name: `goto_${to}_${index + 1}`, type: 'goto' as const, stepId: to }
  return { ...way, ...(criteria.length > 0 ? { criteria } : {}), 'x-apiq-derived': true }
}
