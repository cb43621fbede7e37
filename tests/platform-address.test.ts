import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { checkUrl } from '../src/platform/outbound.ts'

/** Why a URL is not called, or the URL as it would be. */
function verdict(url: string, allowPrivate = false): string {
  try {
    return checkUrl(url, allowPrivate).href
  } catch (error) {
    return error instanceof AppError && error.code === 'ADDRESS_REFUSED' ? error.message : `threw ${String(error)}`
  }
}

describe('a URL whose host is private or local, in any spelling', () => {
  it.each([
    // Loopback.
    'https://127.0.0.1/',
    'https://127.0.0.1:8443/',
    'https://127.255.255.254/',
    'https://127.1/',
    'https://127.0.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://0x7f000001/',
    'https://0x7F.1/',
    'https://0177.0.0.1/',
    'https://0177.0x0.0.01/',
    'https://127.0.0.1./',
    'https://127。0。0。1/',
    'https://１２７.０.０.１/',
    'https://①②⑦.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://127.0.0.1\t/',
    'https:\\\\127.0.0.1\\',
    'https:127.0.0.1',
    'https://0/',
    'https://0.0.0.0/',
    'https://0x0/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://localhost../',
    'https://app.localhost/',
    'https://ｌｏｃａｌｈｏｓｔ/',
    'https://loc%61lhost/',
    // Private networks (RFC 1918) and carrier-grade NAT (RFC 6598).
    'https://10.0.0.1/',
    'https://10.255.255.255/',
    'https://10.1/',
    'https://167772161/',
    'https://012.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://0xac100001/',
    'https://192.168.0.1/',
    'https://192.168.257/',
    'https://3232235777/',
    'https://0xC0A80101/',
    'https://100.64.0.1/',
    'https://100.127.255.255/',
    // Link-local, with the metadata services of clouds.
    'https://169.254.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://169.254.43518/',
    'https://metadata.google.internal/',
    'https://metadata/',
    // Benchmarking, documentation, protocol assignments, 6to4 relays, multicast, reserved, broadcast.
    'https://198.18.0.1/',
    'https://198.19.255.255/',
    'https://192.0.0.8/',
    'https://192.0.2.1/',
    'https://198.51.100.7/',
    'https://203.0.113.9/',
    'https://192.88.99.1/',
    'https://224.0.0.1/',
    'https://239.255.255.255/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://4294967295/',
    // IPv6: unspecified, loopback, mapped, compatible, translated, NAT64, 6to4, Teredo, local, multicast, reserved.
    'https://[::]/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::1]:8443/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::FFFF:10.0.0.1]/',
    'https://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[64:ff9b:1::10.0.0.1]/',
    'https://[2002:7f00:1::]/',
    'https://[2002:a9fe:a9fe::1]/',
    'https://[2002:c0a8:101::]/',
    'https://[2001::1]/',
    'https://[2001:10::1]/',
    'https://[2001:db8::1]/',
    'https://[100::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456:789a::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[febf::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[4000::1]/',
    'https://[3fff::1]/',
    'https://[3fff:fff:ffff::1]/',
    // Names that only a network of one's own resolves.
    'https://intranet/',
    'https://router/',
    'https://db.internal/',
    'https://db.internal./',
    'https://DB.INTERNAL/',
    'https://printer.local/',
    'https://wiki.intranet/',
    'https://nas.lan/',
    'https://nas.home/',
    'https://mail.corp/',
    'https://router.home.arpa/',
    'https://1.0.0.127.in-addr.arpa/',
    'https://db.private/',
    'https://localhost.localdomain/',
    'https://orders.shop.svc/',
    'https://orders.shop.svc.cluster.local/',
    // Names that never are anybody's (RFC 6761, RFC 7686).
    'https://api.test/',
    'https://api.invalid/',
    'https://api.example/',
    'https://API.EXAMPLE./',
    'https://expyuzz4wqqyqhjn.onion/',
  ])('is refused: %s', (url) => {
    expect(verdict(url)).toContain('its host is private or local')
  })
})

describe('a URL of a form that is not called', () => {
  it.each([
    ['http://api.example.com/', 'only https'],
    ['ftp://api.example.com/', 'only https'],
    ['file:///etc/passwd', 'only https'],
    ['gopher://api.example.com:70/', 'only https'],
    ['data:application/json,{}', 'only https'],
    ['javascript:alert(1)', 'only https'],
    ['blob:https://api.example.com/x', 'only https'],
    ['wss://api.example.com/', 'only https'],
    ['https://api.example.com:22/', 'port 22'],
    ['https://api.example.com:25/', 'port 25'],
    ['https://api.example.com:6379/', 'port 6379'],
    ['https://api.example.com:65535/', 'port 65535'],
    ['https://me@api.example.com/', 'user name or password'],
    ['https://me:pass@api.example.com/', 'user name or password'],
    ['https://:pass@api.example.com/', 'user name or password'],
    ['https://api.example.com@127.0.0.1/', 'user name or password'],
    ['https://api.example.com:443@169.254.169.254/', 'user name or password'],
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
