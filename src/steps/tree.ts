import type { Step } from './schema.ts'

/**
 * The lists of steps that a step holds and that share its names: the branches of a condition or a parallel, the steps of
 * a loop. What a workflow step calls has names of its own; `listsInside` has those too.
 */
export function listsOf(step: Step): readonly (readonly Step[])[] {
  switch (step.type) {
    case 'condition':
      return step.else ? [step.then, step.else] : [step.then]
    case 'loop':
      return [step.steps]
    case 'parallel':
      return step.branches
    case 'api_call':
    case 'transform':
    case 'delay':
    case 'approval':
    case 'ai':
    case 'workflow':
      return []
    default:
      return step satisfies never
  }
}

/** Every list of steps that is carried out within a step, those of the workflow that it calls among them. */
export function listsInside(step: Step): readonly (readonly Step[])[] {
  return step.type === 'workflow' ? (step.callee ? [step.callee.steps] : []) : listsOf(step)
}

/** Every step of a list and within its steps, each before what it holds; they share their names. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step
    for (const list of listsOf(step)) yield* walkSteps(list)
  }
}

/** As `walkSteps`, and through the workflows that are called, whose steps may have the same ids. */
export function* walkInside(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step
    for (const list of listsInside(step)) yield* walkInside(list)
  }
}

/** The fields of a step that may hold expressions, by name; what the steps within it say is theirs. */
export function templateFields(step: Step): Record<string, unknown> {
  const { when } = step
  switch (step.type) {
    case 'api_call':
      return { when, parameters: step.parameters, body: step.body }
    case 'transform':
      return { when, value: step.value }
    case 'condition':
      return { when, if: step.if }
    case 'loop':
      return { when, items: step.items, while: step.while }
    case 'parallel':
      return { when }
    case 'delay':
      return { when, durationMs: step.durationMs, until: step.until }
    case 'approval':
      return { when, message: step.message }
    case 'ai':
      return { when, prompt: step.prompt }
    case 'workflow':
      return { when, input: step.input }
    default:
      return step satisfies never
  }
}

/** What of a step itself may hold expressions. */
export function templatesOf(step: Step): unknown[] {
  return Object.values(templateFields(step))
}

/** A step with every list that shares its names changed. */
export function mapLists(step: Step, change: (list: readonly Step[]) => Step[]): Step {
  switch (step.type) {
    case 'condition':
      // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
      return { ...step, then: change(step.then), ...(step.else ? { else: change(step.else) } : {}) }
    case 'loop':
      return { ...step, steps: change(step.steps) }
    case 'parallel':
      return { ...step, branches: step.branches.map(change) }
    case 'api_call':
    case 'transform':
    case 'delay':
    case 'approval':
    case 'ai':
    case 'workflow':
      return step
    default:
      return step satisfies never
  }
}
