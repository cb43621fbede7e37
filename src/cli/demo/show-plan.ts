import type { Binding, Plan } from '../../planner/schema.ts'
import { bold, cyan, dim, green, red, yellow } from '../terminal.ts'

const BADGES = { read: green, create: yellow, update: yellow, delete: red, pay: red, message: yellow }

/** A plan in lines: its steps, what each does and where its values come from, and what it takes for granted. */
export function showPlan(plan: Plan): string[] {
  return [
    ...plan.steps.flatMap((step, index) => [
      `${bold(`${index + 1}. ${step.title}`)}  ${BADGES[step.effect](`[${step.effect}]`)}`,
      dim(`   ${step.api === null ? step.reach : `${step.api} · ${step.operation}`}`),
      ...step.bindings.map((binding) => `   ${cyan(binding.target)} ${source(binding)}`),
    ]),
    ...plan.assumptions.map((assumption) => `${yellow('assumes')} ${assumption}`),
    ...plan.findings.map((finding) => `${yellow('note')} ${finding.message}`),
  ]
}

/** What a plan cannot do without, and how to give it. */
export function showMissing(plan: Plan): string[] {
  return plan.missing.flatMap(({ name, description, schema }) => {
    const allowed = Array.isArray(schema['enum']) ? `, one of ${schema['enum'].join(', ')}` : ''
    return [`${bold(name)} (${String(schema['type'] ?? 'any')}${allowed})  ${description}`, `   --input ${name}=…`]
  })
}

/** Why there is no plan, and what comes nearest. */
export function showNearest(plan: Plan): string[] {
  return plan.nearest.map(({ api, operation, summary, effect }) => `${api} · ${operation}  ${summary} [${effect}]`)
}

function source({ source: kind, value }: Binding): string {
  switch (kind) {
    case 'literal':
      return `= “${value}”`
    case 'input':
      return `← input ${value}`
    case 'step':
    case 'expression':
      return `← ${value}`
    default:
      return kind satisfies never
  }
}
