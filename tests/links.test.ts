import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GraphBuilder, type Graph } from '../src/links/graph.ts'
import { outputFor } from '../src/links/outputs.ts'
import { giverOf, isGiver, makeFor, producersOf } from '../src/links/producers.ts'
import { slotKey, slotsOf } from '../src/links/slots.ts'
import type { JsonSchema, Operation } from '../src/specs/operation.ts'
import { operation as plain, parameter as optional, text } from './operations.ts'

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties })
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

const NOUNS = ['customer', 'order', 'sales order', 'invoice', 'parcel']
const camel = (noun: string) => noun.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
const fields = fc.dictionary(
  fc.constantFrom(
    'id',
    'name',
    'code',
    'weight',
    'colour',
    'height',
    ...NOUNS.flatMap((noun) => [camel(noun), `${camel(noun)}Id`, `${noun.replace(' ', '_')}_number`]),
  ),
  fc.oneof(
    fc.constantFrom<JsonSchema>(text, { type: 'integer' }, { type: 'string', format: 'uuid' }),
    fc.constant(object({ id: text, name: text })),
    fc.constant(list(object({ id: { type: 'integer' }, weight: text }))),
  ),
  { maxKeys: 8 },
)
const answers = fields.chain((properties) => {
  const one = object(properties)
  return fc.constantFrom<JsonSchema | null>(one, list(one), object({ items: list(one) }), object({ data: one }), null)
})
const operations = fc.uniqueArray(
  fc
    .record({
      noun: fc.constantFrom(...NOUNS),
      form: fc.constantFrom('all', 'one', 'part', 'search'),
      method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE'),
      response: answers,
      needed: fc.constantFrom(...NOUNS, null),
      deprecated: fc.boolean(),
    })
    .map(({ noun, form, method, response, needed, deprecated }): Operation => {
      const base = `/${noun.replace(' ', '-')}s`
      const path = {
        all: base,
        one: `${base}/{id}`,
        part: `${base}/{${camel(noun)}Id}/parcels`,
        search: `${base}/search`,
      }[form]
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path', true))
      const query = needed === null ? [] : [parameter(`${camel(needed)}Id`, 'query', form === 'search')]
      const words = form === 'search' ? [parameter('q', 'query', false)] : []
      return operation({ method, path, response, deprecated, parameters: [...inPath, ...query, ...words] })
    }),
  { selector: ({ method, path }) => `${method} ${path}`, minLength: 1, maxLength: 24 },
)

function parameter(name: string, place: 'path' | 'query', required: boolean) {
  return optional(name, text, place, required)
}

function operation({ method, path, ...more }: Partial<Operation> & { method: string; path: string }): Operation {
  return { ...plain(`${method} ${path}`, {}), ...more }
}

function graphOf(all: readonly Operation[]): Graph {
  const builder = new GraphBuilder()
  for (const one of all) builder.add(`${one.method} ${one.path}`, one)
  return builder.build()
}

/** A graph as text that does not depend on the order of what it holds. */
function written({ consumers, productions }: Graph): string[] {
  return [
    ...consumers.map(({ endpointId, slot, need }) => `${endpointId} ${slot} asks for ${need.noun} ${need.key}`),
    ...productions.map(
      ({ need, producers }) =>
        `${need.noun} ${need.key}: ${producers.map(({ giver, output, cost }) => `${giver.endpointId} ${output.path} ${cost}`).join(', ')}`,
    ),
  ].toSorted()
}

describe('the graph of an API', () => {
  it('has for each slot the very producers that going through all operations finds', () => {
    fc.assert(
      fc.property(operations, (all) => {
        const { productions } = graphOf(all)
        const givers = all.filter(isGiver).map(giverOf)
        for (const { need, producers } of productions) {
          const expected = producersOf(need, givers, makeFor(need, givers))
          const shown = (found: typeof expected) =>
            found.map(({ giver, output, cost }) => [giver.name, output.path, output.reason, cost])
          expect(shown([...producers])).toEqual(shown(expected))
        }
      }),
    )
  })

  it('does not depend on the order in which operations come', () => {
    fc.assert(
      fc.property(
        operations.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(written(graphOf(shuffled))).toEqual(written(graphOf(all)))
        },
      ),
    )
  })

  it('asks for whatever has to be filled and identifies something, and for nothing else of a body', () => {
    fc.assert(
      fc.property(operations, (all) => {
        const asked = new Set(graphOf(all).consumers.map(({ endpointId, slot }) => `${endpointId} ${slot}`))
        const wanted = all.flatMap((one) =>
          slotsOf(one)
            .filter(({ noun, required, in: place }) => noun !== null && (required || place !== 'body'))
            .map((slot) => `${one.method} ${one.path} ${slotKey(slot)}`),
        )
        expect([...asked].toSorted()).toEqual([...new Set(wanted)].toSorted())
      }),
    )
  })

  it('costs the more the less likely it is what is meant', () => {
    const items = list(object({ id: text, name: text }))
    const all = [
      operation({
        method: 'GET',
        path: '/customers/{id}/orders',
        response: list(object({ customer_id: text })),
        parameters: [parameter('id', 'path', true)],
      }),
      operation({
        method: 'GET',
        path: '/old-customers',
        response: list(object({ customer: object({ id: text }) })),
        deprecated: true,
      }),
      operation({ method: 'GET', path: '/customers', response: items }),
      operation({
        method: 'GET',
        path: '/customers/search',
        response: items,
        parameters: [parameter('q', 'query', false)],
      }),
      operation({
        method: 'GET',
        path: '/customers/{id}',
        response: object({ id: text }),
        parameters: [parameter('id', 'path', true)],
      }),
    ]
    const production = graphOf(all).productions.find(({ need }) => need.noun === 'customer')
    expect(production?.producers.map(({ giver, output }) => `${giver.name} ${output.path} ${output.reason}`)).toEqual([
      'GET /customers/search body[0].id own',
      'GET /customers body[0].id own',
      'GET /old-customers body[0].customer.id part',
      'GET /customers/{id}/orders body[0].customer_id reference',
    ])
  })

  it.each([
    ['production_companies', 'company', 'body.production_companies[0].id'],
    ['companies', 'company', 'body.companies[0].id'],
    ['company_names', 'company', undefined],
    ['production_companies', 'production', undefined],
  ])('has for what is called %s what identifies a %s: %s', (field, noun, path) => {
    const response = object({ id: text, [field]: list(object({ id: text, name: text })) })
    const all = [
      operation({
        method: 'GET',
        path: '/films/{film_id}',
        response,
        parameters: [parameter('film_id', 'path', true)],
      }),
      operation({
        method: 'GET',
        path: `/notes/{${noun}_id}`,
        parameters: [parameter(`${noun}_id`, 'path', true)],
      }),
    ]
    const production = graphOf(all).productions.find(({ need }) => need.noun === noun)
    expect(production?.producers.map(({ output }) => output.path)[0]).toBe(path)
  })

  it.each([
    ['text', 'a number', text, { type: 'integer' }, true],
    ['a number', 'text', { type: 'integer' }, text, false],
    ['a whole number', 'a number', { type: 'integer' }, { type: 'number' }, true],
    ['a UUID', 'text of any kind', { type: 'string', format: 'uuid' }, text, true],
    ['a UUID', 'an address', { type: 'string', format: 'uuid' }, { type: 'string', format: 'email' }, false],
    ['a long number', 'a short one', { type: 'integer', format: 'int64' }, { type: 'integer', format: 'int32' }, true],
    ['anything', 'what does not say', {}, {}, true],
    ['text', 'an object', text, object({ inner: text }), false],
  ])('a slot that takes %s and a field that holds %s', (_, __, takes, holds, fits) => {
    const reader = operation({ method: 'GET', path: '/customers', response: list(object({ id: holds })) })
    const target = operation({
      method: 'GET',
      path: '/notes',
      parameters: [{ ...parameter('customerId', 'query', true), schema: takes }],
    })
    const [slot] = slotsOf(target)
    expect(slot && outputFor(reader, slot) !== null).toBe(fits)
  })
})
