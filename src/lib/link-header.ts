/** One link of a `Link` header: its target as written, and its relation types in lower case. */
export type Link = { target: string; rel: readonly string[] }

// RFC 8288, section 3: <target>, then parameters whose values may be quoted and may then hold any mark.
const LINK = /\s*<([^>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"(?:\\.|[^"\\])*"|[^\s;,"]*))?)*)\s*(?:,|$)/y
const PARAMETER = /;\s*([^\s;,="]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;,"]*))/g

const MAX_CHARS = 10_000

/**
 * The links of a `Link` header (RFC 8288), several header fields joined by commas included. From where it is malformed
 * on, nothing is read.
 */
export function parseLinkHeader(header: string): Link[] {
  const links: Link[] = []
  const pattern = new RegExp(LINK)
  const text = header.slice(0, MAX_CHARS)
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    if (!match) break
    const [, target = '', parameters = ''] = match
    // Of several, the first counts (section 3.3).
    const rel = [...parameters.matchAll(PARAMETER)].find(([, name]) => name?.toLowerCase() === 'rel')
    const value = rel?.[2]?.replaceAll(/\\(.)/g, '$1') ?? rel?.[3] ?? ''
    links.push({ target: target.trim(), rel: value.toLowerCase().split(/\s+/).filter(Boolean) })
  }
  return links
}
