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
function tree(
  width: number,
  levels: number,
  leaf: Record<string, unknown> = { type: 'string' },
): Record<string, unknown> {
  if (levels === 0) return leaf
  const names = Array.from({ length: width }, (_, index) => `property${index}`)
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, tree(width, levels - 1, leaf)])) }
}

/** An object schema with so many properties, p0, p1, … */
function objectOf(count: number, property: (name: string) => unknown) {
  const names = Array.from({ length: count }, (_, index) => `p${index}`)
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, property(name)])) }
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

  it('keeps of what is composed by allOf as much as of what is written out', () => {
    const schemas = {
      Record: { type: 'object', properties: { id: { type: 'integer' } } },
      Work: { allOf: [refTo('Record'), objectOf(1, () => ({ type: 'string' }))] },
      Play: { allOf: [refTo('Work'), { type: 'object', properties: { era: { type: 'string' } } }] },
    }
    const inList = (items: unknown) => tree(1, 6, { type: 'array', items })
    const plain = JSON.stringify(slice(inList({ type: 'object', properties: { id: { type: 'integer' } } })))
    expect(plain).toContain('"id":{"type":"integer"}')
    const composed = JSON.stringify(slice(inList(refTo('Play')), schemas))
    expect(composed).toContain('"id":{"type":"integer"}')
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

  it.each([[true], [null], ['text'], [undefined]])('takes %j as a schema that says nothing', (schema) => {
    expect(slice(schema)).toEqual({})
  })

  it('keeps a reference that leads nowhere, which says that more is there', () => {
    expect(slice({ items: refTo('Nothing') })).toEqual({ items: refTo('Nothing') })
  })

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

  it('takes no time for schemas that grow many times over with each level', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 10 }, (_, level) => [`L${level}`, objectOf(8, () => refTo(`L${level + 1}`))]),
    )
    const start = performance.now()
    expect(slice(refTo('L0'), { ...schemas, L10: {} })).toHaveProperty('properties.p7.properties')
    expect(performance.now() - start).toBeLessThan(500)
  })

  it('takes no time for a schema that is reached through thousands of references', () => {
    const chain = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`C${at}`, refTo(`C${at + 1}`)]))
    expect(slice(refTo('C0'), chain)).toEqual({ $ref: expect.stringContaining('#/components/schemas/C') })
  })

  it.each([
    ['thousands of described properties', objectOf(5000, () => ({ type: 'string', description: 'long '.repeat(50) }))],
    ['a huge enumeration', { type: 'string', enum: Array.from({ length: 100_000 }, (_, at) => `e${at}`) }],
    ['a huge default', { type: 'object', default: { text: 'x'.repeat(1_000_000) } }],
    ['a huge constant', { const: 'x'.repeat(1_000_000) }],
    ['a huge example', { example: 'x'.repeat(1_000_000) }],
    ['thousands of required names', { required: Array.from({ length: 50_000 }, (_, at) => `r${at}`) }],
    ['thousands of alternatives', { anyOf: Array.from({ length: 50_000 }, () => ({ type: 'string' })) }],
    ['thousands of properties with constants', objectOf(5000, () => ({ const: 'x'.repeat(100) }))],
    ['a property with an endless name', { properties: { ['x'.repeat(50_000)]: {}, a: { type: 'string' } } }],
    ['a reference without end', { properties: { a: { $ref: `#/${'x'.repeat(50_000)}` } } }],
  ])('keeps %s within bounds', (_, schema) => {
    expect(JSON.stringify(slice(schema)).length).toBeLessThanOrEqual(MAX_CHARS)
  })

  it('leaves out a value that is too long rather than say part of it', () => {
    const long = 'x'.repeat(5000)
    const cut = { enum: Array.from({ length: 10_000 }, (_, at) => `e${at}`), default: long, const: long, pattern: long }
    expect(slice({ type: 'string', ...cut })).toEqual({ type: 'string' })
  })

  it('shortens the descriptions of properties before it leaves any out', () => {
    const described = objectOf(150, (name) => ({ type: 'string', description: `${name} ${'long '.repeat(40)}` }))
    const { properties } = slice(described)
    expect(Object.keys(properties ?? {})).toHaveLength(150)
    expect(properties).toHaveProperty('p0.description', expect.stringMatching(/^p0 long/))
  })

  it('keeps the required of too many properties, and does not look closed without the others', () => {
    const many = objectOf(5000, () => ({ type: 'string' }))
    const result = slice({ ...many, required: ['p4998', 'p4999'], additionalProperties: false })
    expect(Object.keys(result['properties'] ?? {}).slice(0, 2)).toEqual(['p4998', 'p4999'])
    expect(Object.keys(result['properties'] ?? {}).length).toBeGreaterThan(300)
    expect(result).not.toHaveProperty('additionalProperties')
  })

  it('does not look closed where what it is made of is left as a reference', () => {
    const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
    const schemas = { Node: { oneOf: [closed, refTo('Node')] } }
    expect(JSON.stringify(slice(refTo('Node'), schemas))).not.toContain('additionalProperties')
  })

  it('keeps whether an object or an array is closed', () => {
    const closed = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
    expect(slice(closed)).toEqual(closed)
    expect(slice({ type: 'array', items: closed })).toEqual({ type: 'array', items: closed })
    const tuple = { type: 'array', prefixItems: [{ type: 'string' }], items: false }
    expect(slice(tuple)).toEqual(tuple)
    expect(slice({ type: 'object', additionalProperties: true })).toEqual({
      type: 'object',
      additionalProperties: true,
    })
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
        // What was kept of the other schemas, from whichever side they were reached, changes nothing.
        for (const name of names) sliceSchema(document, refTo(name))
        const alone = sliceSchema(structuredClone(document), start)
        expect(JSON.stringify(sliceSchema(document, start))).toBe(JSON.stringify(alone))
      }),
      { numRuns: 300 },
    )
  })
})
