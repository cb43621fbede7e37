import { toPointer } from '../lib/json-pointer.ts'
import { dereference } from './dereference.ts'
import { asNode, isNode, isPrimitive, quoted, text, type Node } from './node.ts'
import type { Parameter } from './operation.ts'
import { Unusable, type Reader } from './reader.ts'

const MAX_EXAMPLE = 240
const LOCATIONS = new Set(['path', 'query', 'header', 'cookie'])
// OpenAPI 3.1, Parameter Object: a header parameter of these names is ignored.
const RESERVED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

/** An object that may list parameters, and where it stands. */
type Owner = { node: Node; pointer: string }

/**
 * The parameters of an operation: those of its path, unless it has one of the same name and place itself, and its own.
 * @throws Unusable where one that the call needs is not to be had.
 */
export function readParameters(reader: Reader, path: string, pathItem: Owner, operation: Owner): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const owner of [pathItem, operation])
    for (const { raw, pointer } of listedIn(reader, owner)) {
      const parameter = readParameter(reader, raw, pointer)
      if (parameter) found.set(`${parameter.in} ${parameter.name}`, parameter)
    }
  for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
    if (found.has(`path ${name}`)) continue
    reader.findings.add(
      operation.pointer,
      `the path parameter {${quoted(name)}} is not declared; it is taken as a string`,
      `Add a parameter of the name ${quoted(name)} with in: path.`,
    )
    found.set(`path ${name}`, { name, in: 'path', required: true, description: '', schema: { type: 'string' } })
  }
  return [...found.values()]
}

/** The parameters as they are written; of an object its members, which is how some write a list. */
function* listedIn(reader: Reader, { node, pointer }: Owner): Generator<{ raw: unknown; pointer: string }> {
  const { parameters } = node
  const place = `${pointer}/parameters`
  if (parameters === undefined || parameters === null) return
  if (Array.isArray(parameters)) {
    for (const [index, raw] of parameters.entries()) yield { raw, pointer: `${place}/${index}` }
    return
  }
  reader.findings.add(place, 'must be a list of parameters', 'Make it a list.')
  for (const [name, raw] of Object.entries(asNode(parameters)))
    yield { raw: isNode(raw) && !('$ref' in raw) ? { name, ...raw } : raw, pointer: `${place}${toPointer([name])}` }
}

function readParameter(reader: Reader, raw: unknown, pointer: string): Parameter | null {
  const { node, broken } = dereference(reader.document, raw)
  if (broken !== null) throw new Unusable(`a parameter is not known: ${broken}`, 'Correct the reference.')
  const name = text(node['name'])
  const location = text(node['in'])
  if (location === 'querystring') return leaveOutQuerystring(reader, node, pointer)
  if (name === '' || !LOCATIONS.has(location)) {
    reader.findings.add(
      pointer,
      `a parameter without a name or a known place (in: "${quoted(location)}") is left out`,
      'Give it a name, and in: path, query, header or cookie.',
    )
    return null
  }
  if (location === 'header' && RESERVED_HEADERS.has(name.toLowerCase())) return null
  const content = Object.values(asNode(node['content']))[0]
  return {
    name,
    in: location as Parameter['in'],
    required: location === 'path' || node['required'] === true,
    description: text(node['description']),
    schema: {
      ...reader.slice(node['schema'] ?? asNode(content)['schema']),
      ...(isShortExample(node['example']) ? { example: node['example'] } : {}),
    },
    ...(typeof node['style'] === 'string' ? { style: node['style'] } : {}),
    ...(typeof node['explode'] === 'boolean' ? { explode: node['explode'] } : {}),
  }
}

/** OpenAPI 3.2: one value for the whole query. */
function leaveOutQuerystring(reader: Reader, node: Node, pointer: string): null {
  const fix = 'Describe each parameter of the query with in: query.'
  if (node['required'] === true)
    throw new Unusable('it needs a parameter that is the whole query (in: querystring), which is not supported', fix)
  reader.findings.add(pointer, 'a parameter that is the whole query (in: querystring) is left out', fix)
  return null
}

const isShortExample = (value: unknown) => isPrimitive(value) && String(value).length <= MAX_EXAMPLE
