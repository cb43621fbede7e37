import { AppError, type FieldError } from '../errors.ts'
import { toPointer } from '../lib/json-pointer.ts'
import { dereference } from './dereference.ts'
import { newFindings, type Findings } from './finding.ts'
import { asNode, isNode, isPrimitive, quoted, type Node } from './node.ts'

/** A Server Object: its URL as it is written. */
export type Server = { url: string; variables: Node; pointer: string }

/**
 * An OpenAPI 3 document whose outer form is known to hold, or was put right; operations are read one by one later. The
 * other members are those of the document, so that its references still lead somewhere.
 */
export type OpenApi3 = Node & {
  openapi: string
  info: { title: string; version: string; description: string }
  paths: Node
  components: Node
}

const VERSION = /^\s*v?(3(?:\.\d+){0,2})\b[^\s]*\s*$/i

/**
 * Checks the outer form of a parsed document. What is missing or malformed and can be done without becomes a finding.
 * @param documentUrl where the document came from; its host is the title of one without.
 * @throws AppError SPEC_INVALID when there is nothing in it that could be called, with a JSON pointer for each place.
 */
export function validateDocument(
  document: unknown,
  documentUrl: string | null = null,
  findings: Findings = newFindings(),
): OpenApi3 {
  if (!isNode(document))
    throw invalid([error('', 'invalid_type', 'is not an object', 'Give an OpenAPI document in JSON or YAML.')])
  if ('swagger' in document && !('openapi' in document))
    throw invalid([
      error(
        '/swagger',
        'unsupported',
        'must be 2.0; of Swagger no other version is read',
        'Convert the document to OpenAPI 3.',
      ),
    ])
  const errors = [...versionErrors(document['openapi']), ...pathsErrors(document)]
  if (errors.length > 0) throw invalid(errors)
  return {
    ...document,
    openapi: readVersion(document['openapi'], findings),
    info: readInfo(document, documentUrl, findings),
    paths: pathsOf(document) ?? {},
    components: readComponents(document['components'], findings),
  }
}

/** The problem of a document that cannot be used, by its places; the first is in the detail. */
export function invalid(errors: readonly FieldError[]): AppError {
  const first = errors[0]
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : ''
  const detail = first ? `${first.path || 'The document'} ${first.message}${more}.` : 'Not an OpenAPI 3 document.'
  return new AppError('SPEC_INVALID', detail, { errors: errors.slice(0, 20) })
}

function error(path: string, code: string, message: string, fix: string): FieldError {
  return { path, code, message, fix }
}

function versionErrors(version: unknown): FieldError[] {
  const fix = 'Begin the document with its version, for example openapi: 3.1.0.'
  if (version === undefined || version === null)
    return [error('/openapi', 'missing', 'is missing: an OpenAPI 3 document starts with openapi: 3.x.y', fix)]
  if (isPrimitive(version) && VERSION.test(String(version))) return []
  return [error('/openapi', 'invalid_format', 'must be of the form "3.x.y", for example 3.1.0', fix)]
}

function pathsErrors(document: Node): FieldError[] {
  if (pathsOf(document)) return []
  const fix = 'Describe at least one operation under paths.'
  if (document['paths'] !== undefined && document['paths'] !== null)
    return [error('/paths', 'invalid_type', 'is missing or not an object', fix)]
  const others = ['webhooks', 'components'].filter((name) => isNode(document[name]))
  const message =
    others.length > 0 ? `is missing: a document of ${others.join(' and ')} has nothing to call` : 'is missing'
  return [error('/paths', 'missing', message, fix)]
}

/** The paths may lie in another document, which the specification does not provide for. */
function pathsOf(document: Node): Node | null {
  return isNode(document['paths']) ? dereference(document, document['paths']).node : null
}

function readVersion(version: unknown, findings: Findings): string {
  const given = String(version)
  const number = VERSION.exec(given)?.[1] ?? given
  if (typeof version === 'string' && /^3\.\d+\.\d+/.test(version)) return version
  const full = [...number.split('.'), '0', '0'].slice(0, 3).join('.')
  findings.add(
    '/openapi',
    `is ${typeof version === 'number' ? `the number ${given}` : `"${quoted(given)}"`} and taken as ${full}`,
    `Write the version in full and as text: "${full}".`,
  )
  return full
}

function readInfo(document: Node, documentUrl: string | null, findings: Findings): OpenApi3['info'] {
  const info = asNode(document['info'])
  const { title, version, description } = info
  const host = URL.parse(documentUrl ?? '')?.host
  const isText = (value: unknown) => isPrimitive(value) && String(value).trim() !== ''
  if (!isText(title)) findings.add('/info/title', 'is missing or not text', 'Name the API in info.title.')
  if (!isPrimitive(version))
    findings.add('/info/version', 'is missing or not text', 'Give the version of the API in info.version.')
  return {
    title: isText(title) ? String(title) : host || 'Untitled API',
    version: isPrimitive(version) ? String(version) : '',
    description: isPrimitive(description) ? String(description) : '',
  }
}

function readComponents(components: unknown, findings: Findings): Node {
  if (components !== undefined && components !== null && !isNode(components))
    findings.add('/components', 'must be an object, and is passed over', 'Make it an object, or remove it.')
  const { securitySchemes } = asNode(components)
  if (securitySchemes !== undefined && securitySchemes !== null && !isNode(securitySchemes))
    findings.add('/components/securitySchemes', 'must be an object, and is passed over', 'Give each scheme a name.')
  return asNode(components)
}

/** The usable ones of a list of servers of a document, a path or an operation. */
export function serversOf(servers: unknown, pointer: string, findings: Findings): Server[] {
  if (servers === undefined || servers === null) return []
  if (!Array.isArray(servers)) {
    findings.add(pointer, 'must be a list, and is passed over', 'Make it a list of objects with a url each.')
    return []
  }
  return servers.flatMap((server: unknown, index): Server[] => {
    const { url, variables } = asNode(server)
    const place = `${pointer}${toPointer([index])}`
    if (typeof url === 'string') return [{ url, variables: asNode(variables), pointer: `${place}/url` }]
    findings.add(`${place}/url`, 'is missing or not text', 'Give the URL that the paths are behind.')
    return []
  })
}
