import { sql } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import { words } from '../lib/words.ts'

// Models read a few hundred words; the start of a description says what the operation is for.
const DESCRIPTION_CHARS = 200

/** What `textOf` is made of. */
export const textColumns = {
  path: endpoints.path,
  operationId: endpoints.operationId,
  summary: endpoints.summary,
  description: sql<string>`substr(${endpoints.description}, 1, ${4 * DESCRIPTION_CHARS})`,
}

/** What of an operation is embedded: what it is called, the words of its path, and how its description begins. */
export function textOf({
  path,
  operationId,
  summary,
  description,
}: {
  path: string
  operationId: string | null
  summary: string
  description: string
}): string {
  const name = summary || words(operationId ?? '').join(' ')
  const fixed = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  const plain = description
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, DESCRIPTION_CHARS)
  const more = summary !== '' && plain.startsWith(summary) ? plain.slice(summary.length) : plain
  return [name, fixed.map((segment) => words(segment).join(' ')).join(', '), more]
    .filter((part) => part !== '')
    .join('. ')
}
