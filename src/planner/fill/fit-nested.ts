import { slotsOf } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import type { Entity } from '../understand/entity.ts'
import { NEIGHBOURS, nestedNames } from '../understand/nested-names.ts'
import type { Filling } from './filling.ts'

const SURE = 0.95

/** "octocat/hello-world" in the parameters of a path that stand next to each other: the first run that has as many or more. */
export function fillNested(operation: Operation, entities: readonly Entity[]): Filling[] {
  const names = NEIGHBOURS.exec(operation.path)?.[0].slice(1, -1).split('}/{') ?? []
  const [entity] = entities
    .filter((each) => nestedNames(each).length > 0)
    .toSorted((a, b) => Number(b.kind === 'nested') - Number(a.kind === 'nested'))
  const parts = entity ? nestedNames(entity) : []
  const slots = slotsOf(operation).filter(({ in: place, schema }) => place === 'path' && !Array.isArray(schema['enum']))
  const filled = parts.flatMap((value, at) => {
    const slot = slots.find(({ name }) => name === names[at])
    return entity && slot ? [{ slot, value, entities: [entity], words: [], score: SURE, note: null }] : []
  })
  return filled.length === parts.length ? filled : []
}
