import { stem } from '../../lib/stem.ts'
import { listOf } from '../../links/lists.ts'
import { resourceOf } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { COMPARED } from '../fill/entity-tests.ts'
import type { FieldTest } from '../fill/field-test.ts'
import { fieldTests, testExpression } from '../fill/field-tests.ts'
import { fieldName, plainFields } from '../fill/fields.ts'
import type { Condition, PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { comparisonOf } from '../understand/comparisons.ts'
import type { Entity } from '../understand/entity.ts'

/** What has to hold of each item of a list: "for each invoice, if it is above 100, …". */
export type ItemCondition = { kind: 'items'; step: number; tests: readonly FieldTest[] }

/**
 * The condition that a clause states, as the answer of an earlier call can tell, the latest first; `asked` where none can.
 * `entities` are those of the clause that no call has taken. Pure.
 */
export function readCondition(
  clause: Clause,
  entities: readonly Entity[],
  calls: readonly PlannedCall[],
): Condition | ItemCondition {
  const ofItems = clause.many?.each ? itemCondition(clause, entities, calls) : null
  if (ofItems) return ofItems
  for (let step = calls.length - 1; step >= 0; step--) {
    const call = calls[step]
    if (!call || call.each || call.only) continue
    const found = conditionOn(call, step, clause, entities)
    if (found) return found
  }
  return { kind: 'asked', text: clause.text.replace(/^(?:if|unless|when(?:ever)?|in case)\s+/i, '') }
}

/** A condition as JSONata; `body` and `list` name what a call answered with, `input` what is asked for instead. */
export function conditionExpression(
  condition: Condition,
  names: { body: (step: number) => string; list: (step: number) => string; input: () => string },
): string {
  switch (condition.kind) {
    case 'fields':
      return condition.tests.map((test) => testExpression(test, `${names.body(condition.step)}.`)).join(' and ')
    case 'count':
      return `$count(${names.list(condition.step)}) ${condition.is} ${condition.count}`
    case 'asked':
      return names.input()
    default:
      return condition satisfies never
  }
}

/** A condition in words. */
export function conditionWords(condition: Condition, calls: readonly PlannedCall[]): string {
  switch (condition.kind) {
    case 'fields':
      return condition.tests.map(({ words }) => words).join(' and ')
    case 'count': {
      const path = calls[condition.step]?.endpoint.path ?? ''
      return `the number of each ${resourceOf(path)} found ${COMPARED[condition.is]} ${condition.count}`
    }
    case 'asked':
      return condition.text
    default:
      return condition satisfies never
  }
}

function itemCondition(
  clause: Clause,
  entities: readonly Entity[],
  calls: readonly PlannedCall[],
): ItemCondition | null {
  const step = calls.findLastIndex(({ endpoint, each }) => !each && listOf(endpoint) !== null)
  const list = calls[step] && listOf(calls[step].endpoint)
  if (!list) return null
  const { tests } = fieldTests(plainFields(list.items), clause, entities, new Set())
  return tests.length > 0 ? { kind: 'items', step, tests } : null
}

function conditionOn(call: PlannedCall, step: number, clause: Clause, entities: readonly Entity[]): Condition | null {
  const { response } = call.endpoint
  if (!response) return null
  if (listOf(call.endpoint)) return countCondition(call, step, clause, entities)
  const fields = plainFields(response)
  const { tests } = fieldTests(fields, clause, entities, new Set())
  if (tests.length > 0) return { kind: 'fields', step, tests }
  // "If it is below 100": where there is one number only, that is what is meant.
  const [number, ...more] = entities.filter(({ kind }) => kind === 'number')
  const [field, ...others] = fields.filter(
    ({ slot }) =>
      slot.noun === null &&
      slot.words.at(-1) !== 'id' &&
      typesOf(slot.schema).some((type) => type === 'number' || type === 'integer'),
  )
  if (!number || more.length > 0 || !field || others.length > 0 || !clause.refersBack) return null
  const is = comparisonOf(number)
  const words = `${fieldName(field)} ${COMPARED[is]} ${number.value}`
  return { kind: 'fields', step, tests: [{ path: field.path, is, value: number.value, words }] }
}

/** "If there are any", "if more than 5 issues are open". */
function countCondition(
  { endpoint }: PlannedCall,
  step: number,
  clause: Clause,
  entities: readonly Entity[],
): Condition | null {
  const { text, head } = clause
  const counted = entities.find(
    ({ kind, trail, after }) =>
      kind === 'number' && head !== null && [...trail, ...after].some((word) => stem(word) === head),
  )
  if (counted) return { kind: 'count', step, is: comparisonOf(counted), count: Number(counted.value) }
  const isMeant =
    head !== null &&
    resourceOf(endpoint.path)
      .split(' ')
      .some((word) => stem(word) === head)
  if (!isMeant && head !== null) return null
  if (/\b(?:no|none|not any)\b|\baren't any\b/i.test(text)) return { kind: 'count', step, is: '=', count: 0 }
  return /\b(?:there (?:is|are)|any|some)\b/i.test(text) ? { kind: 'count', step, is: '>', count: 0 } : null
}
