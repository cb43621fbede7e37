import { expect, it } from 'vitest'
import { indexWords } from '../src/catalog/index-words.ts'
import type { JsonSchema, Operation } from '../src/specs/operation.ts'

const whole = { type: 'integer' }
const items = { type: 'array', items: { type: 'object', properties: { pageCount: whole } } }

/** What is found of an operation by what it answers. */
function answered(properties: JsonSchema): string[] {
  const operation = { path: '/books', summary: '', description: '', tags: [], parameters: [], requestBody: null }
  const response = { type: 'object', properties }
  return indexWords({ ...operation, operationId: null, response } as unknown as Operation).response.split(' ')
}

it('which page of a list an answer is says nothing of what is listed', () => {
  expect(answered({ items, page: whole, limit: whole, total: whole })).toEqual(['items', 'page', 'count'])
})

it('what an order has is no page, though it has items and a total', () => {
  expect(answered({ items, total: whole, number: whole })).toEqual(expect.arrayContaining(['total', 'number']))
})
