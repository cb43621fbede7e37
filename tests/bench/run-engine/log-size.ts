import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startIsolate } from '../../../src/cli/isolate.ts'
import { setUpApiq } from './apiq.ts'
import { freshId } from './subjects.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { STEPS } from './workflows.ts'

const RUNS = 20
// Objects that no run writes into.
const OTHERS = /RateLimiter|ApiConnection/

/** What a run leaves on the disk. */
export type LogSize = {
  workflow: 'gets' | 'posts'
  /** In objects, per step: rows of SQLite, and the bytes of their values. */
  rows: number
  bytes: number
  /** In D1, per run. */
  d1Rows: number
}

/** Runs a workflow some times in an isolate of its own and counts what stands in its files afterwards. */
export async function measureLog(bundle: string, upstreamUrl: string, workflow: 'gets' | 'posts'): Promise<LogSize> {
  const folder = makeTemporaryFolder('log')
  const isolate = await startIsolate({ bundle, persistTo: folder })
  let d1Rows = 0
  try {
    const apiq = await setUpApiq(isolate, upstreamUrl)
    const before = await countD1(isolate.database)
    for (let run = 0; run < RUNS; run++) await apiq.run(workflow, { id: freshId() })
    d1Rows = (await countD1(isolate.database)) - before
    apiq.close()
  } finally {
    await isolate.close()
  }
  const { rows, bytes } = await countObjects(folder)
  return { workflow, rows: rows / RUNS / STEPS, bytes: bytes / RUNS / STEPS, d1Rows: d1Rows / RUNS }
}

async function countD1(database: D1Database): Promise<number> {
  const tables = await database
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like '\\_%' escape '\\'",
    )
    .all<{ name: string }>()
  let rows = 0
  for (const { name } of tables.results)
    rows += (await database.prepare(`select count(*) as count from "${name}"`).first<number>('count')) ?? 0
  return rows
}

async function countObjects(folder: string): Promise<{ rows: number; bytes: number }> {
  const total = { rows: 0, bytes: 0 }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const place = relative(folder, path)
    if (!entry.name.endsWith('.sqlite') || !/(^|\/)apiq-/.test(place) || OTHERS.test(place)) continue
    // The time of an alarm is in nanoseconds.
    const database = new DatabaseSync(path, { readBigInts: true })
    const tables = database.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    for (const { name } of tables.all())
      for (const row of database.prepare(`select * from "${String(name)}"`).all()) {
        total.rows += 1
        for (const value of Object.values(row)) total.bytes += sizeOf(value)
      }
    database.close()
  }
  return total
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Uint8Array) return value.byteLength
  return value === null ? 0 : 8
}
