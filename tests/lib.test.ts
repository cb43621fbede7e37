import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, retryAfter } from '../src/lib/backoff.ts'
import { sha256, toHex } from '../src/lib/hash.ts'
import { newId } from '../src/lib/ids.ts'
import { escapeToken, resolvePointer, toPointer } from '../src/lib/json-pointer.ts'
import { singular, slugify, words } from '../src/lib/words.ts'

const YEAR_3000 = 32_503_680_000_000

/** Every place in a JSON value, as the tokens that lead there. */
function* placesOf(value: unknown, path: (string | number)[] = []): Generator<[(string | number)[], unknown]> {
  yield [path, value]
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* placesOf(item, [...path, index])
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* placesOf(item, [...path, key])
}

describe('newId', () => {
  it('starts with its prefix and goes on with 22 letters and digits that are safe in a URL', () => {
    expect(newId('run')).toMatch(/^run_[0-9a-z]{22}$/)
  })

  it('sorts as text by the time it was made', () => {
    const time = fc.integer({ min: 0, max: YEAR_3000 })
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a !== b)
        expect(newId('key', a) < newId('key', b)).toBe(a < b)
      }),
    )
  })

  it('is another one each time, within one millisecond too', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('req', 1_700_000_000_000))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('hash', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['grün', 'fe263064ba02eaeac482aaf1309553779bdb78e385cb1374654de293e191d785'],
  ])('gives the SHA-256 of the UTF-8 of %j', async (text, hex) => {
    expect(await sha256(Uint8Array.from(new TextEncoder().encode(text)))).toBe(hex)
    expect(await sha256(text)).toBe(hex)
  })

  it('writes every byte as two digits', () => {
    expect(toHex(new Uint8Array([0, 1, 15, 16, 255]))).toBe('00010f10ff')
    expect(toHex(new Uint8Array([171]).buffer)).toBe('ab')
  })
})

describe('JSON pointers', () => {
  // RFC 6901, section 5.
  const document = {
    foo: ['bar', 'baz'],
    '': 0,
    'a/b': 1,
    'c%d': 2,
    'e^f': 3,
    'g|h': 4,
    'i\\j': 5,
    'k"l': 6,
    ' ': 7,
    'm~n': 8,
    '~1': 9,
  }

  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/~01', 9],
  ])('resolves the example %j of RFC 6901', (pointer, value) => {
    expect(resolvePointer(document, pointer)).toEqual(value)
  })

  it.each([
    ['#', document],
    ['#/foo/0', 'bar'],
    ['#/', 0],
    ['#/a~1b', 1],
    ['#/c%25d', 2],
    ['#/e%5Ef', 3],
    ['#/g%7Ch', 4],
    ['#/i%5Cj', 5],
    ['#/k%22l', 6],
    ['#/%20', 7],
    ['#/m~0n', 8],
  ])('resolves the URI fragment %j of RFC 6901', (pointer, value) => {
    expect(resolvePointer(document, pointer)).toEqual(value)
  })

  it.each(['/nothing', '/foo/2', '/foo/-', '/foo/0/deeper', '/toString', '/__proto__', '/foo/map', '#/%'])(
    'finds nothing at %j',
    (pointer) => {
      expect(resolvePointer(document, pointer)).toBeUndefined()
    },
  )

  it.each(['foo', 'foo/0', '0', '#foo', '#foo/0', ' /foo'])('takes %j for no pointer at all', (pointer) => {
    expect(resolvePointer(document, pointer)).toBeUndefined()
  })

  it.each(['/foo/length', '/foo/00', '/foo/01', '/foo/+1', '/foo/-1', '/foo/1.0', '/foo/ 1', '/foo/'])(
    'finds nothing at %j, because only an index leads into an array',
    (pointer) => {
      expect(resolvePointer(document, pointer)).toBeUndefined()
    },
  )

  it('escapes the tilde before the slash', () => {
    expect(escapeToken('~1/')).toBe('~01~1')
    expect(toPointer(['paths', '/a/{b}', 0])).toBe('/paths/~1a~1{b}/0')
    expect(toPointer([])).toBe('')
  })

  it('resolves the pointer of every place of any document to the value there, as a fragment too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const [path, value] of placesOf(json)) {
          expect(resolvePointer(json, toPointer(path))).toBe(value)
          expect(resolvePointer(json, `#${encodeURI(toPointer(path)).replaceAll('#', '%23')}`)).toBe(value)
        }
      }),
    )
  })
})

describe('backoff', () => {
  it('waits at least half of the doubled base and never more than all of it or the maximum', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), random, (attempt, drawn) => {
        const ceiling = Math.min(30_000, 500 * 2 ** (attempt - 1))
        const wait = backoff(attempt, drawn)
        expect(wait).toBeGreaterThanOrEqual(ceiling / 2)
        expect(wait).toBeLessThanOrEqual(ceiling)
      }),
    )
  })

  it.each([
    [1, 0, 250],
    [1, 0.5, 375],
    [3, 0, 1000],
    [7, 0, 15_000],
    [100, 0.999_999, 30_000],
  ])('waits, after attempt %i with %f drawn, %i ms', (attempt, drawn, wait) => {
    expect(backoff(attempt, drawn)).toBe(wait)
  })

  it('takes another base and maximum', () => {
    expect([backoff(1, 0, 100, 150), backoff(2, 0, 100, 150)]).toEqual([50, 75])
  })
})

describe('retryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    [null, null],
    ['', null],
    ['soon', null],
    ['10 s', null],
    ['Thu Jan  1 00:00:30 2026', 30_000],
    ['-5', null],
    ['1.5', null],
    ['soon 5', null],
    ['2026-01-01T00:00:30Z', null],
    ['Thu, 99 Jan 2026 00:00:30 GMT', null],
    ['Thu, 01 Jan 2026 00:00:30', null],
    ['9'.repeat(400), 86_400_000],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 86_400_000],
  ])('reads %j as %j ms', (header, wait) => {
    expect(retryAfter(header, now)).toBe(wait)
  })
})

describe('words', () => {
  it.each([
    ['GET /orders/{orderId}', ['get', 'orders', 'order', 'id']],
    ['listHTTPRoutes', ['list', 'http', 'routes']],
    ['snake_case and-kebab', ['snake', 'case', 'and', 'kebab']],
    ['v2Users', ['v2', 'users']],
    ['Crème Brûlée', ['creme', 'brulee']],
    ['ＦＵＬＬ', ['full']],
    ['Straße №5', ['straße', 'no5']],
    ['  …!? ', []],
    ['', []],
  ])('cuts %j into %j', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })

  it('gives of any text only lower-case words without spaces or marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of words(text)) {
          expect(word).toMatch(/^[\p{L}\p{N}]+$/u)
          expect(word).toBe(word.toLowerCase())
        }
      }),
    )
  })

  it.each([
    ['orders', 'order'],
    ['categories', 'category'],
    ['addresses', 'address'],
    ['boxes', 'box'],
    ['branches', 'branch'],
    ['dishes', 'dish'],
    ['invoices', 'invoice'],
    ['status', 'status'],
    ['address', 'address'],
    ['analysis', 'analysis'],
    ['ties', 'tie'],
    ['bus', 'bus'],
    ['order', 'order'],
    ['', ''],
    ['movies', 'movie'],
    ['series', 'series'],
    ['people', 'person'],
    ['children', 'child'],
  ])('takes %j as %j in the singular', (plural, expected) => {
    expect(singular(plural)).toBe(expected)
  })
})

describe('slugify', () => {
  it.each([
    ['Pet Store (v3)', 'pet-store-v3'],
    ['myAPI', 'my-api'],
    ['Crème', 'creme'],
    ['../../etc', 'etc'],
    ['!!!', 'api'],
    ['', 'api'],
  ])('makes %j the slug %j', (text, slug) => {
    expect(slugify(text, 'api')).toBe(slug)
  })

  it('keeps to the length and never ends in a hyphen', () => {
    expect(slugify('aaa bbb ccc', 'api', 8)).toBe('aaa-bbb')
    expect(slugify('x'.repeat(100), 'api')).toBe('x'.repeat(48))
  })
})
