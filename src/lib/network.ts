type Network = { bytes: readonly number[]; bits: number }

/**
 * Whether an address, or all of a network, lies in one of the networks. Each is IPv4 or IPv6, a single address or in CIDR
 * notation; an IPv4 address mapped into IPv6 is that IPv4 address. What is no address lies nowhere.
 */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const within = parseNetwork(address)
  return within !== null && networks.some((text) => isCovered(within, parseNetwork(text)))
}

/** Whether a text is an IPv4 or IPv6 address, or such a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== null
}

/**
 * What one subscriber has of the addresses there are: an IPv4 address, or the first 64 bits of an IPv6 address, for of those
 * networks everybody has a whole one to choose addresses from. What is no address stays as it is.
 */
export function subscriberOf(address: string): string {
  const { bytes = [] } = parseNetwork(address) ?? {}
  if (bytes.length !== 16) return bytes.length === 4 ? bytes.join('.') : address
  return bytes
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

function isCovered(inner: Network, outer: Network | null): boolean {
  if (outer === null || inner.bytes.length !== outer.bytes.length || inner.bits < outer.bits) return false
  return outer.bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, outer.bits - index * 8))
    const mask = (0xff << (8 - bits)) & 0xff
    return (byte & mask) === ((inner.bytes[index] ?? 0) & mask)
  })
}

function parseNetwork(text: string): Network | null {
  const [, address = '', length] = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i.exec(text.trim()) ?? []
  const bytes = parseIpv4(address) ?? parseIpv6(address)
  if (!bytes) return null
  const isMapped =
    bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  const bits = length === undefined ? bytes.length * 8 : Number(length)
  if (bits > bytes.length * 8) return null
  return isMapped && bits >= 96 ? { bytes: bytes.slice(12), bits: bits - 96 } : { bytes, bits }
}

function parseIpv4(address: string): number[] | null {
  const parts = address.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return null
  return parts.map(Number)
}

function parseIpv6(address: string): number[] | null {
  if (!address.includes(':')) return null
  const tail = address.slice(address.lastIndexOf(':') + 1)
  const dotted = tail.includes('.') ? parseIpv4(tail) : []
  if (!dotted) return null
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0] = dotted
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16)
  const plain = dotted.length === 0 ? address : `${address.slice(0, -tail.length)}${hex(d0, d1)}:${hex(d2, d3)}`
  const halves = plain.split('::')
  if (halves.length > 2) return null
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const [left = [], right = []] = groups
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (all.some((group) => !/^[\da-f]{1,4}$/i.test(group))) return null
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}
