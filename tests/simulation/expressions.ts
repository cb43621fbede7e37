import type { ExpressionScope } from '../../src/steps/expression-moment.ts'
import { ExpressionError } from '../../src/steps/expressions.ts'
import type { Step } from '../../src/steps/schema.ts'
import { hashOf } from './random.ts'

/**
 * The expressions of simulated definitions are lists of paths, `{{ [steps.a, item, index] }}`: JSONata that the engine
 * reads its references from, and that the simulation answers by itself, at once and fast. A template with `input.bad`
 * fails to evaluate.
 */
export function templateOf(paths: readonly string[]): string {
  return `{{ [${paths.join(', ')}] }}`
}

const parsed = new Map<string, readonly (readonly string[])[]>()

/** The paths that a template names. */
export function pathsOf(template: unknown): readonly (readonly string[])[] {
  if (typeof template !== 'string') return []
  let paths = parsed.get(template)
  if (!paths) {
    const inside = /^\{\{ \[(.*)\] \}\}$/.exec(template)?.[1] ?? ''
    paths = inside === '' ? [] : inside.split(', ').map((path) => path.split('.'))
    if (parsed.size > 5000) parsed.clear()
    parsed.set(template, paths)
  }
  return paths
}

/** What a template says in a scope, as one number that depends on every value it names. @throws ExpressionError */
export function digest(template: unknown, scope: ExpressionScope): number {
  return hashOf(JSON.stringify(valuesOf(template, scope)))
}

/** The values that a template names, without the times in them. @throws ExpressionError */
export function valuesOf(template: unknown, scope: ExpressionScope): unknown[] {
  return pathsOf(template).map((path) => {
    if (path[1] === 'bad') throw new ExpressionError('a value that cannot be')
    let value: unknown = scope
    for (const name of path)
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
    return timeless(value ?? null)
  })
}

/** A value without what differs from one run to the next: when it was. */
export function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => timeless(item ?? null))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      name === 'until' || name === 'at' ? [] : [[name, timeless(inner)]],
    ),
  )
}

/** What a control step asks, answered: a yes or no, how many items, how long. @throws ExpressionError */
export function answerTo(step: Step, scope: ExpressionScope, goesOn = false): unknown {
  switch (step.type) {
    case 'condition':
      return digest(step.if, scope) % 2 === 0
    case 'loop': {
      if (step.while === undefined) {
        const hash = digest(step.items, scope)
        return Array.from({ length: hash % 5 }, (_, index) => hash + index)
      }
      const done = scope.steps[step.id]
      const others = pathsOf(step.while).filter(([, id]) => id !== step.id)
      return (Array.isArray(done) ? done.length : 0) < hashOf(`${step.id} ${others.length}`) % 5
    }
    case 'delay':
      return step.durationMs
    case 'approval':
      return step.message
    case 'workflow':
      if (goesOn) return valuesOf(step.callee?.output, scope)
      return Object.fromEntries(
        Object.entries(step.input ?? {}).map(([name, value]) => [name, valuesOf(value, scope)[0] ?? null]),
      )
    case 'parallel':
    case 'ai':
    case 'api_call':
    case 'transform':
      return null
    default:
      return step satisfies never
  }
}
