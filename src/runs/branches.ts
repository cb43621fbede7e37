import type { Step } from '../steps/schema.ts'
import type { Steering } from './dry-run.ts'
import { isHandled } from './next.ts'

/** What has to be so for a place in a definition to be reached: by the id of a step, the way it goes. */
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

function* goalsIn(steps: readonly Step[], around: Ways): Generator<Goal> {
  for (const step of steps) {
    const inside = step.when === undefined ? around : new Map([...around, [`${step.id} when`, 'run']])
    if (step.when !== undefined) {
      yield { step: step.id, way: 'run', ways: inside }
      yield { step: step.id, way: 'skipped', ways: new Map([...around, [`${step.id} when`, 'skipped']]) }
    }
    switch (step.type) {
      case 'condition':
        for (const way of ['then', 'else'] as const) {
          const ways = new Map([...inside, [`${step.id} branch`, way]])
          yield { step: step.id, way, ways }
          yield* goalsIn(step[way] ?? [], ways)
        }
        break
      case 'loop': {
        const ways = step.while === undefined ? inside : new Map([...inside, [`${step.id} while`, 'entered']])
        yield { step: step.id, way: 'entered', ways }
        yield* goalsIn(step.steps, ways)
        break
      }
      case 'parallel':
        for (const branch of step.branches) yield* goalsIn(branch, inside)
        break
      case 'api_call':
      case 'transform':
      case 'delay':
      case 'approval':
        break
      default:
        step satisfies never
    }
    if (isHandled(step)) yield { step: step.id, way: 'failed', ways: new Map([...inside, [`${step.id} fails`, 'yes']]) }
  }
}

/** Leads a dry run to a goal; what the goal says nothing about goes as it goes. */
export function steerTo({ ways }: Goal): Steering {
  return (id, question) => ways.get(`${id} ${question}`)
}
