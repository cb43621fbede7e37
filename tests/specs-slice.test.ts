import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolvePointer } from '../src/lib/json-pointer.ts'
import { sliceSchema } from '../src/specs/schema-slice.ts'

const MAX_CHARS = 20_000

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Slices a schema of a document with these named schemas. */
const slice = (schema: unknown, schemas: Record<string, unknown> = {}) =>
  sliceSchema({ components: { schemas } }, schema)

/** Every `$ref` that is left in a schema. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

/** An object schema nested `levels` deep, each level `width` properties wide. */
function tree(width: number, levels: number): Record<string, unknown> {
  if (levels === 0) return { type: 'string' }
  const names = Array.from({ length: width }, (_, index) => `property${index}`)
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, tree(width, levels - 1)])) }
}

describe('sliceSchema', () => {
  it('puts in place of every reference what it refers to', () => {
    const schemas = {
      Order: {
        type: 'object',
        properties: { customer: refTo('Customer'), lines: { type: 'array', items: refTo('Line') } },
      },
      Customer: { type: 'object', required: ['name'], properties: { name: refTo('Name') } },
      Line: { allOf: [refTo('Name'), { maxLength: 5 }] },
      Name: { type: 'string', minLength: 1 },
    }
    const name = { type: 'string', minLength: 1 }
    expect(slice(refTo('Order'), schemas)).toEqual({
      type: 'object',
      properties: {
        customer: { type: 'object', required: ['name'], properties: { name } },
        lines: { type: 'array', items: { allOf: [name, { maxLength: 5 }] } },
      },
    })
  })

  it('keeps the reference where a schema comes back to itself', () => {
    const schemas = { Node: { type: 'object', properties: { value: { type: 'integer' }, next: refTo('Node') } } }
    expect(slice(refTo('Node'), schemas)).toEqual({
      type: 'object',
      properties: { value: { type: 'integer' }, next: refTo('Node') },
    })
  })

  it.each([
    ['itself', { A: refTo('A') }],
    ['one that is it', { A: refTo('B'), B: refTo('A') }],
  ])('ends at a schema that is nothing but %s', (_, schemas) => {
    expect(refsIn(slice(refTo('A'), schemas))).toEqual([expect.stringContaining('#/components/schemas/')])
  })

  it('resolves a schema used twice side by side both times', () => {
    const schemas = { Money: { type: 'number' } }
    const result = slice({ properties: { net: refTo('Money'), gross: refTo('Money') } }, schemas)
    expect(result).toEqual({ properties: { net: { type: 'number' }, gross: { type: 'number' } } })
  })

  it('keeps types of 3.1 that are lists, and what bounds a value', () => {
    const schema = { type: ['integer', 'null'], minimum: 1, exclusiveMaximum: 10, enum: [1, 2, null], default: 1 }
    expect(slice(schema)).toEqual(schema)
  })

  it('leaves out what says nothing about a value', () => {
    expect(slice({ type: 'object', xml: { name: 'x' }, externalDocs: {}, 'x-ours': 1, example: { a: 1 } })).toEqual({
      type: 'object',
    })
  })

  it('shortens long descriptions', () => {
    const { description } = slice({ description: 'long '.repeat(1000) })
    expect(String(description).length).toBeLessThan(300)
  })

  it.each([[true], [null], ['text'], [undefined], [refTo('Nothing')]])(
    'takes %j as a schema that says nothing',
    (schema) => {
      expect(slice(schema)).toEqual({})
    },
  )

  it.each([
    [20, 3],
    [5, 6],
    [2, 40],
    [1, 90],
  ])('keeps a schema %i wide and %i deep within bounds, and of it the top', (width, levels) => {
    // The same tree by references: each level names the next one.
    const schemas = Object.fromEntries(
      Array.from({ length: levels }, (_, level) => [
        `L${level}`,
        {
          type: 'object',
          properties: Object.fromEntries(
            Array.from({ length: width }, (_, index) => [`property${index}`, refTo(`L${level + 1}`)]),
          ),
        },
      ]),
    )
    schemas[`L${levels}`] = { type: 'object', properties: {} }
    const results = [slice(refTo('L0'), schemas), ...(width ** levels < 100_000 ? [slice(tree(width, levels))] : [])]
    for (const result of results) {
      expect(JSON.stringify(result).length).toBeLessThanOrEqual(MAX_CHARS)
      expect(Object.keys(result['properties'] ?? {})).toHaveLength(width)
    }
  })

  it('ends for any schemas that refer to each other, within bounds, and leaves only references that lead somewhere', () => {
    const names = ['A', 'B', 'C', 'D', 'E']
    const ref = fc.constantFrom(...names).map(refTo)
    const leaf = fc.constantFrom({ type: 'string' }, { type: ['integer', 'null'] }, { enum: ['x', 'y'] }, {})
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        ref,
        leaf,
        fc.record({ type: fc.constant('array'), items: tie('schema') }),
        fc.record({ oneOf: fc.array(tie('schema'), { maxLength: 2 }) }),
        fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
        fc.record({ properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 2 }) }),
      ),
    }))
    const documents = fc.record(Object.fromEntries(names.map((name) => [name, schema])))
    fc.assert(
      fc.property(documents, schema, (schemas, start) => {
        const document = { components: { schemas } }
        const result = sliceSchema(document, start)
        expect(JSON.stringify(result).length).toBeLessThanOrEqual(MAX_CHARS)
        for (const left of refsIn(result)) expect(resolvePointer(document, left)).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })
})
