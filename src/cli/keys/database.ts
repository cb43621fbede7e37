import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { ROOT, tools } from '../root.ts'
import { CliError } from '../terminal.ts'

/** A row as D1 answers with it. */
export type Row = Record<string, unknown>

/** Which D1 database Wrangler works on. */
export type Database = { remote: boolean; env: string | undefined; persistTo: string | undefined }

/** The options by which a command is told which database. */
export const databaseOptions = {
  local: { type: 'boolean', default: false },
  remote: { type: 'boolean', default: false },
  env: { type: 'string' },
  'persist-to': { type: 'string' },
} as const

/** What `databaseOptions` were given. @throws CliError */
export function toDatabase(values: {
  local: boolean
  remote: boolean
  env?: string | undefined
  'persist-to'?: string | undefined
}): Database {
  const { local, remote, env, 'persist-to': persistTo } = values
  if (remote && local) throw new CliError('--local and --remote exclude each other.')
  return { remote, env, persistTo: persistTo === undefined ? undefined : resolve(persistTo) }
}

// Wrangler has no use for these, and what it starts need not see them.
const SECRETS = /^(?:ENCRYPTION_|AUTH_SECRET$|AWS_)/
const run = promisify(execFile)
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024
const TRIES = 10

/**
 * Runs SQL statements, separated by semicolons, through `wrangler d1 execute`; the rows of each. Not by file: D1 takes
 * no other query while it imports one. They may run twice, should the first answer be lost.
 * @throws CliError with what Wrangler said.
 */
export async function execute(database: Database, sql: string): Promise<Row[][]> {
  const { remote, env, persistTo } = database
  const args = ['d1', 'execute', 'DB', remote ? '--remote' : '--local', '--json', '--yes', '--command', sql]
  if (env !== undefined) args.push('--env', env)
  if (!remote && persistTo !== undefined) args.push('--persist-to', persistTo)
  const output = await runWrangler(args)
  try {
    const sets = JSON.parse(output.slice(output.indexOf('['))) as { results: Row[] }[]
    return sets.map(({ results }) => results)
  } catch {
    throw new CliError(`Wrangler did not answer with JSON:\n${output}`)
  }
}

/** A text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

async function runWrangler(args: readonly string[]): Promise<string> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
  for (const name of Object.keys(env)) if (SECRETS.test(name)) Reflect.deleteProperty(env, name)
  const options = { cwd: ROOT, env, maxBuffer: MAX_OUTPUT_BYTES }
  for (let attempt = 1; ; attempt++) {
    try {
      return (await run(process.execPath, [tools.wrangler, ...args], options)).stdout
    } catch (error) {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
      const said = `${stderr}${stdout}`.trim()
      // A Worker that runs on the same local file holds it for moments.
      if (said.includes('SQLITE_BUSY') && attempt < TRIES) continue
      const cure = said.includes('no such table') ? '\nThe database lacks its tables: apply the migrations first.' : ''
      throw new CliError(`Wrangler could not work on the database:\n${said}${cure}`)
    }
  }
}
