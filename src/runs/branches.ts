import type { Step } from '../steps/schema.ts'
import { isHandled } from './machine/inside.ts'

/**
 * The name of the step at a path, whichever iteration of a loop it is in: its id, behind those of the steps that call
 * the workflow it is of.
 */
export function nameInPath(path: string): string {
  return path.replaceAll(/\w+\[\d+\]\./g, '')
}

/** What has to be so for a place in a definition to be reached: by the name of a step, the way it goes. */
type Ways = ReadonlyMap<string, string>

/** A way that a step may go, and what leads there. */
export type Goal = { step: string; way: 'then' | 'else' | 'run' | 'skipped' | 'entered' | 'failed'; ways: Ways }

/**
 * Every way that the steps of a definition may go: each branch of a condition, whether a step with `when` runs, whether
 * a loop is gone through, and that a step fails whose failure is gone beyond. Outer ones come before what they hold.
 */
export function goalsOf(steps: readonly Step[]): Goal[] {
  return [...goalsIn(steps, new Map())]
}

function* goalsIn(steps: readonly Step[], around: Ways, prefix = ''): Generator<Goal> {
  for (const step of steps) {
    const name = `${prefix}${step.id}`
    const inside = step.when === undefined ? around : new Map([...around, [`${name} when`, 'run']])
    if (step.when !== undefined) {
      yield { step: name, way: 'run', ways: inside }
      yield { step: name, way: 'skipped', ways: new Map([...around, [`${name} when`, 'skipped']]) }
    }
    switch (step.type) {
      case 'condition':
        for (const way of ['then', 'else'] as const) {
          const ways = new Map([...inside, [`${name} branch`, way]])
          yield { step: name, way, ways }
          yield* goalsIn(step[way] ?? [], ways, prefix)
        }
        break
      case 'loop': {
        const ways = step.while === undefined ? inside : new Map([...inside, [`${name} while`, 'entered']])
        yield { step: name, way: 'entered', ways }
        yield* goalsIn(step.steps, ways, prefix)
        break
      }
      case 'parallel':
        for (const branch of step.branches) yield* goalsIn(branch, inside, prefix)
        break
      case 'workflow':
        yield* goalsIn(step.callee?.steps ?? [], inside, `${name}.`)
        break
      case 'api_call':
      case 'ai':
      case 'transform':
      case 'delay':
      case 'approval':
        break
      default:
        step satisfies never
    }
    if (isHandled(step)) yield { step: name, way: 'failed', ways: new Map([...inside, [`${name} fails`, 'yes']]) }
  }
}

/** Leads a dry run to a goal; what the goal says nothing about goes as it goes. */
export function steerTo({ ways }: Goal): Steering {
  return (id, question) => ways.get(`${id} ${question}`)
}

/** Says of a step, by its name (`nameInPath`), what is to become of it instead; undefined leaves it as it is. */
export type Steering = (id: string, question: 'when' | 'branch' | 'while' | 'fails') => string | undefined
