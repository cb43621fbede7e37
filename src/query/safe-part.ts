import type { Plan } from '../planner/schema.ts'
import { referencesOf } from '../steps/expressions.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { templatesOf, walkSteps } from '../steps/tree.ts'

/** What of a plan may run unconfirmed: the steps, and whether they are all of it. */
export type SafePart = { definition: WorkflowDefinition; whole: boolean }

const WAITS = new Set(['approval', 'delay', 'ai', 'workflow'])

/**
 * The steps of a plan up to the first one that does more than read; null where that is the first. What is listed after
 * it, even if it reads, is meant to see what it has done. Inputs that these steps do not use are left out.
 */
export function safePart(plan: Pick<Plan, 'definition' | 'steps'>): SafePart | null {
  const { definition } = plan
  if (!definition) return null
  const effects = new Map(plan.steps.map(({ id, effect }) => [id, effect]))
  const isSafe = (step: WorkflowDefinition['steps'][number]) =>
    [...walkSteps([step])].every(({ id, type }) => effects.get(id) === 'read' && !WAITS.has(type))
  const end = definition.steps.findIndex((step) => !isSafe(step))
  if (end === -1) return { definition, whole: true }
  if (end === 0) return null
  const steps = definition.steps.slice(0, end)
  const { output: _output, inputs, ...rest } = definition
  const used = new Set(
    [...walkSteps(steps)].flatMap((step) =>
      referencesOf(templatesOf(step)).flatMap(([root, name]) => (root === 'input' && name ? [name] : [])),
    ),
  )
  const properties = Object.fromEntries(Object.entries(inputs?.properties ?? {}).filter(([name]) => used.has(name)))
  const required = inputs?.required?.filter((name) => used.has(name))
  return {
    definition: {
      ...rest,
      steps,
      ...(used.size > 0 && { inputs: { type: 'object', properties, ...(required && { required }) } }),
    },
    whole: false,
  }
}

/** The inputs that a definition needs and nobody gave. */
export function missingInputs({ inputs }: WorkflowDefinition, given: Readonly<Record<string, unknown>>): string[] {
  return (inputs?.required ?? []).filter((name) => given[name] === undefined)
}
