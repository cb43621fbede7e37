import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, type Config } from '../src/config.ts'
import { resealCredentials } from '../src/connections/credentials/reseal.ts'
import type { Ctx } from '../src/context.ts'
import { AppError } from '../src/errors.ts'
import { newId } from '../src/lib/ids.ts'
import { fingerprintOf } from '../src/platform/local-kek.ts'
import { asSealed, importAesKey, readEnvelope, sealWith, toBase64Url, type Sealed } from '../src/platform/vault.ts'
import { runSchedule } from '../src/schedule.ts'
import { rotateDataKey } from '../src/vault/data-keys.ts'
import { wrapDataKey } from '../src/vault/key-wrap.ts'
import { rewrapDataKeys } from '../src/vault/rewrap.ts'
import { openSecret, resealSecret, sealSecret } from '../src/vault/service.ts'
import { newTenant, tenantWithStore, testEnv } from './helpers.ts'

// One moment past the life of a key in the isolate's memory.
const LATER_MS = 5 * 60_000 + 1

const newKey = () => crypto.getRandomValues(new Uint8Array(32))
const withKeys = (ctx: Ctx, keys: Partial<Config>): Ctx => ({ ...ctx, config: { ...ctx.config, ...keys } })
const later = (ctx: Ctx): Ctx => ({ ...ctx, now: () => Date.now() + LATER_MS })
const keyIdIn = (sealed: Sealed) => readEnvelope(sealed).keyId

type Row = { id: string; provider: string; kek_id: string; wrapped: string; rewrapped_at: string | null }

async function rowsOf(workspaceId: string): Promise<Row[]> {
  const query = testEnv.DB.prepare('select * from data_keys where workspace_id = ? order by id')
  return (await query.bind(workspaceId).all<Row>()).results
}

async function auditOf(workspaceId: string): Promise<{ action: string; resource: string }[]> {
  const query = testEnv.DB.prepare(
    "select action, resource from audit_log where workspace_id = ? and action != 'key.create' order by id",
  )
  return (await query.bind(workspaceId).all<{ action: string; resource: string }>()).results
}

/** The code of the problem that something fails with; `Error` for what is none of ours. */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof AppError ? error.code : 'Error'
  }
  return 'none'
}

let ctx: Ctx
let workspace: string
const OWNER = 'con_1'
const seal = (world: Ctx, plain: string, owner = OWNER) => sealSecret(world, workspace, owner, plain)
const open = (world: Ctx, sealed: Sealed, owner = OWNER) => openSecret(world, workspace, owner, sealed)

beforeEach(async () => {
  ;({ ctx } = await newTenant())
  workspace = ctx.actor.workspaceId
})

describe('a sealed secret', () => {
  it('opens again whatever it says, and no two are equal', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const plain = text.toWellFormed()
        const sealed = await seal(ctx, plain)
        expect(seen.has(sealed)).toBe(false)
        seen.add(sealed)
        expect(await open(ctx, sealed)).toBe(plain)
      }),
    )
    expect(await rowsOf(workspace)).toHaveLength(1)
  })

  it('does not open in another connection or workspace, even one with the same data key row', async () => {
    const sealed = await seal(ctx, 'sk_1')
    const other = await newTenant()
    await sealSecret(other.ctx, other.ctx.actor.workspaceId, OWNER, 'theirs')
    expect(await failure(open(ctx, sealed, 'con_2'))).toBe('Error')
    expect(await failure(openSecret(other.ctx, other.ctx.actor.workspaceId, OWNER, sealed))).toBe('Error')
    // Whoever can write to the database takes the data key along.
    const id = newId('dek')
    await testEnv.DB.prepare(
      'insert into data_keys select ?, ?, provider, kek_id, wrapped, created_at, null from data_keys where workspace_id = ?',
    )
      .bind(id, other.ctx.actor.workspaceId, workspace)
      .run()
    const moved = asSealed(sealed.replace(String(keyIdIn(sealed)), id))
    expect(await failure(openSecret(other.ctx, other.ctx.actor.workspaceId, OWNER, moved))).toBe('VAULT_UNAVAILABLE')
  })

  it('does not open altered', async () => {
    const sealed = await seal(ctx, 'sk_1')
    const flipped = sealed.replace(/.(?=.{10}$)/, (char) => (char === 'A' ? 'B' : 'A'))
    expect(await failure(open(ctx, asSealed(flipped)))).toBe('Error')
    expect(await failure(open(ctx, asSealed('sk_1')))).toBe('Error')
  })

  it('of version 1 opens, with a former key too, and moves to a data key when it is sealed anew', async () => {
    const sealed = asSealed('v1.local.0RO1Yk71smQB3iIo.CPoikGjj2JryYM2XYN2b-6RzmADiGsW_27aCuuixn_sSxUoMyfQ')
    const said = 'sk_sealed_long_ago ✓'
    expect(await openSecret(ctx, 'wsp_old', 'con_old', sealed)).toBe(said)
    const rotated = withKeys(ctx, { encryptionKey: newKey(), encryptionKeysOld: [newKey(), ctx.config.encryptionKey] })
    expect(await openSecret(rotated, 'wsp_old', 'con_old', sealed)).toBe(said)
    const anew = await resealSecret(rotated, 'wsp_old', 'con_old', sealed)
    expect(anew).toMatch(/^v2\.dek_/)
    expect(await openSecret(rotated, 'wsp_old', 'con_old', anew)).toBe(said)
  })

  it('needs neither the database nor the network while its data key is at hand', async () => {
    const sealed = await seal(ctx, 'sk_1')
    await open(ctx, sealed)
    const cutOff = () => {
      throw new Error('asked outside')
    }
    const alone: Ctx = { ...ctx, db: new Proxy(ctx.db, { get: cutOff }), fetch: cutOff }
    expect(await open(alone, sealed)).toBe('sk_1')
    expect(await failure(open({ ...alone, now: () => Date.now() + LATER_MS }, sealed))).toBe('Error')
  })

  it('is recorded as opened once in ten minutes, after the answer', async () => {
    const deferred: Promise<unknown>[] = []
    const world: Ctx = { ...ctx, defer: (work) => void deferred.push(work) }
    const sealed = await seal(world, 'sk_1')
    for (let i = 0; i < 20; i++) await open(world, sealed)
    await open({ ...world, now: () => Date.now() + 10 * 60_000 }, sealed)
    await Promise.all(deferred)
    const opened = (await auditOf(workspace)).filter(({ action }) => action === 'credential.open')
    expect(opened).toEqual(Array.from({ length: 2 }, () => ({ action: 'credential.open', resource: OWNER })))
  })
})

describe('a data key', () => {
  it('is made once by many first uses at the same time', async () => {
    const sealed = await Promise.all(Array.from({ length: 8 }, (_, at) => seal(ctx, `secret ${at}`, `con_${at}`)))
    const rows = await rowsOf(workspace)
    expect(rows).toHaveLength(1)
    expect(new Set(sealed.map(keyIdIn))).toEqual(new Set([rows[0]?.id]))
    const opened = await Promise.all(sealed.map((text, at) => open(later(ctx), text, `con_${at}`)))
    expect(opened).toEqual(Array.from({ length: 8 }, (_, at) => `secret ${at}`))
    const made = (await auditOf(workspace)).filter(({ action }) => action === 'data_key.create')
    expect(made).toEqual([{ action: 'data_key.create', resource: rows[0]?.id }])
  })

  it('is not made where its audit row cannot be', async () => {
    await testEnv.DB.exec('alter table audit_log rename to audit_away')
    try {
      expect(await failure(seal(ctx, 'sk_1'))).toBe('Error')
    } finally {
      await testEnv.DB.exec('alter table audit_away rename to audit_log')
    }
    expect(await rowsOf(workspace)).toEqual([])
  })

  it('takes over all new seals when it is rotated, while the former ones stay readable', async () => {
    const before = await seal(ctx, 'before')
    const { id } = await rotateDataKey(ctx)
    const after = await seal(ctx, 'after')
    expect([keyIdIn(before) === id, keyIdIn(after)]).toEqual([false, id])
    expect(await Promise.all([before, after].map((sealed) => open(later(ctx), sealed)))).toEqual(['before', 'after'])
    const anew = await resealSecret(ctx, workspace, OWNER, before)
    expect([keyIdIn(anew), await open(ctx, anew)]).toEqual([id, 'before'])
    expect(await resealSecret(ctx, workspace, OWNER, anew)).toBe(anew)
    expect(await auditOf(workspace)).toContainEqual({ action: 'data_key.rotate', resource: id })
  })

  it('takes over even when the former was made by a clock an hour ahead', async () => {
    const ahead = await seal({ ...ctx, now: () => Date.now() + 3_600_000 }, 'before')
    const { id } = await rotateDataKey(ctx)
    expect(id > String(keyIdIn(ahead))).toBe(true)
    expect(keyIdIn(await seal(ctx, 'after'))).toBe(id)
  })

  it('is rotated by an administrator only', async () => {
    const reader: Ctx = { ...ctx, actor: { ...ctx.actor, scopes: ['read', 'write', 'execute'] } }
    expect(await failure(rotateDataKey(reader))).toBe('FORBIDDEN')
    expect(await rowsOf(workspace)).toEqual([])
  })
})

describe('a change of the key-encryption key', () => {
  it('leaves everything readable before, during and after, and nothing under the old one', async () => {
    const [old, next] = [ctx.config.encryptionKey, newKey()]
    const sealed = await seal(ctx, 'sk_1')
    await rotateDataKey(ctx)
    const second = await seal(ctx, 'sk_2')
    const both = withKeys(ctx, { encryptionKey: next, encryptionKeysOld: [old] })
    expect(await open(later(both), sealed)).toBe('sk_1')
    // Each read finds no key in memory, while the keys are re-wrapped under it.
    let days = 1
    const uncached = () => ({ ...both, now: () => Date.now() + days++ * 86_400_000 })
    const reads = Array.from({ length: 20 }, (_, at) => open(uncached(), at % 2 ? second : sealed))
    const [read] = await Promise.all([Promise.all(reads), rewrapDataKeys(both)])
    expect(new Set(read)).toEqual(new Set(['sk_1', 'sk_2']))
    const rows = await rowsOf(workspace)
    expect(new Set(rows.map((row) => row.kek_id))).toEqual(new Set([await fingerprintOf(next)]))
    expect(rows.every((row) => row.rewrapped_at !== null)).toBe(true)
    const without = withKeys(ctx, { encryptionKey: next, encryptionKeysOld: [] })
    const far = () => ({ ...without, now: () => Date.now() + days++ * 86_400_000 })
    expect(await Promise.all([open(far(), sealed), open(far(), second)])).toEqual(['sk_1', 'sk_2'])
    expect(await failure(open({ ...ctx, now: far().now }, sealed))).toBe('VAULT_UNAVAILABLE')
    const rewrapped = (await auditOf(workspace)).filter(({ action }) => action === 'data_key.rewrap')
    expect(rewrapped.map(({ resource }) => resource).toSorted()).toEqual(rows.map(({ id }) => id))
    // All workspaces were re-wrapped; the others want the old key.
    await rewrapDataKeys(withKeys(ctx, { encryptionKeysOld: [next] }))
  })

  it('tells which key is missing, and seals nothing while it is', async () => {
    await seal(ctx, 'sk_1')
    const lost = later(withKeys(ctx, { encryptionKey: newKey() }))
    const refusal = await seal(lost, 'sk_2').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'VAULT_UNAVAILABLE', status: 503 })
    expect(String(refusal)).toContain(await fingerprintOf(ctx.config.encryptionKey))
    await rewrapDataKeys(lost)
    expect((await rowsOf(workspace)).map((row) => row.rewrapped_at)).toEqual([null])
  })

  it('is finished at night', async () => {
    const sealed = await seal(ctx, 'sk_1')
    const env = {
      ...testEnv,
      ENCRYPTION_KEY: newKey().toBase64(),
      ENCRYPTION_KEYS_OLD: ctx.config.encryptionKey.toBase64(),
    }
    const night = createExecutionContext()
    await runSchedule(createScheduledController({ cron: '17 3 * * *' }), env, night)
    await waitOnExecutionContext(night)
    const { encryptionKey } = loadConfig(env)
    expect((await rowsOf(workspace)).map((row) => row.kek_id)).toEqual([await fingerprintOf(encryptionKey)])
    expect(await open(later(withKeys(ctx, { encryptionKey })), sealed)).toBe('sk_1')
  })
})

describe('credentials of connections', () => {
  it('open for many requests at once, which share what one of them loads', async () => {
    const { ctx: owner, apiId, call } = await tenantWithStore()
    const { workspaceId } = owner.actor
    const stored = await testEnv.DB.prepare('select credential from connections where id = ?')
      .bind(apiId)
      .first('credential')
    const plain = await openSecret(owner, workspaceId, apiId, asSealed(String(stored)))
    // A data key that no isolate has seen yet.
    const [id, bytes] = [newId('dek', Date.now() + 1000), newKey()]
    const row = await wrapDataKey(owner, workspaceId, id, bytes)
    const sealed = await sealWith(id, await importAesKey(bytes), plain, `${workspaceId}/${apiId}`)
    await testEnv.DB.batch([
      testEnv.DB.prepare('insert into data_keys values (?, ?, ?, ?, ?, ?, null)').bind(
        id,
        workspaceId,
        row.provider,
        row.kekId,
        row.wrapped,
        new Date().toISOString(),
      ),
      testEnv.DB.prepare('update connections set credential = ? where id = ?').bind(sealed, apiId),
    ])
    const tried = await Promise.all(Array.from({ length: 12 }, () => call('POST', `/api/apis/${apiId}/test`)))
    expect(new Set(tried.map(({ data }) => data.authentication))).toEqual(new Set(['accepted']))
  })

  it('are sealed with the newest data key at night, those of version 1 too', async () => {
    const tenant = await tenantWithStore()
    const { ctx: owner, apiId } = tenant
    const stored = async () => {
      const query = testEnv.DB.prepare('select credential from connections where id = ?').bind(apiId)
      return asSealed(String(await query.first('credential')))
    }
    const tryIt = async () => (await tenant.call('POST', `/api/apis/${apiId}/test`)).data.authentication
    const bound = new TextEncoder().encode(`${owner.actor.workspaceId}/${apiId}`)
    const iv = newKey().slice(0, 12)
    const key = await importAesKey(owner.config.encryptionKey)
    const plain = await openSecret(owner, owner.actor.workspaceId, apiId, await stored())
    const cipher = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: bound },
      key,
      new TextEncoder().encode(plain),
    )
    const v1 = `v1.local.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(cipher))}`
    await testEnv.DB.prepare('update connections set credential = ? where id = ?').bind(v1, apiId).run()
    expect(await tryIt()).toBe('accepted')
    await resealCredentials(owner)
    const first = await stored()
    expect(first).toMatch(/^v2\./)
    const { id } = await rotateDataKey(owner)
    await resealCredentials(owner)
    const second = await stored()
    expect(keyIdIn(second)).toBe(id)
    await resealCredentials(owner)
    expect(await stored()).toBe(second)
    expect(await tryIt()).toBe('accepted')
    const actions = (await auditOf(owner.actor.workspaceId)).filter(({ action }) => action === 'credential.reseal')
    expect(actions).toEqual(Array.from({ length: 2 }, () => ({ action: 'credential.reseal', resource: apiId })))
  })
})
