import { words } from '../lib/words.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'

/** The searchable words of an operation, one text a column of the full-text index. */
export type IndexedWords = {
  path: string
  name: string
  summary: string
  description: string
  parameters: string
  response: string
  tags: string
}

const MAX_DESCRIPTION = 2000

/** Splits an operation into index columns; joints of camelCase and snake_case fall apart so that "order id" finds `orderId`. */
export function indexWords(operation: Operation): IndexedWords {
  const body = operation.requestBody ? propertyNames(operation.requestBody.schema) : []
  return {
    path: words(operation.path).join(' '),
    name: words(operation.operationId ?? '').join(' '),
    summary: words(operation.summary).join(' '),
    description: words(operation.description.slice(0, MAX_DESCRIPTION)).join(' '),
    parameters: words([...operation.parameters.map((parameter) => parameter.name), ...body].join(' ')).join(' '),
    response: words(operation.response ? propertyNames(operation.response).join(' ') : '').join(' '),
    tags: words(operation.tags.join(' ')).join(' '),
  }
}

/** Every property name in a schema, at any depth, once. */
export function propertyNames(schema: JsonSchema): string[] {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    const node = value as Record<string, unknown>
    if (typeof node['properties'] === 'object' && node['properties'] !== null)
      for (const [name, inner] of Object.entries(node['properties'])) {
        names.add(name)
        visit(inner)
      }
    for (const keyword of ['items', 'additionalProperties', 'allOf', 'anyOf', 'oneOf']) visit(node[keyword])
  }
  visit(schema)
  return [...names]
}
