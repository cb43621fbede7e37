import { createExecutionContext } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { app } from '../src/app.ts'
import type { Config, KmsConfig } from '../src/config.ts'
import type { Ctx } from '../src/context.ts'
import { newId } from '../src/lib/ids.ts'
import { rotateDataKey } from '../src/vault/data-keys.ts'
import { rewrapDataKeys } from '../src/vault/rewrap.ts'
import { openSecret, sealSecret } from '../src/vault/service.ts'
import { newStore, newTenant, testEnv } from './helpers.ts'

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-00000000a11a'
const OTHER_KEY = '00000000-0000-4000-8000-0000000000b2'
const OWNER = 'con_1'

let endpoint: string
let ctx: Ctx
let workspace: string

const kmsOf = (changes: Partial<KmsConfig> = {}): KmsConfig => ({
  keyId: 'alias/apiq',
  region: 'eu-central-1',
  endpoint,
  accessKeyId: 'AKIATESTSONLY0000000',
  secretAccessKey: 'tests/only+0123456789abcdefghijABCDEFGHIJ',
  sessionToken: 'tests-only-session/token==',
  ...changes,
})
const withKeys = (keys: Partial<Config>): Ctx => ({ ...ctx, config: { ...ctx.config, ...keys } })
const withKms = (changes: Partial<KmsConfig> = {}) => withKeys({ keyProvider: 'aws-kms', kms: kmsOf(changes) })
let days = 1
/** The same at a time when no key is in memory any more. */
const uncached = (world: Ctx): Ctx => {
  const ahead = days++ * 86_400_000
  return { ...world, now: () => Date.now() + ahead }
}
const setMode = (mode: string) => fetch(`${endpoint}/mode/${mode}`, { method: 'PUT' })
const seal = (world: Ctx, plain: string) => sealSecret(world, workspace, OWNER, plain)
const open = (world: Ctx, sealed: Awaited<ReturnType<typeof seal>>) => openSecret(world, workspace, OWNER, sealed)

async function calls(): Promise<{ operation: string; keyId: string; context: Record<string, string> }[]> {
  return (await fetch(`${endpoint}/calls`)).json()
}

async function rows(): Promise<{ id: string; provider: string; kek_id: string; wrapped: string }[]> {
  const query = testEnv.DB.prepare('select * from data_keys where workspace_id = ? order by id').bind(workspace)
  return (await query.all<{ id: string; provider: string; kek_id: string; wrapped: string }>()).results
}

beforeEach(async () => {
  ;({ ctx } = await newTenant())
  workspace = ctx.actor.workspaceId
  endpoint = `${testEnv.UPSTREAMS}/kms/${newId('req')}`
})

describe('a data key wrapped by AWS KMS', () => {
  it('is wrapped and unwrapped by signed requests that name its workspace and id', async () => {
    const sealed = await seal(withKms(), 'sk_1')
    expect(await open(uncached(withKms()), sealed)).toBe('sk_1')
    const [row] = await rows()
    expect(row).toMatchObject({ provider: 'aws-kms', kek_id: ARN })
    const context = { workspace, key: row?.id }
    expect(await calls()).toEqual([
      { operation: 'Encrypt', keyId: 'alias/apiq', context },
      { operation: 'Decrypt', keyId: ARN, context },
      { operation: 'Decrypt', keyId: ARN, context },
    ])
  })

  it('is unwrapped once for many who need it at the same time', async () => {
    const sealed = await seal(withKms(), 'sk_1')
    const before = (await calls()).length
    const world = uncached(withKms())
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(world, sealed)))
    expect(new Set(opened)).toEqual(new Set(['sk_1']))
    expect((await calls()).length - before).toBe(1)
  })

  it('opens without KMS for five minutes, and no longer once the grant is revoked', async () => {
    const sealed = await seal(withKms(), 'sk_1')
    await setMode('denied')
    expect(await open({ ...withKms(), now: () => Date.now() + 4 * 60_000 }, sealed)).toBe('sk_1')
    await expect(open(uncached(withKms()), sealed)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
  })

  it('does not open in a row that was copied to another workspace', async () => {
    await seal(withKms(), 'sk_1')
    const other = (await newTenant()).ctx.actor.workspaceId
    await testEnv.DB.prepare(
      'insert into data_keys select ?, ?, provider, kek_id, wrapped, created_at, null from data_keys where workspace_id = ?',
    )
      .bind(newId('dek'), other, workspace)
      .run()
    await expect(sealSecret(uncached(withKms()), other, OWNER, 'sk_2')).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    })
  })

  it('survives an answer of 500 that passes', async () => {
    await setMode('flaky')
    const sealed = await seal(withKms(), 'sk_1')
    expect(await open(uncached(withKms()), sealed)).toBe('sk_1')
  })
})

describe('a KMS that does not do it', () => {
  it.each(['down', 'throttled', 'html', 'cut', 'denied', 'disabled', 'encrypt-only'])(
    'by being %s stores nothing, and tells nothing of what it said',
    async (mode) => {
      await setMode(mode)
      const refusal = await seal(withKms(), 'sk_1').catch((error: unknown) => error)
      expect(refusal).toMatchObject({ code: 'VAULT_UNAVAILABLE', status: 503 })
      expect(String(refusal)).not.toMatch(/arn:|refused:|111122223333|tests\/only/)
      expect(await rows()).toEqual([])
    },
  )

  it('and decrypts to other bytes is not trusted with a key', async () => {
    await setMode('lying')
    await expect(seal(withKms(), 'sk_1')).rejects.toThrow('unwraps to something else')
    expect(await rows()).toEqual([])
  })

  it.each<[string, Partial<KmsConfig>, string]>([
    ['the secret', { secretAccessKey: 'another/one+0123456789abcdefghijABCDEFGHI' }, 'AWS_SECRET_ACCESS_KEY'],
    ['the access key', { accessKeyId: 'AKIANOBODY0000000000' }, 'AWS_ACCESS_KEY_ID'],
    ['the session token', { sessionToken: null }, 'AWS_SESSION_TOKEN'],
    ['the region', { region: 'us-east-1' }, 'AWS_ACCESS_KEY_ID'],
    ['the key', { keyId: 'alias/unknown' }, 'AWS_KMS_KEY_ID'],
  ])('because %s is wrong says what to check', async (_, changes, name) => {
    await expect(seal(withKms(changes), 'sk_1')).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining(name),
    })
    expect(await rows()).toEqual([])
  })

  it('because nothing listens there makes no data key, neither the first nor a next one', async () => {
    const nowhere = withKms({ endpoint: 'http://127.0.0.1:1' })
    await expect(seal(nowhere, 'sk_1')).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
    await expect(rotateDataKey(nowhere)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
    expect(await rows()).toEqual([])
  })
})

describe('a Worker whose KMS is down', () => {
  it('answers 503 to whoever connects an API, and keeps nothing of it', async () => {
    const [tenant, store] = await Promise.all([newTenant(), newStore()])
    const { keyId, region, accessKeyId, secretAccessKey } = kmsOf()
    const env = {
      ...testEnv,
      KMS_PROVIDER: 'aws-kms',
      AWS_KMS_KEY_ID: keyId,
      AWS_KMS_ENDPOINT: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
    await setMode('down')
    const body = { name: 'Store', specUrl: `${store.url}/openapi.json`, auth: { type: 'apiKey', value: store.apiKey } }
    const headers = { 'x-api-key': tenant.token, 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await app.request('/api/apis', request, env, createExecutionContext())
    expect(await response.json()).toMatchObject({ status: 503, code: 'VAULT_UNAVAILABLE' })
    expect((await tenant.call('GET', '/api/apis')).data).toEqual([])
  })
})

describe('moving between providers', () => {
  it('from local to KMS, to another key of it, and back leaves every secret readable', async () => {
    const sealed = await seal(ctx, 'sk_1')
    expect(await open(uncached(withKms()), sealed)).toBe('sk_1')
    await rewrapDataKeys(withKms())
    expect(await rows()).toMatchObject([{ provider: 'aws-kms', kek_id: ARN }])
    // The alias stands for the key that wrapped it: nothing is left to do.
    const [once] = await rows()
    await rewrapDataKeys(withKms())
    expect((await rows())[0]).toEqual(once)
    await rewrapDataKeys(withKms({ keyId: OTHER_KEY }))
    expect((await rows())[0]?.kek_id).toContain(OTHER_KEY)
    const back = withKeys({ kms: kmsOf() })
    expect(await open(uncached(back), sealed)).toBe('sk_1')
    await rewrapDataKeys(back)
    expect(await rows()).toMatchObject([{ provider: 'local' }])
    expect(await open(uncached(ctx), sealed)).toBe('sk_1')
    const audit = await testEnv.DB.prepare(
      "select details from audit_log where workspace_id = ? and action = 'data_key.rewrap' order by id",
    )
      .bind(workspace)
      .all<{ details: string }>()
    expect(audit.results.map(({ details }) => JSON.parse(details).to.split(':')[0])).toEqual([
      'aws-kms',
      'aws-kms',
      'local',
    ])
  })

  it('without the settings of the former KMS says so', async () => {
    const sealed = await seal(withKms(), 'sk_1')
    await expect(open(uncached(ctx), sealed)).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining('not configured'),
    })
  })

  it('stops at a KMS that is down, and changes nothing', async () => {
    await seal(ctx, 'sk_1')
    const [before] = await rows()
    await setMode('down')
    await expect(rewrapDataKeys(withKms())).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
    expect((await rows())[0]).toEqual(before)
  })
})
