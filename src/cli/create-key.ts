import { parseArgs } from 'node:util'
import { z } from 'zod'
import { newId } from '../lib/ids.ts'
import { sha256 } from '../lib/hash.ts'
import { NewKey } from '../keys/schema.ts'
import { generateToken } from '../keys/token.ts'
import { DEFAULT_KEY_PER_MINUTE } from '../limits/tiers.ts'
import { databaseOptions, execute, quote, toDatabase, type Database } from './keys/database.ts'
import { bold, CliError, green, runMain, say } from './terminal.ts'

const HELP = `npm run keys:create -- --name NAME --scopes LIST [options]

Makes an API key without the API, for whoever runs the deployment. The key is printed this once.

  --name NAME       what it is for
  --scopes LIST     of read, write, execute, admin, separated by commas
  --user EMAIL      whose key it is, in the workspace they joined last; may be left out where there is only one user
  --workspace ID    another workspace of that user
  --expires TIME    from when on it does not work, like 2027-01-31T00:00:00Z
  --per-minute N    requests it may make a minute (${DEFAULT_KEY_PER_MINUTE})
  --per-day N       the same by day (no limit)
  --allowed-ips L   addresses and networks it may be used from, separated by commas
  --local           the database of \`npm start\` (the default)
  --remote          the database at Cloudflare
  --env NAME        the environment of wrangler.toml: staging, production
  --persist-to DIR  where the local data lives (.wrangler/state)`

type Owner = { userId: string; workspaceId: string; email: string }

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: {
      name: text,
      scopes: text,
      user: text,
      workspace: text,
      expires: text,
      'per-minute': text,
      'per-day': text,
      'allowed-ips': text,
      ...databaseOptions,
      help: flag,
    },
  })
  if (values.help) {
    say(HELP)
    return 0
  }
  const database = toDatabase(values)
  const list = (value: string | undefined) => value?.split(',').flatMap((item) => item.trim() || [])
  const number = (value: string | undefined) => (value === undefined ? undefined : Number(value))
  const key = NewKey.safeParse({
    name: values.name,
    scopes: list(values.scopes),
    expiresAt: values.expires,
    allowedIps: list(values['allowed-ips']),
    requestsPerMinute: number(values['per-minute']),
    requestsPerDay: number(values['per-day']),
  })
  if (!key.success) throw new CliError(`${z.prettifyError(key.error)}\n\n${HELP}`)
  const owner = await findOwner(database, values.user, values.workspace)
  const token = await generateToken(values.env ?? 'dev')
  const id = await store(database, owner, key.data, token)
  say(`${green('✓')} ${id} for ${owner.email} in ${owner.workspaceId}: ${key.data.scopes.join(', ')}`)
  say(`\n${bold(token)}\n`)
  say('Keep it now: it is stored nowhere.')
  return 0
}

async function findOwner(database: Database, email?: string, workspaceId?: string): Promise<Owner> {
  const wanted = [
    ...(email === undefined ? [] : [`u.email = ${quote(email.toLowerCase())}`]),
    ...(workspaceId === undefined ? [] : [`m.workspace_id = ${quote(workspaceId)}`]),
  ]
  const [rows = []] = await execute(
    database,
    `select u.id as user_id, u.email, max(m.id) as member, m.workspace_id from users u join members m on m.user_id = u.id${wanted.length > 0 ? ` where ${wanted.join(' and ')}` : ''} group by u.id limit 2`,
  )
  const [row] = rows
  if (!row) throw new CliError('There is no such user with a workspace: sign in once first.')
  if (rows.length > 1) throw new CliError('There are several users: say whose key it is with --user.')
  return { userId: String(row['user_id']), workspaceId: String(row['workspace_id']), email: String(row['email']) }
}

/** Writes the key and its audit row; a repetition changes nothing. */
async function store(database: Database, owner: Owner, key: NewKey, token: string): Promise<string> {
  const id = newId('key')
  const at = new Date().toISOString()
  const { name, scopes, requestsPerMinute = DEFAULT_KEY_PER_MINUTE, requestsPerDay, expiresAt, allowedIps } = key
  const columns: Record<string, string | number | null> = {
    id,
    workspace_id: owner.workspaceId,
    user_id: owner.userId,
    name,
    hash: await sha256(token),
    prefix: token.slice(0, token.lastIndexOf('_') + 5),
    last_four: token.slice(-4),
    scopes: JSON.stringify(scopes),
    requests_per_minute: requestsPerMinute,
    requests_per_day: requestsPerDay ?? null,
    allowed_ips: allowedIps ? JSON.stringify(allowedIps) : null,
    expires_at: expiresAt ? new Date(expiresAt).toISOString() : null,
    created_at: at,
  }
  const literal = (value: string | number | null) => (typeof value === 'string' ? quote(value) : String(value))
  const details = JSON.stringify({ name, scopes, requestsPerMinute, requestsPerDay, expiresAt, allowedIps })
  const audit = [newId('aud'), owner.workspaceId, 'system', 'keys:create', owner.userId, 'key.create', id, newId('req')]
  await execute(
    database,
    `insert or ignore into api_keys (${Object.keys(columns).join(', ')}) values (${Object.values(columns).map(literal).join(', ')});
insert or ignore into audit_log (id, workspace_id, actor_kind, actor_id, user_id, action, resource, request_id, details, at) values (${[...audit, details, at].map(quote).join(', ')})`,
  )
  return id
}

await runMain(main)
