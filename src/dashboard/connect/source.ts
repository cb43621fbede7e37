import type { Auth } from '../../connections/auth-schema.ts'
import type { HandWrittenEndpoint } from '../../specs/import/schema.ts'
import type { Connecting } from './queries.ts'

/** Where an API's operations come from: each way with what was filled in for it. */
export type Source = {
  kind: 'url' | 'file' | 'paste' | 'hand'
  url: string
  file: File | null
  text: string
  operations: readonly WrittenOperation[]
}

/** An operation as it is being written down; `query` are names parted by commas, `example` is JSON. */
export type WrittenOperation = {
  method: HandWrittenEndpoint['method']
  path: string
  summary: string
  query: string
  example: string
}

/** An operation of which nothing is said yet. */
export const BLANK: WrittenOperation = { method: 'GET', path: '', summary: '', query: '', example: '' }

/** Nothing chosen yet. */
export const NO_SOURCE: Source = { kind: 'url', url: '', file: null, text: '', operations: [BLANK] }

// A request in JSON may have 2 MB; what is larger goes as a file.
const PASTED_AS_JSON = 1_500_000

/** What the Worker takes; null while no file is chosen. @throws SyntaxError for an example that is not JSON. */
export function toConnecting(source: Source, about: { name: string; baseUrl: string; auth: Auth }): Connecting | null {
  const { name, baseUrl, auth } = about
  const json = { ...(name ? { name } : {}), ...(baseUrl ? { baseUrl } : {}), auth }
  switch (source.kind) {
    case 'url':
      return { json: { ...json, specUrl: source.url.trim() } }
    case 'file':
      return source.file && { file: source.file, ...about }
    case 'paste':
      return source.text.length > PASTED_AS_JSON
        ? { file: new File([source.text], 'pasted'), ...about }
        : { json: { ...json, spec: source.text } }
    case 'hand':
      return { json: { ...json, endpoints: source.operations.map(toEndpoint) } }
    default:
      return source.kind satisfies never
  }
}

/** One operation as the Worker takes it. @throws SyntaxError for an example that is not JSON. */
export function toEndpoint({ method, path, summary, query, example }: WrittenOperation): HandWrittenEndpoint {
  const names = query.split(',').flatMap((name) => name.trim() || [])
  const body =
    example === ''
      ? {}
      : { body: { contentType: 'application/json', required: true, example: JSON.parse(example) as unknown } }
  const parameters = names.map((name) => ({ name, in: 'query' as const, required: false }))
  return { method, path: path.trim(), summary: summary.trim(), parameters, ...body }
}
