import { exampleTexts } from './example-texts.ts'
import { derefOrEmpty, dereference } from './dereference.ts'
import { asNode, isNode, type Node } from './node.ts'
import type { JsonSchema, RequestBody } from './operation.ts'
import { Unusable, type Reader } from './reader.ts'

const FORMS = [/^application\/x-www-form-urlencoded\b/i, /^multipart\/form-data\b/i, /^text\//i]
// Fetch, section 5.4: a request of these methods has no body.
const WITHOUT_BODY = new Set(['GET', 'HEAD'])

/**
 * The request body of an operation: as JSON where it may be, else as a form, else as text, else as whatever comes first.
 * @throws Unusable where it cannot be known.
 */
export function readRequestBody(reader: Reader, method: string, operation: Node, pointer: string): RequestBody | null {
  const { requestBody } = operation
  if (requestBody === undefined || requestBody === null) return null
  const { node, broken } = dereference(reader.document, requestBody)
  if (broken !== null) throw new Unusable(`its request body is not known: ${broken}`, 'Correct the reference.')
  const content = asNode(node['content'])
  const contentType = preferredType(Object.keys(content))
  if (contentType === null) return null
  if (WITHOUT_BODY.has(method)) {
    const message = `a ${method} request has no body; the one that is described is left out`
    reader.findings.add(`${pointer}/requestBody`, message, 'Use parameters, or another method such as POST.')
    return null
  }
  const { schema, itemSchema } = derefOrEmpty(reader.document, content[contentType])
  const whole = schema ?? (isNode(itemSchema) ? { type: 'array', items: itemSchema } : undefined)
  return { contentType, required: node['required'] === true, schema: reader.slice(whole) }
}

function preferredType(types: readonly string[]): string | null {
  const ranked = [types.find(isJsonType), ...FORMS.map((form) => types.find((type) => form.test(type))), types[0]]
  return ranked.find((type) => type !== undefined) ?? null
}

/** What a successful response is. */
export type Success = { schema: JsonSchema | null; headers: string[]; examples: string[] }

/**
 * The schema of the first successful response that has one as JSON, the headers it documents, and the texts of its examples;
 * of `default` only where no success is described.
 */
export function readSuccess(reader: Reader, operation: Node): Success {
  const responses = asNode(operation['responses'])
  const successes = Object.keys(responses)
    .filter((code) => /^2(\d\d|XX)$/i.test(code))
    .sort((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1))
  const codes = successes.length > 0 ? successes : ['default']
  for (const code of codes) {
    const response = derefOrEmpty(reader.document, responses[code])
    const content = asNode(response['content'])
    const schema = jsonSchemaOf(reader, content)
    if (schema !== undefined) {
      const examples = exampleTexts(reader.document, content)
      return { schema: reader.slice(schema), headers: headersOf(response), examples }
    }
  }
  return { schema: null, headers: headersOf(derefOrEmpty(reader.document, responses[codes[0] ?? ''])), examples: [] }
}

/** The schema of the first JSON media type that has one. */
function jsonSchemaOf(reader: Reader, content: Node): unknown {
  const types = Object.keys(content).filter(isJsonType)
  return types
    .map((type) => derefOrEmpty(reader.document, content[type])['schema'])
    .find((schema) => schema !== undefined)
}

const headersOf = (response: Node): string[] => Object.keys(asNode(response['headers']))
const isJsonType = (type: string) => /^application\/([\w.-]+\+)?json\b/i.test(type) || type === '*/*'
