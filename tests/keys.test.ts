import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateToken, isWellFormed } from '../src/keys/token.ts'
import { sha256 } from '../src/lib/hash.ts'

const LETTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz']

/** Where the 32 random characters of a token stand. */
const randomPart = (token: string) => ({ from: token.length - 40, to: token.length - 8 })

describe('API key tokens', () => {
  it.each(['dev', 'staging', 'production'])('are well formed and say that they are of %s', async (environment) => {
    const token = await generateToken(environment)
    expect(token).toMatch(new RegExp(`^apiq_${environment}_[0-9A-Za-z]{32}[0-9a-f]{8}$`))
    expect(await isWellFormed(token)).toBe(true)
  })

  it('are well formed and different every time', async () => {
    const tokens = await Promise.all(Array.from({ length: 500 }, () => generateToken('dev')))
    const verdicts = await Promise.all(tokens.map(isWellFormed))
    expect(verdicts).not.toContain(false)
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  it('hold no letters that are easily taken for digits', async () => {
    const tokens = await Promise.all(Array.from({ length: 200 }, () => generateToken('dev')))
    const random = tokens.map((token) => token.slice(randomPart(token).from, randomPart(token).to)).join('')
    expect(random).not.toMatch(/[IOUilou]/)
    expect(new Set(random).size).toBe(54)
  })

  it('are refused when any one character of the random part is another one', async () => {
    const token = await generateToken('dev')
    const { from, to } = randomPart(token)
    const place = fc.integer({ min: from, max: to - 1 })
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...LETTERS), async (at, letter) => {
        fc.pre(token[at] !== letter)
        expect(await isWellFormed(token.slice(0, at) + letter + token.slice(at + 1))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('are refused when two neighbouring characters are swapped', async () => {
    const token = await generateToken('dev')
    const { from, to } = randomPart(token)
    const swapped = Array.from(
      { length: to - from - 1 },
      (_, at) => token.slice(0, from + at) + token[from + at + 1] + token[from + at] + token.slice(from + at + 2),
    ).filter((other) => other !== token)
    expect(await Promise.all(swapped.map(isWellFormed))).not.toContain(true)
  })

  const change: [string, (token: string) => string][] = [
    ['nothing', () => ''],
    ['another prefix', (token) => token.replace('apiq_', 'apiz_')],
    ['another environment', (token) => token.replace('_dev_', '_prod_')],
    ['no environment', (token) => token.replace('_dev_', '_')],
    ['an environment in capitals', (token) => token.replace('_dev_', '_DEV_')],
    ['one character less', (token) => token.slice(0, -1)],
    ['one character more', (token) => `${token}0`],
    ['a checksum in capitals', (token) => token.slice(0, -8) + 'ABCDEF12'],
    ['another checksum', (token) => token.slice(0, -8) + (token.endsWith('00000000') ? '00000001' : '00000000')],
    ['a space before', (token) => ` ${token}`],
    ['a line end behind', (token) => `${token}\n`],
  ]
  it.each(change)('are refused with %s', async (_, changed) => {
    const token = await generateToken('dev')
    expect(await isWellFormed(changed(token))).toBe(false)
  })

  it('are checked by nothing but their own text, so that any of the right form passes', async () => {
    const body = `apiq_dev_${'7'.repeat(32)}`
    expect(await isWellFormed(body + (await sha256(body)).slice(0, 8))).toBe(true)
  })
})
