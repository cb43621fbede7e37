import { AppError } from '../../errors.ts'
import { newId } from '../../lib/ids.ts'
import { rewrapDataKey, unwrapDataKey, type KekName, type KeyAccess, type WrappedKey } from '../../vault/key-wrap.ts'
import { execute, quote, type Database, type Row } from './database.ts'

/** How many data keys a key-encryption key wraps. */
export type Holding = KekName & { keys: number; current: boolean }

/** What is in use; `v1` counts credentials that are sealed with a key-encryption key itself, by version 1. */
export type Survey = { holdings: Holding[]; others: number; v1: number }

/** What became of the data keys; `failures` says of each that did not open why. */
export type Outcome = { rewrapped: number; opened: number; failures: string[] }

const PAGE = 1000
// A command line takes 128 KiB in one argument on Linux; the statements of one key have less than 2.
const KEYS_A_WRITE = 50
const KEYS_AT_ONCE = 10

/** Which key-encryption keys wrap how many data keys; the current one first. */
export async function surveyKeys(kek: KekName, database: Database): Promise<Survey> {
  const [rows = [], [v1] = []] = await execute(
    database,
    `select provider, kek_id, count(*) as keys from data_keys group by provider, kek_id order by provider, kek_id;
select count(*) as sealed from connections where credential like 'v1.%'`,
  )
  const holdings = rows.map((row) => {
    const { provider, kekId } = readKek(row)
    return { provider, kekId, keys: Number(row['keys']), current: provider === kek.provider && kekId === kek.kekId }
  })
  const others = holdings.filter(({ current }) => !current)
  const current = holdings.find((holding) => holding.current) ?? { ...kek, keys: 0, current: true }
  return {
    holdings: [current, ...others],
    others: others.reduce((sum, { keys }) => sum + keys, 0),
    v1: Number(v1?.['sealed'] ?? 0),
  }
}

/**
 * Re-wraps every data key that is not wrapped by the current key-encryption key; with `dryRun` each is only opened. A
 * row is written only where it still holds what was read, with its audit row, so that this may be broken off, repeated,
 * and run beside the Worker.
 */
export async function rewrapAll(
  access: KeyAccess,
  kek: KekName,
  database: Database,
  dryRun: boolean,
): Promise<Outcome> {
  const outcome: Outcome = { rewrapped: 0, opened: 0, failures: [] }
  for (let after = ''; ;) {
    const [rows = []] = await execute(
      database,
      `select id, workspace_id, provider, kek_id, wrapped from data_keys where id > ${quote(after)} and (provider != ${quote(kek.provider)} or kek_id != ${quote(kek.kekId)}) order by id limit ${PAGE}`,
    )
    const keys = rows.map(readKey)
    for (let at = 0; at < keys.length; at += KEYS_A_WRITE) {
      const made: Replacement[] = []
      const write = keys.slice(at, at + KEYS_A_WRITE)
      for (let group = 0; group < write.length; group += KEYS_AT_ONCE) {
        const tried = write.slice(group, group + KEYS_AT_ONCE).map((key) => attempt(access, key, dryRun, outcome))
        made.push(...(await Promise.all(tried)).flatMap((replacement) => replacement ?? []))
      }
      if (made.length > 0) outcome.rewrapped += await store(database, made)
    }
    const last = keys.at(-1)
    if (!last || keys.length < PAGE) return outcome
    after = last.id
  }
}

type Replacement = { from: WrappedKey; to: WrappedKey }

async function attempt(
  access: KeyAccess,
  key: WrappedKey,
  dryRun: boolean,
  outcome: Outcome,
): Promise<Replacement | null> {
  try {
    if (!dryRun) return { from: key, to: await rewrapDataKey(access, key) }
    await unwrapDataKey(access, key)
    outcome.opened++
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    outcome.failures.push(`${key.id} of ${key.workspaceId}: ${error.message}`)
  }
  return null
}

/** Writes replacements; of how many keys what is there now is ours. */
async function store(database: Database, replacements: readonly Replacement[]): Promise<number> {
  const ours = replacements.map(({ to }) => quote(to.wrapped)).join(', ')
  const statements = replacements.flatMap(statementsOf)
  const sets = await execute(
    database,
    [...statements, `select count(*) as written from data_keys where wrapped in (${ours})`].join(';\n'),
  )
  return Number(sets.at(-1)?.[0]?.['written'] ?? 0)
}

function statementsOf({ from, to }: Replacement): string[] {
  const at = new Date().toISOString()
  const row = `id = ${quote(to.id)} and workspace_id = ${quote(to.workspaceId)}`
  const details = JSON.stringify({ from: `${from.provider}:${from.kekId}`, to: `${to.provider}:${to.kekId}` })
  const values = [newId('aud'), to.workspaceId, 'system', 'keys:rotate', 'system', 'data_key.rewrap', to.id]
  return [
    `update data_keys set provider = ${quote(to.provider)}, kek_id = ${quote(to.kekId)}, wrapped = ${quote(to.wrapped)}, rewrapped_at = ${quote(at)} where ${row} and wrapped = ${quote(from.wrapped)}`,
    // No two wrappings are equal: what is looked for is there only if the update wrote it. A repetition changes nothing.
    `insert or ignore into audit_log (id, workspace_id, actor_kind, actor_id, user_id, action, resource, request_id, details, at) select ${[...values, newId('req'), details, at].map(quote).join(', ')} where exists (select 1 from data_keys where ${row} and wrapped = ${quote(to.wrapped)})`,
  ]
}

function readKey(row: Row): WrappedKey {
  return {
    id: String(row['id']),
    workspaceId: String(row['workspace_id']),
    wrapped: String(row['wrapped']),
    ...readKek(row),
  }
}

function readKek(row: Row): KekName {
  return { provider: row['provider'] === 'aws-kms' ? 'aws-kms' : 'local', kekId: String(row['kek_id']) }
}
