import { describe, expect, it } from 'vitest'
import { loadConfig, loadKeyConfig } from '../src/config.ts'
import { AppError } from '../src/errors.ts'

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const OTHER_KEY = 'HB0eHxobGBkWFxQVEhMQEQ4PDA0KCwgJBgcEBQIDAAE='
const SECRET = '0123456789-abcdefghij-KLMNOPQRST'

const good = { ENVIRONMENT: 'staging', AUTH_SECRET: SECRET, ENCRYPTION_KEY: KEY }
const live = { ...good, ENVIRONMENT: 'production' }
const developer = {
  DEV_USER_EMAIL: 'dev@example.com',
  DEV_USER_PASSWORD: 'correct horse',
  DEV_API_KEY: 'apiq_dev_anything',
}

const kms = {
  AWS_KMS_KEY_ID: 'alias/apiq',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
}

/** Base64 of 32 bytes that are `byte(index)`. */
const keyOf = (length: number, byte: (index: number) => number) =>
  btoa(String.fromCharCode(...Array.from({ length }, (_, index) => byte(index))))

/** The problem that a set of variables is refused with. */
function refusal(variables: object): AppError {
  try {
    loadConfig(variables)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the configuration was taken')
}

const namesIn = (problem: AppError) => [...new Set(problem.errors?.map((error) => error.path))]

describe('a good configuration', () => {
  it('is read with the defaults of what may be left out', () => {
    const config = loadConfig({ ...good })
    expect(config).toMatchObject({
      environment: 'staging',
      logLevel: 'info',
      allowedOrigins: [],
      specCacheTtlMs: 24 * 3_600_000,
      specMaxBytes: 25_000_000,
      authSecret: SECRET,
      allowPrivateUpstreams: false,
      development: null,
    })
    expect([...config.encryptionKey]).toEqual(Array.from({ length: 32 }, (_, index) => index))
  })

  it('is read with what it sets, numbers given as text', () => {
    const config = loadConfig({
      ...good,
      LOG_LEVEL: 'debug',
      SPEC_CACHE_TTL_HOURS: '0.5',
      SPEC_MAX_BYTES: '1000',
      ALLOW_PRIVATE_UPSTREAMS: 'true',
    })
    expect(config).toMatchObject({
      logLevel: 'debug',
      specCacheTtlMs: 1_800_000,
      specMaxBytes: 1000,
      allowPrivateUpstreams: true,
    })
  })

  it.each([
    ['', []],
    ['https://a.example', ['https://a.example']],
    ['https://a.example,https://b.example', ['https://a.example', 'https://b.example']],
    [' https://a.example , , https://b.example:8443 ,', ['https://a.example', 'https://b.example:8443']],
  ])('takes ALLOWED_ORIGINS=%j as the list %j', (list, origins) => {
    expect(loadConfig({ ...good, ALLOWED_ORIGINS: list }).allowedOrigins).toEqual(origins)
  })

  it('knows the seeded user and key in development, all three or none', () => {
    const dev = { ...good, ...developer, ENVIRONMENT: 'dev' }
    const apiKey = developer.DEV_API_KEY
    expect(loadConfig(dev).development).toEqual({ email: 'dev@example.com', password: 'correct horse', apiKey })
    expect(loadConfig({ ...dev, DEV_API_KEY: undefined }).development).toBeNull()
    expect(loadConfig({ ...dev, ENVIRONMENT: 'staging' }).development).toBeNull()
  })

  it('reads former keys and AWS KMS, which still opens where it does not wrap any more', () => {
    const config = loadConfig({ ...good, ENCRYPTION_KEYS_OLD: ` ${OTHER_KEY}, ${KEY} ,`, ...kms })
    expect(config.encryptionKeysOld.map((key) => key.toBase64())).toEqual([OTHER_KEY, KEY])
    expect([config.keyProvider, config.kms]).toEqual([
      'local',
      {
        keyId: 'alias/apiq',
        region: 'eu-central-1',
        endpoint: 'https://kms.eu-central-1.amazonaws.com',
        accessKeyId: 'AKIA',
        secretAccessKey: 'secret',
        sessionToken: null,
      },
    ])
    expect(loadConfig({ ...good, ...kms, KMS_PROVIDER: 'aws-kms' }).keyProvider).toBe('aws-kms')
    expect(loadConfig({ ...good, AWS_ACCESS_KEY_ID: '', AWS_REGION: 'eu-central-1' }).kms).toBeNull()
  })

  it('reads the keys alone for a tool that has nothing else', () => {
    const { ENCRYPTION_KEY } = good
    expect(loadKeyConfig({ ENCRYPTION_KEY })).toMatchObject({ keyProvider: 'local', encryptionKeysOld: [], kms: null })
    expect(() => loadKeyConfig({ ENCRYPTION_KEY, KMS_PROVIDER: 'aws-kms' })).toThrow(AppError)
  })

  it('is parsed once for each set of variables', () => {
    const variables = { ...good }
    expect(loadConfig(variables)).toBe(loadConfig(variables))
  })
})

describe('a bad configuration', () => {
  it.each([
    ['ENVIRONMENT', undefined],
    ['ENVIRONMENT', 'prod'],
    ['LOG_LEVEL', 'loud'],
    ['SPEC_CACHE_TTL_HOURS', '0'],
    ['SPEC_CACHE_TTL_HOURS', 'a day'],
    ['SPEC_MAX_BYTES', '-1'],
    ['SPEC_MAX_BYTES', '1.5'],
    ['AUTH_SECRET', undefined],
    ['AUTH_SECRET', ''],
    ['AUTH_SECRET', SECRET.slice(0, 31)],
    ['AUTH_SECRET', 'a'.repeat(64)],
    ['AUTH_SECRET', 'changeme'.repeat(8)],
    ['ENCRYPTION_KEY', undefined],
    ['ENCRYPTION_KEY', ''],
    ['ENCRYPTION_KEY', 'not base64!'],
    ['ENCRYPTION_KEY', SECRET],
    ['ENCRYPTION_KEY', keyOf(31, (index) => index)],
    ['ENCRYPTION_KEY', keyOf(33, (index) => index)],
    ['ENCRYPTION_KEY', keyOf(32, () => 0)],
    ['ENCRYPTION_KEY', keyOf(32, (index) => index % 8)],
    ['ENCRYPTION_KEYS_OLD', `${KEY},c2VjcmV0`],
    ['KMS_PROVIDER', 'vault'],
    ['AWS_KMS_ENDPOINT', 'kms.example.com'],
    ['ALLOW_PRIVATE_UPSTREAMS', 'yes'],
    ['DEV_USER_EMAIL', 'nobody'],
    ['DEV_USER_PASSWORD', 'short'],
  ])('is refused for %s=%j, and that name alone is given', (name, value) => {
    const problem = refusal({ ...good, [name]: value })
    expect([problem.code, problem.status, namesIn(problem)]).toEqual(['MISCONFIGURED', 500, [name]])
    expect(problem.message).toContain(name)
  })

  it('is refused for AWS KMS without all that it takes', () => {
    const lacking = { ...kms, AWS_REGION: '', AWS_SECRET_ACCESS_KEY: undefined }
    const names = namesIn(refusal({ ...good, ...lacking, KMS_PROVIDER: 'aws-kms' }))
    expect(names).toEqual(['AWS_REGION', 'AWS_SECRET_ACCESS_KEY'])
  })

  it('is refused with every name that is wrong, not just the first', () => {
    expect(namesIn(refusal({}))).toEqual(['ENVIRONMENT', 'AUTH_SECRET', 'ENCRYPTION_KEY'])
  })

  it('is refused without repeating a secret that is there but too weak', () => {
    const problem = refusal({ ...good, AUTH_SECRET: 'hunter2', ENCRYPTION_KEY: 'c2VjcmV0' })
    expect(JSON.stringify([problem.message, problem.errors])).not.toMatch(/hunter2|c2VjcmV0/)
  })
})

describe('production', () => {
  it('needs its own address where it sends mails, for the links in them', () => {
    const mails = { ...live, MAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_1' }
    expect(namesIn(refusal(mails))).toEqual(['PUBLIC_URL'])
    expect(loadConfig({ ...mails, PUBLIC_URL: 'https://apiq.example.com' }).publicUrl).toBe('https://apiq.example.com')
    expect(loadConfig({ ...good, MAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_1' }).publicUrl).toBeNull()
  })

  it.each(['SIGN_IN_PROVIDERS', 'OAUTH_CLIENTS'])('needs its own address, by https, where there are %s', (name) => {
    const clients = { ...live, [name]: JSON.stringify({ google: { clientId: 'id', clientSecret: 'secret' } }) }
    expect(namesIn(refusal(clients))).toEqual(['PUBLIC_URL'])
    expect(namesIn(refusal({ ...clients, PUBLIC_URL: 'http://apiq.example.com' }))).toEqual(['PUBLIC_URL'])
    expect(loadConfig({ ...clients, PUBLIC_URL: 'https://apiq.example.com' }).environment).toBe('production')
    expect(loadConfig({ ...clients, ENVIRONMENT: 'staging' }).publicUrl).toBeNull()
  })

  it('takes what it needs', () => {
    expect(loadConfig({ ...live, ALLOW_PRIVATE_UPSTREAMS: 'false' }).environment).toBe('production')
  })

  it.each([['ALLOW_PRIVATE_UPSTREAMS', 'true'], ...Object.entries(developer)])('refuses %s', (name, value) => {
    const problem = refusal({ ...live, [name]: value })
    expect([problem.code, namesIn(problem)]).toEqual(['MISCONFIGURED', [name]])
    expect(problem.message).toContain('must not be set in production')
  })

  it('reaches AWS KMS by https only', () => {
    const endpoint = { ...kms, AWS_KMS_ENDPOINT: 'http://127.0.0.1:4566' }
    expect(loadConfig({ ...good, ...endpoint }).kms?.endpoint).toBe('http://127.0.0.1:4566')
    expect(namesIn(refusal({ ...live, ...endpoint }))).toEqual(['AWS_KMS_ENDPOINT'])
  })

  it('names every setting of development at once', () => {
    const names = namesIn(refusal({ ...live, ...developer, ALLOW_PRIVATE_UPSTREAMS: 'true' }))
    expect(names.toSorted()).toEqual(['ALLOW_PRIVATE_UPSTREAMS', 'DEV_API_KEY', 'DEV_USER_EMAIL', 'DEV_USER_PASSWORD'])
  })
})
