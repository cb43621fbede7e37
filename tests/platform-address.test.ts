import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { isPrivateHost, shownUrl } from '../src/platform/address.ts'
import { checkUrl } from '../src/platform/outbound.ts'
import { FORBIDDEN_FORMS, PRIVATE_URLS } from './ssrf-table.ts'

/** Why a URL is not called, or the URL as it would be. */
function verdict(url: string, allowPrivate = false): string {
  try {
    return checkUrl(url, allowPrivate).href
  } catch (error) {
    return error instanceof AppError && error.code === 'ADDRESS_REFUSED' ? error.message : `threw ${String(error)}`
  }
}

describe('a URL whose host is private or local, in any spelling', () => {
  it.each([...PRIVATE_URLS, 'https:127.0.0.1'])('is refused: %s', (url) => {
    expect(verdict(url)).toContain('its host is private or local')
  })
})

describe('any IPv4 address', () => {
  const octet = fc.oneof(fc.nat(255), fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 254, 255))
  const address = fc.tuple(octet, octet, octet, octet)
  const base = fc.constantFrom(
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0X${n.toString(16).toUpperCase()}`,
    (n: number) => `0${n.toString(8)}`,
  )

  it('is judged the same in every number of parts and every base', () => {
    const bases = fc.tuple(base, base, base, base)
    fc.assert(
      fc.property(
        address,
        bases,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('', '.'),
        (octets, write, parts, end) => {
          const last = octets.slice(parts - 1).reduce((sum, part) => sum * 256 + part, 0)
          const numbers = [...octets.slice(0, parts - 1), last]
          const spelt = numbers.map((number, index) => (write[index] ?? String)(number)).join('.')
          const { hostname } = new URL(`https://${spelt}${end}/`)
          expect(isPrivateHost(hostname)).toBe(isPrivateHost(octets.join('.')))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is judged the same when it is mapped into IPv6 or carried by 6to4', () => {
    fc.assert(
      fc.property(address, ([a, b, c, d]) => {
        const own = isPrivateHost(`${a}.${b}.${c}.${d}`)
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const spelt of [
          `[::ffff:${a}.${b}.${c}.${d}]`,
          `[::ffff:${hex}]`,
          `[0:0:0:0:0:FFFF:${hex}]`,
          `[2002:${hex}::1]`,
        ])
          expect([spelt, isPrivateHost(new URL(`https://${spelt}/`).hostname)]).toEqual([spelt, own])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a URL of a form that is not called', () => {
  it.each<readonly [string, string]>([
    ...FORBIDDEN_FORMS,
    ['', 'not a valid absolute URL'],
    ['api.example.com', 'not a valid absolute URL'],
    ['//api.example.com/', 'not a valid absolute URL'],
    ['/openapi.json', 'not a valid absolute URL'],
    ['https://', 'not a valid absolute URL'],
    ['https://256.256.256.256/', 'not a valid absolute URL'],
    ['https://[::1', 'not a valid absolute URL'],
    ['https://[fe80::1%25eth0]/', 'not a valid absolute URL'],
    ['https://api.example.com:99999/', 'not a valid absolute URL'],
    ['https://exa mple.com/', 'not a valid absolute URL'],
  ])('is refused: %j (%s)', (url, why) => {
    expect(verdict(url)).toContain(why)
  })
})

describe('a public URL', () => {
  it.each([
    'https://api.example.com/',
    'https://api.example.com/v1/openapi.json?x=1#y',
    'https://API.Example.COM/',
    'https://api.example.com./',
    'https://api.example.com:443/',
    'https://api.example.com:8443/',
    'https://api.example.com:8080/',
    'https://xn--bcher-kva.example.com/',
    'https://bücher.example.com/',
    'https://example.com/',
    'https://api.example.net/',
    'https://api.example.org/',
    'https://test.example.com/',
    'https://contest.com/',
    'https://svc.example.com/',
    'https://localhost.example.com/',
    'https://internal.example.com/',
    'https://local.dev/',
    'https://home.co/',
    'https://10.example.com/',
    'https://8.8.8.8/',
    'https://1.1.1.1/',
    'https://9.255.255.255/',
    'https://11.0.0.0/',
    'https://100.63.255.255/',
    'https://100.128.0.0/',
    'https://126.255.255.255/',
    'https://128.0.0.1/',
    'https://169.253.255.255/',
    'https://169.255.0.0/',
    'https://172.15.255.255/',
    'https://172.32.0.0/',
    'https://192.167.255.255/',
    'https://192.169.0.0/',
    'https://198.17.255.255/',
    'https://198.20.0.0/',
    'https://223.255.255.255/',
    'https://[2606:4700:4700::1111]/',
    'https://[2001:4860:4860::8888]/',
    'https://[2a00:1450::1]/',
    'https://[3fff:1000::1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[2002:808:808::1]/',
  ])('may be called: %s', (url) => {
    expect(verdict(url)).toBe(new URL(url).href)
  })
})

describe('in development, where private addresses are allowed', () => {
  it.each(['http://127.0.0.1:8787/', 'http://localhost:3000/x', 'https://10.0.0.1:9443/', 'http://[::1]:1234/'])(
    'may be called: %s',
    (url) => {
      expect(verdict(url, true)).toBe(url)
    },
  )

  it.each(['ftp://localhost/', 'file:///etc/passwd', 'http://me:pass@localhost/', 'localhost:3000', 'nonsense'])(
    'is still refused: %s',
    (url) => {
      expect(verdict(url, true)).toContain('The URL is not called')
    },
  )
})

describe('a URL as it is written down', () => {
  it.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['https://api.example.com/a?token=swordfish&v=2&v=3#part', 'https://api.example.com/a?token=…&v=…'],
    ['https://me:swordfish@api.example.com:8443/', 'https://api.example.com:8443/'],
    ['https://api.example.com/?swordfish', 'https://api.example.com/?swordfish=…'],
  ])('%s becomes %s', (url, shown) => {
    expect(shownUrl(new URL(url))).toBe(shown)
  })
})
