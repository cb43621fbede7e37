import type { Operation, Parameter } from '../operation.ts'
import { shapeOf } from './read-shape.ts'
import { sortedRecord, sortedSet, type Shape } from './shape.ts'

/** A parameter as callers know it; `key` is what it is found by in another version of the operation. */
export type ContractParameter = {
  key: string
  name: string
  in: Parameter['in']
  required: boolean
  /** How lists and objects are written, with what OpenAPI takes when it is left out; null where it makes no difference. */
  style: string | null
  shape: Shape
}

/**
 * What of an operation matters to those who call it, in one form: two operations with equal contracts differ in words
 * alone.
 */
export type Contract = {
  method: string
  path: string
  deprecated: boolean
  server: string | null
  /** Alternatives, each as JSON; `{}` needs nothing. */
  security: string[]
  parameters: ContractParameter[]
  body: { contentType: string; required: boolean; shape: Shape } | null
  response: Shape | null
}

export function contractOf(operation: Operation): Contract {
  const { method, path, deprecated, server, requestBody, response } = operation
  const names = parameterNames(path)
  return {
    method,
    path,
    deprecated,
    server,
    security: readSecurity(operation),
    parameters: operation.parameters
      .map((parameter) => readParameter(parameter, names))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    body: requestBody && {
      contentType: (requestBody.contentType.split(';')[0] ?? '').trim().toLowerCase(),
      required: requestBody.required,
      shape: shapeOf(requestBody.schema, 'input'),
    },
    response: response && shapeOf(response, 'output'),
  }
}

/** The names of a path's parameters, in their order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
}

function readParameter(parameter: Parameter, pathNames: readonly string[]): ContractParameter {
  const { name, in: place, required } = parameter
  const shape = shapeOf(parameter.schema, 'input')
  const style = parameter.style ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple')
  const explode = parameter.explode ?? style === 'form'
  const matters = shape.types === null || shape.types.some((type) => type === 'array' || type === 'object')
  return {
    key: keyOf(parameter, pathNames),
    name: place === 'header' ? name.toLowerCase() : name,
    in: place,
    required: required || place === 'path',
    style: matters ? `${style}${explode ? ', exploded' : ''}` : null,
    shape,
  }
}

/** A path parameter by its position, as its name is a matter of the document; a header in any letter case. */
function keyOf({ name, in: place }: Parameter, pathNames: readonly string[]): string {
  if (place === 'path' && pathNames.includes(name)) return `path ${pathNames.indexOf(name)}`
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

/** Nothing said and nothing needed are the same (OpenAPI 3.1, Security Requirement Object). */
function readSecurity({ security }: Operation): string[] {
  if (security === null || security.length === 0) return ['{}']
  return sortedSet(
    security.map((requirement) =>
      JSON.stringify(
        sortedRecord(Object.fromEntries(Object.entries(requirement).map(([id, scopes]) => [id, sortedSet(scopes)]))),
      ),
    ),
  )
}
