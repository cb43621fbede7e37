import type { CallBody } from './call.ts'
import { BINARY, scalarOf } from './infer-schema.ts'
import { asNode, isJsonType, isNode, listOf, mediaType, textOf, tryJson, type Node } from './json.ts'
import { describe } from './postman-url.ts'

const RAW_TYPES: Record<string, string> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
}

/** Reads the body of a request (Postman Collection 2.1, Request, `body`). `contentType` is what its headers say. */
export function readPostmanBody(body: unknown, contentType: string): CallBody | null {
  if (!isNode(body) || body['disabled'] === true) return null
  switch (body['mode']) {
    case 'raw':
      return readRaw(textOf(body['raw']), textOf(asNode(asNode(body['options'])['raw'])['language']), contentType)
    case 'urlencoded':
      return readFields('application/x-www-form-urlencoded', body['urlencoded'])
    case 'formdata':
      return readFields('multipart/form-data', body['formdata'])
    case 'graphql':
      return readGraphql(asNode(body['graphql']))
    case 'file':
      return { contentType: mediaType(contentType) || 'application/octet-stream', samples: [BINARY] }
    default:
      return null
  }
}

function readRaw(raw: string, language: string, contentType: string): CallBody | null {
  if (raw.trim() === '') return null
  const type = mediaType(contentType) || RAW_TYPES[language] || ''
  const value = type === '' || isJsonType(type) ? parseTemplate(raw) : undefined
  if (value !== undefined) return { contentType: type || 'application/json', samples: [value] }
  if (isJsonType(type)) return { contentType: type, samples: [], schema: {} }
  return { contentType: type || 'text/plain', samples: ['text'] }
}

/** JSON as people write it in a collection: with comments, and with variables in the place of values. */
function parseTemplate(raw: string): unknown {
  const plain = tryJson(raw)
  if (plain !== undefined) return isScalar(plain) ? undefined : plain
  // Strings are kept as they are; what stands between them is cleaned.
  const cleaned = raw.replaceAll(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|\{\{[^{}]*\}\}/g, (part) => {
    if (part.startsWith('"')) return part
    return part.startsWith('{{') ? 'null' : ''
  })
  const value = tryJson(cleaned)
  return isScalar(value) ? undefined : value
}

function readFields(contentType: string, fields: unknown): CallBody | null {
  const known = listOf(fields)
    .map(asNode)
    .filter((field) => textOf(field['key']) !== '')
  if (known.length === 0) return null
  return {
    contentType,
    samples: [Object.fromEntries(known.map((field) => [textOf(field['key']), sampleOf(field)]))],
    descriptions: Object.fromEntries(known.map((field) => [textOf(field['key']), describe(field['description'])])),
  }
}

function sampleOf(field: Node): unknown {
  if (field['type'] === 'file') return BINARY
  const value = textOf(field['value'])
  return value.includes('{{') ? 'text' : scalarOf(value)
}

/** GraphQL over HTTP: the query as text, its variables as an object. */
function readGraphql(graphql: Node): CallBody {
  const variables = parseTemplate(textOf(graphql['variables'])) ?? {}
  return { contentType: 'application/json', samples: [{ query: 'text', variables }] }
}

const isScalar = (value: unknown) => typeof value !== 'object' || value === null
