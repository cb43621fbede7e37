import { newSeen, placesIn, pointerOf } from './references.ts'

/**
 * What a document calls by a name of its own: JSON pointers by `$anchor` and `$dynamicAnchor`, as `#name`, and by `$id`
 * as an absolute URL where the document has one, else as it is written (JSON Schema 2020-12, Core, sections 8.2.1 and
 * 8.2.2). Of two of one name the first counts.
 */
export function namesIn(document: unknown, documentUrl: string | null): Map<string, string> {
  const names = new Map<string, string>()
  const put = (name: string, pointer: string) => names.set(name, names.get(name) ?? pointer)
  for (const place of placesIn(document, newSeen())) {
    const { $anchor, $dynamicAnchor, $id } = place.value as { [name: string]: unknown }
    for (const anchor of [$anchor, $dynamicAnchor])
      if (typeof anchor === 'string' && anchor !== '') put(`#${anchor}`, pointerOf(place))
    if (typeof $id !== 'string' || $id === '') continue
    // Draft 4 to 7 wrote an anchor as the id.
    put($id.startsWith('#') ? $id : absolute($id, documentUrl), pointerOf(place))
  }
  return names
}

function absolute(id: string, documentUrl: string | null): string {
  const url = URL.parse(id, documentUrl ?? undefined)
  if (!url) return id
  url.hash = ''
  return url.href
}
