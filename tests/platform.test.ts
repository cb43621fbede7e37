import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fingerprintOf, unwrapLocally, wrapLocally } from '../src/platform/local-kek.ts'
import { createLog, errorFields, mask } from '../src/platform/log.ts'
import { asSealed, importAesKey, openV1, openWith, readEnvelope, sealWith } from '../src/platform/vault.ts'

const newKey = () => crypto.getRandomValues(new Uint8Array(32))
const key = await importAesKey(newKey())
const KEY_ID = 'dek_0123456789'

const sealFor = (place: string, plain: string) => sealWith(KEY_ID, key, plain, place)

/** Whether an envelope opens at all. */
const opens = async (sealed: string, place: string, by = key) => {
  try {
    await openWith(by, readEnvelope(asSealed(sealed)), place)
    return true
  } catch {
    return false
  }
}

describe('an envelope', () => {
  it('opens again, whatever the text and the place it belongs to', async () => {
    const text = fc.string({ unit: 'grapheme' })
    await fc.assert(
      fc.asyncProperty(text, text, async (plain, place) => {
        expect(await openWith(key, readEnvelope(await sealFor(place, plain)), place)).toBe(plain)
      }),
    )
  })

  it('names its version and its key, and differs every time', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealFor('a/b', 'sk_1')))
    expect(sealed.every((text) => text.startsWith(`v2.${KEY_ID}.`))).toBe(true)
    expect(readEnvelope(asSealed(String(sealed[0]))).keyId).toBe(KEY_ID)
    expect(new Set(sealed).size).toBe(50)
    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(50)
  })

  it('shows nothing of the text, not even when it is long', async () => {
    expect(await sealFor('a/b', 'swordfish'.repeat(20))).not.toContain('swordfish')
  })

  it.each(['a/c', 'b/b', '', 'a/b '])('does not open what belongs to a/b as %j', async (place) => {
    expect(await opens(await sealFor('a/b', 'sk_1'), place)).toBe(false)
  })

  it('does not open with another key', async () => {
    expect(await opens(await sealFor('a/b', 'sk_1'), 'a/b', await importAesKey(newKey()))).toBe(false)
  })

  it('does not open when any bit of the initialization vector or the ciphertext is flipped', async () => {
    const [version, keyId, ...parts] = (await sealFor('a/b', 'sk_1234')).split('.')
    const bytes = parts.map((part) => Uint8Array.fromBase64(part, { alphabet: 'base64url' }))
    const places = bytes.flatMap((part, index) => Array.from(part, (_, at) => [index, at] as const))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.integer({ min: 0, max: 7 }), async ([index, at], bit) => {
        const altered = bytes.map((part) => Uint8Array.from(part))
        altered[index]?.set([(bytes[index]?.[at] ?? 0) ^ (1 << bit)], at)
        const text = altered.map((part) => part.toBase64({ alphabet: 'base64url' })).join('.')
        expect(await opens(`${version}.${keyId}.${text}`, 'a/b')).toBe(false)
      }),
    )
  })

  const altered: [string, (sealed: string) => string][] = [
    ['nothing', () => ''],
    ['plain text', () => 'sk_1234'],
    ['a version to come', (sealed) => sealed.replace('v2.', 'v3.')],
    ['no key’s id', (sealed) => sealed.replace(`.${KEY_ID}.`, '..')],
    ['no ciphertext', (sealed) => sealed.slice(0, sealed.lastIndexOf('.'))],
    ['a shorter ciphertext', (sealed) => sealed.slice(0, -8)],
    ['a part more', (sealed) => `${sealed}.AAAA`],
    ['characters that base64url does not have', (sealed) => `${sealed}!`],
  ]
  it.each(altered)('does not open %s', async (_, made) => {
    expect(await opens(made(await sealFor('a/b', 'sk_1234')), 'a/b')).toBe(false)
  })

  it('of version 1 opens with the key-encryption key that sealed it, current or former', async () => {
    const old = Uint8Array.from({ length: 32 }, (_, index) => index)
    const sealed = asSealed('v1.local.0RO1Yk71smQB3iIo.CPoikGjj2JryYM2XYN2b-6RzmADiGsW_27aCuuixn_sSxUoMyfQ')
    const open = (keys: Uint8Array<ArrayBuffer>[], place: string) => openV1(keys, readEnvelope(sealed), place)
    expect(readEnvelope(sealed).keyId).toBeNull()
    expect(await open([old], 'wsp_old/con_old')).toBe('sk_sealed_long_ago ✓')
    expect(await open([newKey(), newKey(), old], 'wsp_old/con_old')).toBe('sk_sealed_long_ago ✓')
    await expect(open([old], 'wsp_old/con_new')).rejects.toBeInstanceOf(Error)
    await expect(open([newKey()], 'wsp_old/con_old')).rejects.toBeInstanceOf(Error)
  })
})

describe('a wrapped data key', () => {
  it('unwraps with the same key at the same place only', async () => {
    const [kek, dataKey] = [newKey(), newKey()]
    const wrapped = await wrapLocally(kek, dataKey, 'wsp_1/dek_1')
    expect(await unwrapLocally(kek, wrapped, 'wsp_1/dek_1')).toEqual(dataKey)
    await expect(unwrapLocally(newKey(), wrapped, 'wsp_1/dek_1')).rejects.toBeInstanceOf(Error)
    await expect(unwrapLocally(kek, wrapped, 'wsp_2/dek_1')).rejects.toBeInstanceOf(Error)
    await expect(unwrapLocally(kek, wrapped, 'wsp_1/dek_2')).rejects.toBeInstanceOf(Error)
    await expect(unwrapLocally(kek, '', 'wsp_1/dek_1')).rejects.toBeInstanceOf(Error)
  })

  it('is named after a fingerprint of the key that wrapped it', async () => {
    const kek = Uint8Array.from({ length: 32 }, (_, index) => index)
    expect(await fingerprintOf(kek)).toBe('630dcd2966c43366')
    expect(await fingerprintOf(newKey())).not.toBe('630dcd2966c43366')
  })
})

describe('masking of log fields', () => {
  it.each([
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'password',
    'newPassword',
    'clientSecret',
    'token',
    'access_token',
    'apiKey',
    'api_key',
    'x-api-key',
    'X-API-KEY',
    'credential',
  ])('hides the value of %s, at the top and inside', (name) => {
    expect(mask({ [name]: 'swordfish' })).toEqual({ [name]: '•••' })
    expect(mask({ list: [{ deep: { [name]: 42 } }] })).toEqual({ list: [{ deep: { [name]: '•••' } }] })
  })

  it.each([
    ['key apiq_dev_0123456789abcdef is revoked', 'key ••• is revoked'],
    ['apiq_dev_1 and apiq_production_2', '••• and •••'],
    ['sent Bearer abc.def-ghi to it', 'sent ••• to it'],
    ['authorization: bearing arms', 'authorization: bearing arms'],
    ['GET https://a.example.com/x?api_key=abc&page=2', 'GET https://a.example.com/x?api_key=•••&page=2'],
    ['https://a.example.com/x?page=2&key=abc#top', 'https://a.example.com/x?page=2&key=•••#top'],
    ['access_token=abc&expires=10', 'access_token=•••&expires=10'],
    ['said token="abc" and apiKey=def', 'said token=••• and apiKey=•••'],
    ['url=https://a.example.com/?next=/x?token=abc', 'url=https://a.example.com/?next=/x?token=•••'],
    ['client_secret=a;password=b', 'client_secret=•••;password=•••'],
    ['/x?page_token=abc&monkey=1', '/x?page_token=abc&monkey=1'],
    ['sent Basic dXNlcjpwYXNz to it', 'sent ••• to it'],
    ['the Basic subscription', 'the Basic subscription'],
  ])('hides what looks like a secret in %j', (text, shown) => {
    expect(mask({ text })).toEqual({ text: shown })
    expect(mask([text])).toEqual([shown])
  })

  it.each(['cookies', 'passwords', 'secrets', 'credentials', 'token', 'accesstoken', 'privateKey', 'apiKeys'])(
    'hides a list and an object under the name %s too',
    (name) => {
      expect(mask({ [name]: ['a'] })).toEqual({ [name]: '•••' })
      expect(mask({ [name]: { value: 't' } })).toEqual({ [name]: '•••' })
    },
  )

  it.each(['tokens', 'maxTokens', 'nextCursor', 'key', 'keys', 'keyword', 'nextPageToken', 'next_token', 'token_type'])(
    'shows what is called %s, as answers of APIs call ordinary things',
    (name) => {
      expect(mask({ [name]: 'ordinary' })).toEqual({ [name]: 'ordinary' })
      expect(mask({ [name]: [{ a: 1 }] })).toEqual({ [name]: [{ a: 1 }] })
    },
  )

  it('shows whether there is a secret', () => {
    const fields = { hasPassword: true, token: null, secret: undefined }
    expect(mask(fields)).toEqual(fields)
  })

  it('survives what holds itself, and shows what is there twice both times', () => {
    const twice = { n: 1 }
    const circle: Record<string, unknown> = { twice, again: twice }
    circle['self'] = [circle]
    expect(mask(circle)).toEqual({ twice, again: twice, self: ['(circular)'] })
  })

  it('makes text of dates, errors and large numbers', () => {
    const fields = { at: new Date(0), error: new TypeError('sent Bearer abc'), big: 2n ** 64n }
    expect(mask(fields)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      error: 'sent •••',
      big: '18446744073709551616',
    })
  })

  it('leaves the rest as it is', () => {
    const fields = { status: 200, ok: true, none: null, path: '/api/keys', list: [1, 'two', { three: 3 }] }
    expect(mask(fields)).toEqual(fields)
  })
})

describe('errorFields', () => {
  it('tells an error, its stack and its causes', () => {
    const error = new Error('outer', { cause: new Error('inner', { cause: 'text' }) })
    expect(errorFields(error)).toMatchObject({
      error: 'outer',
      stack: expect.stringContaining('outer'),
      cause: { error: 'inner', cause: { error: 'text' } },
    })
  })

  it('ends at an error that is its own cause', () => {
    const error = new Error('round')
    error.cause = error
    expect(JSON.stringify(errorFields(error)).length).toBeLessThan(100_000)
  })

  it('tells what was thrown though it is no error', () => {
    expect(errorFields('boom')).toEqual({ error: 'boom' })
  })
})

describe('the log', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** What a log at this level writes, line by line, when it is told one thing at each level. */
  function linesAt(level: Parameters<typeof createLog>[0]): Record<string, unknown>[] {
    const lines: Record<string, unknown>[] = []
    for (const at of ['debug', 'info', 'warn', 'error'] as const)
      vi.spyOn(console, at).mockImplementation((line: string) => {
        lines.push(JSON.parse(line))
      })
    const log = createLog(level, { requestId: 'req_1' }).child({ part: 'test' })
    log.debug('one')
    log.info('two', { token: 'swordfish', n: 1 })
    log.warn('three')
    log.error('four', { requestId: 'req_2' })
    return lines
  }

  it.each([
    ['debug', ['one', 'two', 'three', 'four']],
    ['info', ['two', 'three', 'four']],
    ['warn', ['three', 'four']],
    ['error', ['four']],
    ['silent', []],
  ] as const)('writes at level %s only %j', (level, messages) => {
    expect(linesAt(level).map(({ message }) => message)).toEqual(messages)
  })

  it('writes each line as one JSON object with the fields of its parents, masked', () => {
    const [, info, , error] = linesAt('debug')
    expect(info).toMatchObject({ level: 'info', message: 'two', requestId: 'req_1', part: 'test', token: '•••', n: 1 })
    expect(info?.['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(error).toMatchObject({ level: 'error', requestId: 'req_2' })
  })
})
