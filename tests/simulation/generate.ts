import { calleeKey, linkDefinition } from '../../src/steps/link.ts'
import type { Step, WorkflowDefinition } from '../../src/steps/schema.ts'
import { templateOf } from './expressions.ts'
import type { Random } from './random.ts'

const MAX_DEPTH = 3
const MAX_STEPS = 14

type Making = {
  random: Random
  made: number
  /** Ids begin anew in each workflow that is called, so that they are those of the steps around it. */
  ids: number
  called: Map<string, WorkflowDefinition>
}

/** What the steps of a list may refer to: steps before them, items and indices around them. */
type Visible = { steps: readonly string[]; variables: readonly string[] }

/** A random definition, linked: all kinds of steps, nested, that refer to what is there. */
export function generate(random: Random): WorkflowDefinition {
  const making: Making = { random, made: 0, ids: 0, called: new Map() }
  const visible: Visible = { steps: [], variables: ['input.n'] }
  const steps = listOf(making, visible, 0, 1 + random.int(6))
  const ids = steps.map(({ id }) => `steps.${id}`)
  const definition = { name: 'Simulated', steps, ...(random.chance(0.5) && { output: templateOf(ids) }) }
  const linked = linkDefinition(definition, making.called)
  if (linked.problems.length > 0) throw new Error(JSON.stringify(linked.problems))
  return linked.definition
}

function listOf(making: Making, visible: Visible, depth: number, length: number): Step[] {
  const { random } = making
  const steps: Step[] = []
  let seen = visible
  for (let at = 0; at < length; at++) {
    const step = stepOf(making, seen, depth)
    const earlier = steps.map(({ id }) => id)
    steps.push(earlier.length > 0 && random.chance(0.1) ? { ...step, dependsOn: [random.pick(earlier)] } : step)
    seen = { ...seen, steps: [...seen.steps, step.id, ...shownBy(step)] }
  }
  return steps.map((step, at) => {
    const later = steps.slice(at + 1)
    return later.length > 0 && random.chance(0.12) ? { ...step, onError: { goto: random.pick(later).id } } : step
  })
}

/** The steps within a step that later ones may refer to. */
function shownBy(step: Step): string[] {
  const lists = step.type === 'condition' ? [step.then, step.else ?? []] : step.type === 'parallel' ? step.branches : []
  return lists.flat().flatMap((inner) => [inner.id, ...shownBy(inner)])
}

function stepOf(making: Making, visible: Visible, depth: number): Step {
  const { random } = making
  const id = `s${making.ids++}`
  making.made++
  const common = {
    id,
    ...(random.chance(0.1) && { when: refer(random, visible) }),
    ...(random.chance(0.2) && { onError: random.pick(['continue', 'fail'] as const) }),
  }
  const nested = () => listOf(making, visible, depth + 1, 1 + random.int(3))
  const deep = depth >= MAX_DEPTH || making.made > MAX_STEPS
  const kind = random.int(deep ? 72 : 108)
  const holder = { ...common, ...(kind >= 72 && holding(random)) }
  if (kind < 18) return { ...common, type: 'transform', value: refer(random, visible, 0.03) }
  if (kind < 22)
    return { ...common, type: 'ai', prompt: refer(random, visible, 0.03), schema: {}, ...retrying(random, 0.3) }
  if (kind < 60) return { ...common, ...callOf(random, visible) }
  if (kind < 66)
    return {
      ...common,
      type: 'delay',
      durationMs: random.int(5) * 100,
      ...(random.chance(0.15) && { timeoutMs: 150 }),
    }
  if (kind < 72)
    return {
      ...common,
      type: 'approval',
      message: 'Go on?',
      ...(random.chance(0.2) && { timeoutMs: 1000 + random.int(5000) }),
    }
  if (kind < 80)
    return {
      ...holder,
      type: 'condition',
      if: refer(random, visible),
      then: nested(),
      ...(random.chance(0.6) && { else: nested() }),
    }
  if (kind < 87) return { ...holder, type: 'parallel', branches: Array.from({ length: 2 + random.int(2) }, nested) }
  if (kind >= 100) return { ...holder, ...callWorkflow(making, visible, depth) }
  const as = `item${depth}`
  const inside = { steps: visible.steps, variables: [...visible.variables, as, 'index'] }
  const steps = listOf(making, inside, depth + 1, 1 + random.int(3))
  const over =
    kind < 95 ? { items: refer(random, visible) } : { while: refer(random, { ...visible, steps: [id] }, 0, 1) }
  const concurrency = random.pick([1, 1, 2, 3])
  const spared = 'items' in over && random.chance(0.3) && { maxFailures: 1 + random.int(3) }
  const maxIterations = random.chance(0.1) ? 2 : 10
  return { ...holder, type: 'loop', ...over, as, concurrency, maxIterations, ...spared, steps }
}

/** What steps that hold others may say for all that is in them. */
function holding(random: Random) {
  return {
    ...retrying(random, 0.25),
    ...(random.chance(0.15) && { timeoutMs: 100 + random.int(1500) }),
    ...(random.chance(0.08) && { atMostOnce: true }),
  }
}

function retrying(random: Random, share: number) {
  if (!random.chance(share)) return {}
  return {
    retry: {
      maxAttempts: 1 + random.int(4),
      ...(random.chance(0.5) && { backoff: 'constant' as const, delayMs: 100 }),
      ...(random.chance(0.2) && { on: [500] }),
    },
  }
}

/** A step that calls a workflow, which is made with it; its steps see their own input alone. */
function callWorkflow(making: Making, visible: Visible, depth: number) {
  const { random } = making
  const workflowId = `w${making.called.size}`
  making.called.set(calleeKey(workflowId, 1), { name: workflowId, steps: [] })
  const around = making.ids
  making.ids = 0
  const steps = listOf(making, { steps: [], variables: ['input.n'] }, depth + 1, 1 + random.int(3))
  making.ids = around
  const output = random.chance(0.5) && { output: templateOf(['input.n', ...steps.map(({ id }) => `steps.${id}`)]) }
  making.called.set(calleeKey(workflowId, 1), { name: workflowId, steps, ...output })
  return { type: 'workflow' as const, workflowId, version: 1, input: { n: refer(random, visible, 0.03) } }
}

function callOf(random: Random, visible: Visible) {
  const method = random.pick(['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE'])
  const safe = method === 'GET'
  return {
    type: 'api_call' as const,
    api: 'api',
    operation: `${method} /things`,
    body: refer(random, visible),
    ...retrying(random, 0.3),
    ...(!safe && random.chance(0.15) && { atMostOnce: true }),
  }
}

/** A template that names up to three of what can be seen; at least `least`, and rarely what cannot be evaluated. */
function refer(random: Random, { steps, variables }: Visible, bad = 0, least = 0): string {
  const all = [...variables, ...steps.map((id) => `steps.${id}`)]
  const paths = Array.from({ length: random.int(4) }, () => random.pick(all))
  const own = least > 0 ? steps.map((id) => `steps.${id}`) : []
  return templateOf([...new Set([...own, ...paths, ...(random.chance(bad) ? ['input.bad'] : [])])])
}
