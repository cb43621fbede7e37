// Names of special use (RFC 6761, RFC 6762, RFC 7686, RFC 8375) and those that networks of one's own are known to use.
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|svc|default|arpa|test|invalid|example|onion)$/
// Public names that resolve to loopback, or to whatever address they hold.
const LOOPBACK_NAME = /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)$/

/**
 * Whether a host name is one that APIQ must not call from a server: loopback, private, link-local, CGNAT, metadata,
 * multicast, reserved (RFC 6890 and the IANA special-purpose registries), or a name that only resolves inside a network.
 * Takes the `hostname` of a parsed WHATWG URL, which has already turned decimal, octal, hexadecimal and short IPv4
 * spellings into dotted decimals and full-width characters into ASCII.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.+$/, '')
  if (host === '') return true
  if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1))
  const octets = parseIpv4(host)
  if (octets) return isPrivateIpv4(octets)
  return !host.includes('.') || LOCAL_NAME.test(host) || LOOPBACK_NAME.test(host)
}

function parseIpv4(host: string): [number, number, number, number] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)
  if (!match) return null
  return [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])]
}

function isPrivateIpv4([a, b, c]: readonly [number, number, number, number]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 192 && b === 88 && c === 99) ||
    (a === 198 && (b === 18 || b === 19)) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113) ||
    a >= 224
  )
}

/** The eight groups of an IPv6 address as the URL parser writes it: compressed, lower case, no dotted tail. */
function parseIpv6(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  if (tail === undefined) return left
  const right = groups(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function isPrivateIpv6(address: string): boolean {
  const groups = parseIpv6(address)
  const [first = 0, second = 0] = groups
  const embedded = (at: number) => {
    const high = groups[at] ?? 0
    const low = groups[at + 1] ?? 0
    return isPrivateIpv4([high >> 8, high & 255, low >> 8, low & 255])
  }
  if (groups.slice(0, 5).every((group) => group === 0)) return groups[5] === 0xffff ? embedded(6) : true
  if (first === 0x2002) return embedded(1)
  if (first === 0x2001 && second < 0x200) return true
  if (first === 0x2001 && second === 0xdb8) return true
  if (first === 0x3fff && second < 0x1000) return true
  // Global unicast is 2000::/3; everything else is local, multicast or reserved.
  return first >> 13 !== 1
}

/** A URL as it may be written down: without credentials, fragment and the values of its query, which may be secrets. */
export function shownUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=…`)
  return `${url.origin}${url.pathname}${names.length > 0 ? `?${names.join('&')}` : ''}`
}
