import type { Findings } from './finding.ts'
import { asNode, isPrimitive, list, quoted } from './node.ts'
import { Unusable } from './reader.ts'
import { serversOf, type OpenApi3, type Server } from './validate.ts'

/** The URL of the document's first usable server; where it lists none, that of the host it came from. */
export function readBaseUrl(document: OpenApi3, documentUrl: string | null, findings: Findings): string | null {
  const servers = serversOf(document['servers'], '/servers', findings)
  for (const server of servers) {
    const url = resolveServer(server, documentUrl, findings)
    if (url !== null) return url
  }
  if (servers.length > 0 || documentUrl === null) return null
  const root = URL.parse('/', documentUrl)
  return root && withoutQuery(root)
}

/**
 * The URL of the first usable server that an operation or its path has for itself; null where it has none.
 * @throws Unusable where it has some and none is usable: the document's own server would be the wrong one to call.
 */
export function readOwnServer(
  servers: unknown,
  pointer: string,
  documentUrl: string | null,
  findings: Findings,
): string | null {
  const usable = serversOf(servers, pointer, findings)
  for (const server of usable) {
    const url = resolveServer(server, documentUrl, findings)
    if (url !== null) return url
  }
  if (usable.length > 0)
    throw new Unusable('the server it has for itself cannot be called', 'Write it as https://host/path.')
  return null
}

function resolveServer(server: Server, documentUrl: string | null, findings: Findings): string | null {
  const filled = server.url.replaceAll(/\{([^}]+)\}/g, (_, name: string) => valueOf(server, name, findings)).trim()
  // A host with an empty label is one that a variable without a value left.
  const url = /\/\/(\.|[^/]*\.\.)/.test(filled) ? null : URL.parse(filled, documentUrl ?? undefined)
  if (url && /^https?:$/.test(url.protocol)) return withoutQuery(url)
  const relative = documentUrl === null && !/^[a-z][a-z\d+.-]*:/i.test(filled)
  if (url) findings.add(server.pointer, `the server is not called: ${url.protocol} is not http`, 'Give an https URL.')
  else if (relative)
    findings.add(
      server.pointer,
      'the server URL is relative and the document has no URL of its own',
      'Write the server URL in full, or connect the document by its URL.',
    )
  else findings.add(server.pointer, 'the server URL is not a valid URL', 'Write it as https://host/path.')
  return null
}

/** The default of a server variable, else the first of its values; YAML makes numbers of ports and versions. */
function valueOf(server: Server, name: string, findings: Findings): string {
  const variable = asNode(server.variables[name])
  const value = variable['default'] ?? list(variable['enum'])[0]
  if (isPrimitive(value)) return String(value)
  findings.add(
    server.pointer,
    `the variable {${quoted(name)}} of the server has no default`,
    'Give it one in variables.',
  )
  return ''
}

/** A server URL as paths are put behind it. */
function withoutQuery(url: URL): string {
  url.search = ''
  url.hash = ''
  return url.href.replace(/\/+$/, '')
}
