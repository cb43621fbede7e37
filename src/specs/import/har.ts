import { SchemeRegistry, type ImportWarning } from './call.ts'
import { buildDocument } from './document.ts'
import { readHarEntry } from './har-entry.ts'
import { unusable } from './invalid.ts'
import { asNode, isNode, type Node } from './json.ts'

/** The log of a HAR document, or null where it is none. */
export function harLogIn(source: Node): Node | null {
  const log = source['log']
  return isNode(log) && ('entries' in log || 'creator' in log || 'pages' in log) ? log : null
}

/**
 * Turns a recording of a browser or proxy, HAR 1.2, into an OpenAPI document: the calls of APIs in it, those that
 * differ in ids alone as one operation. Of the traffic only types and names stay, never a value.
 * @throws AppError SPEC_INVALID, with a JSON pointer for each place.
 */
export function importHar(log: Node): { document: Node; warnings: ImportWarning[] } {
  const { entries } = log
  if (!Array.isArray(entries))
    throw unusable('/log/entries is missing or not a list.', [
      { path: '/log/entries', code: 'invalid_type', message: 'must be a list' },
    ])
  const warnings: ImportWarning[] = []
  const schemes = new SchemeRegistry()
  const calls = entries.map((entry) => readHarEntry(asNode(entry), schemes)).filter((call) => call !== null)
  if (calls.length === 0)
    throw unusable('The recording has no call of an API.', [
      {
        path: '/log/entries',
        code: 'empty',
        message: `none of ${entries.length} entries sends or answers JSON or a form; pages, scripts and images are left out`,
      },
    ])
  const left = entries.length - calls.length
  if (left > 0)
    warnings.push({ message: `${left} of ${entries.length} entries are not calls of an API and are left out` })
  const hosts = new Set(calls.map(({ server }) => server))
  if (hosts.size > 1)
    warnings.push({ message: `the calls go to ${hosts.size} hosts; the one called most often is the server` })
  const document = buildDocument({
    title: null,
    description: '',
    calls,
    schemes: schemes.schemes,
    warnings,
  })
  return { document, warnings }
}
