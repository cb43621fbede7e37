import type { Step, WorkflowDefinition } from '../../src/steps/schema.ts'
import { listsOf, mapLists, templatesOf, walkSteps } from '../../src/steps/tree.ts'
import { pathsOf, templateOf } from './expressions.ts'
import { CALM, carryOut, type Chances } from './shell.ts'
import { simulate, type Failure, type Scenario } from './simulate.ts'

const SEEDS = 40
const MAX_TRIES = 4000

/**
 * The smallest run found that breaks the same promise: fewer steps, fewer references, less bad luck. Another definition
 * draws other luck from the same seed, so each is tried with several.
 */
export function shrink(failure: Failure): Failure {
  let smallest = failure
  let tries = 0
  for (let shrunk = true; shrunk && tries < MAX_TRIES;) {
    shrunk = false
    for (const candidate of smaller(smallest.scenario)) {
      const found = breaks(candidate, failure.rule)
      tries += SEEDS
      if (!found) continue
      smallest = found
      shrunk = true
      break
    }
  }
  return smallest
}

function breaks(scenario: Scenario, rule: string): Failure | null {
  for (let more = 0; more < SEEDS; more++) {
    const result = simulate({ ...scenario, seed: scenario.seed + more })
    if ('rule' in result && result.rule === rule) return result
  }
  return null
}

function* smaller({ seed, definition, chances }: Scenario): Generator<Scenario> {
  for (const name of Object.keys(chances) as (keyof Chances)[])
    if (chances[name] > 0 && name !== 'flush') yield { seed, definition, chances: { ...chances, [name]: 0 } }
  for (const smaller of smallerDefinitions(definition)) yield { seed, definition: smaller, chances }
}

function* smallerDefinitions(definition: WorkflowDefinition): Generator<WorkflowDefinition> {
  const { output: _output, ...bare } = definition
  if (definition.output !== undefined) yield bare
  for (const steps of smallerLists(definition.steps)) if (steps.length > 0) yield tidy({ ...definition, steps })
}

/** A list with one step less, with a step's inside in its place, or with one step simpler. */
function* smallerLists(steps: readonly Step[]): Generator<Step[]> {
  for (const [at, step] of steps.entries()) {
    const replaced = (...others: Step[]) => [...steps.slice(0, at), ...others, ...steps.slice(at + 1)]
    yield replaced()
    if (step.type !== 'loop') for (const list of listsOf(step)) yield replaced(...list)
    for (const simpler of simplerSteps(step)) yield replaced(simpler)
  }
}

function* simplerSteps(step: Step): Generator<Step> {
  for (const name of [
    'when',
    'onError',
    'dependsOn',
    'retry',
    'atMostOnce',
    'timeoutMs',
    'maxFailures',
    'else',
  ] as const) {
    if (!(name in step)) continue
    const { [name]: _gone, ...rest } = step as Step & Record<typeof name, unknown>
    yield rest as Step
  }
  switch (step.type) {
    case 'condition':
      for (const list of smallerLists(step.then)) if (list.length > 0) yield { ...step, then: list }
      for (const list of smallerLists(step.else ?? [])) if (list.length > 0) yield { ...step, else: list }
      return
    case 'parallel':
      if (step.branches.length > 2)
        for (const at of step.branches.keys()) yield { ...step, branches: step.branches.toSpliced(at, 1) }
      for (const [at, branch] of step.branches.entries())
        for (const list of smallerLists(branch))
          if (list.length > 0) yield { ...step, branches: step.branches.with(at, list) }
      return
    case 'loop':
      if (step.concurrency > 1) yield { ...step, concurrency: step.concurrency - 1 }
      for (const list of smallerLists(step.steps)) if (list.length > 0) yield { ...step, steps: list }
      return
    case 'api_call':
      if (templatesOf(step).some((template) => pathsOf(template).length > 0)) yield { ...step, body: templateOf([]) }
      return
    case 'transform':
      if (pathsOf(step.value).length > 0) yield { ...step, value: templateOf([]) }
      return
    case 'ai':
      if (pathsOf(step.prompt).length > 0) yield { ...step, prompt: templateOf([]) }
      return
    case 'workflow':
      if (step.callee?.output !== undefined) {
        const { output: _output, ...bare } = step.callee
        yield { ...step, callee: bare }
      }
      for (const list of smallerLists(step.callee?.steps ?? []))
        if (step.callee && list.length > 0) yield { ...step, callee: { ...step.callee, steps: list } }
      return
    case 'delay':
    case 'approval':
      return
    default:
      step satisfies never
  }
}

/** A definition without what refers to steps that are gone. */
function tidy(definition: WorkflowDefinition): WorkflowDefinition {
  const ids = new Set([...walkSteps(definition.steps)].map(({ id }) => id))
  const variables = new Set([
    'index',
    ...[...walkSteps(definition.steps)].flatMap((s) => (s.type === 'loop' ? [s.as] : [])),
  ])
  const kept = (template: string) =>
    templateOf(
      pathsOf(template)
        .filter(([root = '', id = '']) => (root === 'steps' ? ids.has(id) : root === 'input' || variables.has(root)))
        .map((path) => path.join('.')),
    )
  const callees: object[] = []
  const tidied = JSON.parse(
    JSON.stringify(definition, (key, value: unknown) => {
      // What is called has names of its own.
      if (key === 'callee') return callees.push(tidy(value as WorkflowDefinition)) - 1
      if (typeof value === 'string' && value.startsWith('{{')) return kept(value)
      if (key === 'dependsOn' && Array.isArray(value)) return value.filter((id) => ids.has(String(id)))
      if (key === 'onError' && typeof value === 'object' && value !== null && 'goto' in value)
        return ids.has(String(value.goto)) ? value : undefined
      return value
    }),
  ) as WorkflowDefinition
  const put = (list: readonly Step[]): Step[] =>
    list.map((step) =>
      step.type === 'workflow' ? ({ ...step, callee: callees[Number(step.callee)] } as Step) : mapLists(step, put),
    )
  return { ...tidied, steps: put(tidied.steps) }
}

/** A broken promise as a script: the definition, and what happened up to the break. */
export function tell({ scenario, rule, message }: Failure): string {
  const { definition, seed, chances } = scenario
  const events = scriptOf(definition, seed, chances)
  return [
    `The promise "${rule}" is broken with seed ${seed}: ${message}`,
    '',
    JSON.stringify(definition, null, 2),
    '',
    ...events,
  ].join('\n')
}

function scriptOf(definition: WorkflowDefinition, seed: number, chances: Chances): readonly string[] {
  const script: string[] = []
  for (const [name, luck] of [
    ['without bad luck', CALM],
    ['with it', chances],
  ] as const) {
    const lines: string[] = []
    let broken = false
    try {
      carryOut(definition, seed, luck, lines)
    } catch {
      broken = true
    }
    script.push(`What happened ${name}:`, ...lines, '')
    if (broken) break
  }
  return script
}
