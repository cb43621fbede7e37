import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { getPlatformProxy, unstable_readConfig as readConfig } from 'wrangler'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshVars, parseVars } from '../src/cli/dev-vars.ts'
import { ROOT } from '../src/cli/root.ts'
import { createWorld, systemCtx, type Ctx } from '../src/context.ts'
import type { Sealed } from '../src/platform/vault.ts'
import { rotateDataKey } from '../src/vault/data-keys.ts'
import { openSecret, sealSecret } from '../src/vault/service.ts'
import { answerAsKms, KMS_CREDENTIALS, KMS_REGION } from './upstreams/kms.ts'

const WORKSPACES = Array.from({ length: 50 }, (_, at) => `wsp_${at}`)
const OWNER = "con_o'clock"

let folder: string
let vars: string
let db: D1Database
let kms: Server
const sealed = new Map<string, Sealed>()

/** The command as npm runs it; what it printed, and its exit code. */
async function rotate(...args: string[]): Promise<{ code: number; output: string }> {
  const script = join(ROOT, 'src/cli/rotate-keys.ts')
  const own = ['--persist-to', join(folder, 'state'), '--vars', vars]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...own, ...args], { cwd: folder })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

let days = 0
/** A Worker's world with the keys that the file now has, and no data key in memory. */
async function worldNow(): Promise<Ctx> {
  const env = { ...parseVars(await readFile(vars, 'utf8')), ENVIRONMENT: 'dev', LOG_LEVEL: 'silent', DB: db }
  const world = createWorld(env as unknown as Env, 'req_1', () => {})
  const ahead = days++ * 86_400_000
  return systemCtx({ ...world, now: () => Date.now() + ahead }, WORKSPACES[0] ?? '', 'usr_1')
}

/** Opens every secret with the keys of the file. */
async function readAll(): Promise<string[]> {
  const world = await worldNow()
  const all = [...sealed].map(([workspace, text]) => openSecret(world, workspace, OWNER, text))
  return Promise.all(all)
}

/**
 * Opens one secret after another until told to stop; how many opened, and what went wrong with others. That another
 * process holds the local file for a moment does not count: D1 at Cloudflare is not a file of two processes.
 */
async function readUntil(stopped: () => boolean): Promise<{ opened: number; wrong: string[] }> {
  const result = { opened: 0, wrong: [] as string[] }
  // At the pace of a Worker in development: without a pause the command would hardly get at the file.
  for (let turn = 0; !stopped(); turn++, await sleep(300)) {
    const workspace = WORKSPACES[turn % WORKSPACES.length] ?? ''
    try {
      const text = await openSecret(await worldNow(), workspace, OWNER, sealed.get(workspace) as Sealed)
      if (text === `secret of ${workspace}`) result.opened++
      else result.wrong.push(text)
    } catch (error) {
      const told = String((error as Error).cause ?? error)
      if (!/internal error|SQLITE_BUSY|locked/.test(told)) result.wrong.push(told)
    }
  }
  return result
}

async function keks(): Promise<string[]> {
  const { results } = await db.prepare('select distinct provider, kek_id from data_keys').all<Record<string, string>>()
  return results.map(({ provider, kek_id }) => `${provider} ${kek_id}`)
}

async function rewraps(): Promise<unknown> {
  return db.prepare("select count(*) as n from audit_log where action = 'data_key.rewrap'").first('n')
}

const secretsIn = async () => {
  const { ENCRYPTION_KEY = '', ENCRYPTION_KEYS_OLD = '' } = parseVars(await readFile(vars, 'utf8'))
  return [ENCRYPTION_KEY, ...ENCRYPTION_KEYS_OLD.split(',')].filter(Boolean)
}

/** Opens the local database, as a Worker has it. Two processes on its file hold each other up, so not for long. */
async function openDatabase(): Promise<() => Promise<void>> {
  const persist = { path: join(folder, 'state/v3') }
  const local = await getPlatformProxy<Env>({ configPath: join(folder, 'wrangler.json'), persist, envFiles: [vars] })
  db = local.env.DB
  return local.dispose
}

/** Looks into the database while the command is not running. */
async function look<T>(at: () => Promise<T>): Promise<T> {
  const close = await openDatabase()
  try {
    return await at()
  } finally {
    await close()
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apiq-keys-'))
  vars = join(folder, 'dev.vars')
  await writeFile(vars, await freshVars(), { mode: 0o600 })
  const { d1_databases, compatibility_date } = readConfig({ config: join(ROOT, 'wrangler.toml') })
  await writeFile(join(folder, 'wrangler.json'), JSON.stringify({ name: 'apiq', compatibility_date, d1_databases }))
  await look(async () => {
    const migrations = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql')).toSorted()
    for (const name of migrations) {
      const text = await readFile(join(ROOT, 'migrations', name), 'utf8')
      await db.batch(text.split('--> statement-breakpoint').map((statement) => db.prepare(statement)))
    }
    const world = await worldNow()
    for (const workspace of WORKSPACES)
      sealed.set(workspace, await sealSecret(world, workspace, OWNER, `secret of ${workspace}`))
    await rotateDataKey(world)
  })
  kms = createServer((request, response) => void answerAsKms(request, response)).listen(0, '127.0.0.1')
  await once(kms, 'listening')
})

afterAll(async () => {
  kms.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

const said = WORKSPACES.map((workspace) => `secret of ${workspace}`)

it('re-wraps everything under a new key while secrets are read, and prints no key', async () => {
  const close = await openDatabase()
  const [before] = await keks()
  let done = false
  const reading = readUntil(() => done)
  const { code, output } = await rotate('--new-key')
  done = true
  expect(await reading).toEqual({ opened: expect.toSatisfy((opened: number) => opened > 3), wrong: [] })
  expect([code, output]).toEqual([0, expect.stringContaining('51 re-wrapped, 0 left')])
  expect(output).toContain('not needed any more')
  expect(await keks()).toEqual([expect.not.stringContaining(String(before))])
  const keys = await secretsIn()
  expect(keys).toHaveLength(2)
  for (const key of keys) expect(output).not.toContain(key)
  expect((await stat(vars)).mode & 0o777).toBe(0o600)
  // The former key is not needed: everything opens without it.
  await writeFile(vars, (await readFile(vars, 'utf8')).replace(/^ENCRYPTION_KEYS_OLD=.*\n/m, ''))
  expect(await readAll()).toEqual(said)
  expect(await rewraps()).toBe(51)
  await close()
})

it('has nothing to do the second time', async () => {
  expect(await rotate()).toEqual({ code: 0, output: expect.stringContaining('0 re-wrapped, 0 left') })
})

it('moves to AWS KMS', async () => {
  const { port } = kms.address() as AddressInfo
  const settings = `
KMS_PROVIDER=aws-kms
AWS_KMS_KEY_ID=alias/apiq
AWS_KMS_ENDPOINT=http://127.0.0.1:${port}/kms/keys
AWS_REGION=${KMS_REGION}
AWS_ACCESS_KEY_ID=${KMS_CREDENTIALS.accessKeyId}
AWS_SECRET_ACCESS_KEY=${KMS_CREDENTIALS.secretAccessKey}
AWS_SESSION_TOKEN=${KMS_CREDENTIALS.sessionToken}
`
  await writeFile(vars, `${await readFile(vars, 'utf8')}${settings}`)
  const { code, output } = await rotate()
  expect([code, output]).toEqual([0, expect.stringContaining('51 re-wrapped, 0 left')])
  expect(output).not.toContain(KMS_CREDENTIALS.secretAccessKey)
  await look(async () => {
    expect(await keks()).toEqual([expect.stringMatching(/^aws-kms arn:aws:kms:/)])
    expect(await readAll()).toEqual(said)
    expect(await rewraps()).toBe(2 * 51)
  })
})

it('leaves what it cannot open, says why, and fails', async () => {
  const text = await readFile(vars, 'utf8')
  await writeFile(vars, await freshVars())
  const dry = await rotate('--dry-run')
  expect([dry.code, dry.output]).toEqual([1, expect.stringContaining('0 of 51 data keys open')])
  const { code, output } = await rotate()
  expect([code, output]).toEqual([1, expect.stringContaining('0 re-wrapped, 51 left')])
  expect(output).toContain('AWS KMS, which is not configured here')
  await writeFile(vars, text)
  expect(await look(readAll)).toEqual(said)
})

it.each([
  [['--remote', '--new-key'], '--new-key is for local data'],
  [['--remote', '--local'], 'exclude each other'],
  [['--vars', '/nowhere/dev.vars'], 'cannot be read (ENOENT)'],
])('refuses %j', async (args, why) => {
  expect(await rotate(...args)).toEqual({ code: 1, output: expect.stringContaining(why) })
})

it('names the variable that is wrong, and not its value', async () => {
  const text = await readFile(vars, 'utf8')
  await writeFile(vars, text.replace(/^ENCRYPTION_KEY=.*$/m, 'ENCRYPTION_KEY=c2VjcmV0'))
  const { code, output } = await rotate('--new-key')
  expect([code, output]).toEqual([1, expect.stringContaining('ENCRYPTION_KEY must be 32 random bytes')])
  expect(output).not.toContain('c2VjcmV0')
  await writeFile(vars, text)
})
