import type { Step } from './schema.ts'

/** The lists of steps that a step holds: the branches of a condition or a parallel, the steps of a loop. */
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
      return []
    default:
      return step satisfies never
  }
}

/** Every step of a list and within its steps, each before what it holds. */
export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step
    for (const list of listsOf(step)) yield* walkSteps(list)
  }
}

/** What of a step itself may hold expressions; what the steps within it say is theirs. */
export function templatesOf(step: Step): unknown[] {
  switch (step.type) {
    case 'api_call':
      return [step.when, step.parameters, step.body]
    case 'transform':
      return [step.when, step.value]
    case 'condition':
      return [step.when, step.if]
    case 'loop':
      return [step.when, step.items, step.while]
    case 'parallel':
      return [step.when]
    case 'delay':
      return [step.when, step.durationMs, step.until]
    case 'approval':
      return [step.when, step.message]
    default:
      return step satisfies never
  }
}
