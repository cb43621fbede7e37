import type { Callee, Step, WorkflowDefinition, WorkflowStep } from './schema.ts'
import { listsOf, mapLists, walkInside } from './tree.ts'

/** What a definition is linked with: the workflows it calls, and those that they call, each by `calleeKey`. */
export type Library = ReadonlyMap<string, WorkflowDefinition>

/** A workflow step that cannot be linked; `path` leads from the definition to it. */
export type LinkProblem = { path: readonly (string | number)[]; code: string; message: string }

/** A definition with everything that its run needs in it. */
export type Linked = { definition: WorkflowDefinition; problems: LinkProblem[] }

/** How deep workflows may call each other. */
export const MAX_DEPTH = 5
/** How many steps a definition may have with those of the workflows it calls. */
export const MAX_STEPS = 2000

/** The version that a workflow has when it is first stored. */
export const FIRST_VERSION = 1

/** The name of a workflow in one version. */
export function calleeKey(workflowId: string, version: number): string {
  return `${workflowId}@${version}`
}

/** The workflow steps of a list and within it, each with its place. */
export function* workflowSteps(
  steps: readonly Step[],
  path: readonly (string | number)[] = ['steps'],
): Generator<{ step: WorkflowStep; path: readonly (string | number)[] }> {
  for (const [index, step] of steps.entries()) {
    const at = [...path, index]
    if (step.type === 'workflow') yield { step, path: at }
    else for (const [name, list] of namedLists(step)) yield* workflowSteps(list, [...at, ...name])
  }
}

function namedLists(step: Step): [name: (string | number)[], list: readonly Step[]][] {
  if (step.type === 'loop') return [[['steps'], step.steps]]
  if (step.type === 'parallel') return step.branches.map((branch, index) => [['branches', index], branch])
  return listsOf(step).map((list, index) => [[index === 0 ? 'then' : 'else'], list])
}

/**
 * Puts into each workflow step what it calls, and on each call what the steps around it say for all calls in them.
 * Versions must be pinned. `own` is the id of the workflow whose definition it is, if it has one: a workflow that comes
 * to call itself, in whatever version, is a problem, and so is one that calls too deep or grows too large.
 */
export function linkDefinition(definition: WorkflowDefinition, library: Library, own: string | null = null): Linked {
  const linker = createLinker(library, own)
  const problems = [...workflowSteps(definition.steps)].flatMap(({ step, path }): LinkProblem[] => {
    const callee = linker.calleeOf(step, {}, [])
    return 'code' in callee ? [{ path: [...path, 'workflowId'], ...callee }] : []
  })
  const steps = linker.linkList(definition.steps, {}, [])
  let count = 0
  for (const _ of walkInside(steps)) if (++count > MAX_STEPS) break
  if (count > MAX_STEPS) {
    const message = `it has more than ${MAX_STEPS} steps with those of the workflows it calls`
    problems.push({ path: ['steps'], code: 'too_many_steps', message })
  }
  return { definition: { ...definition, steps }, problems }
}

type Problem = { code: string; message: string }

/** What a step that holds steps says for every call in it. */
type HandedDown = { atMostOnce?: true; background?: true }

function handDown(step: Step, around: HandedDown): HandedDown {
  return {
    ...around,
    ...(step.atMostOnce && { atMostOnce: true as const }),
    ...(step.background && { background: true as const }),
  }
}

/** Links each workflow once for each depth it is called at, so that many calls of one cost no more than one. */
function createLinker(library: Library, own: string | null) {
  const known = new Map<string, Callee | Problem>()

  function linkList(steps: readonly Step[], around: HandedDown, chain: readonly string[]): Step[] {
    return steps.map((step) => linkStep(step, handDown(step, around), chain))
  }

  function linkStep(step: Step, around: HandedDown, chain: readonly string[]): Step {
    if (step.type === 'api_call') return { ...step, ...around }
    if (step.type !== 'workflow') return mapLists(step, (list) => linkList(list, around, chain))
    const callee = calleeOf(step, around, chain)
    return 'code' in callee ? step : { ...step, callee }
  }

  /** What a workflow step calls, linked in its turn, or why it cannot be called. */
  function calleeOf(step: WorkflowStep, around: HandedDown, chain: readonly string[]): Callee | Problem {
    const { workflowId, version } = step
    const inner = [...chain, workflowId]
    if (workflowId === own || chain.includes(workflowId))
      return { code: 'workflow_cycle', message: `the workflow calls itself: ${nameChain(inner, workflowId)}` }
    if (chain.length >= MAX_DEPTH)
      return {
        code: 'workflow_depth',
        message: `workflows call each other more than ${MAX_DEPTH} deep: ${inner.join(' → ')}`,
      }
    const definition = version === undefined ? undefined : library.get(calleeKey(workflowId, version))
    const named = version === undefined ? workflowId : `${workflowId} in version ${version}`
    if (!definition) return { code: 'unknown_workflow', message: `there is no workflow ${named}` }
    const key = `${calleeKey(workflowId, version ?? 0)} ${inner.length} ${JSON.stringify(around)}`
    let callee = known.get(key)
    if (!callee) known.set(key, (callee = linkCallee(definition, around, inner)))
    return callee
  }

  function linkCallee(definition: WorkflowDefinition, around: HandedDown, chain: readonly string[]): Callee | Problem {
    for (const { step } of workflowSteps(definition.steps)) {
      const callee = calleeOf(step, handDown(step, around), chain)
      if ('code' in callee) return callee
    }
    const { name, inputs, output } = definition
    const steps = linkList(definition.steps, around, chain)
    return { name, steps, ...(inputs && { inputs }), ...(output !== undefined && { output }) }
  }

  function nameChain(chain: readonly string[], repeated: string): string {
    const whole = own === null ? chain : [own, ...chain]
    return whole.slice(whole.indexOf(repeated)).join(' → ')
  }

  return { linkList, calleeOf }
}
