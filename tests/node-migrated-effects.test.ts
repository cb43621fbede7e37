import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, '../migrations')
const LAST = '0018_made_not_read.sql'

/** A database as it was before the migration, with operations in it, and after. */
function migrated(rows: readonly { method: string; path: string; operationId?: string; edited?: boolean }[]): string[] {
  const db = new DatabaseSync(':memory:')
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.sql'))
  const run = (file: string) => db.exec(readFileSync(join(FOLDER, file), 'utf8'))
  for (const file of files.toSorted().filter((each) => each < LAST)) run(file)
  const insert = db.prepare(
    `insert into endpoints (id, workspace_id, connection_id, method, path, operation_id, summary, description, tags,
      deprecated, effect, parameters, effect_edited) values (?, 'w', 'c', ?, ?, ?, '', '', '[]', 0, 'read', '[]', ?)`,
  )
  rows.forEach(({ method, path, operationId = null, edited = false }, at) =>
    insert.run(`e${at}`, method, path, operationId, Number(edited)),
  )
  run(LAST)
  return db
    .prepare('select effect from endpoints order by rowid')
    .all()
    .map(({ effect }) => String(effect))
}

it.each([
  [{ method: 'POST', path: '/lists' }, 'create'],
  [{ method: 'POST', path: '/me/reading-lists' }, 'create'],
  [{ method: 'POST', path: '/values:batchClearByDataFilter' }, 'create'],
  [{ method: 'GET', path: '/lists' }, 'read'],
  [{ method: 'POST', path: '/orders/list' }, 'read'],
  [{ method: 'POST', path: '/orders/search' }, 'read'],
  [{ method: 'POST', path: '/values:batchGetByDataFilter' }, 'read'],
  [{ method: 'POST', path: '/lists', operationId: 'searchLists' }, 'read'],
  [{ method: 'POST', path: '/lists', edited: true }, 'read'],
])('an operation that was stored as a read: %j is %s', (row, effect) => {
  expect(migrated([row])).toEqual([effect])
})
