import { dump } from 'js-yaml'
import { toPointer } from '../../src/lib/json-pointer.ts'
import { below, newRandom, pick, type Random } from './random.ts'

type Container = Record<string, unknown> | unknown[]
type Spot = { owner: Container; key: string; tokens: string[] }

const MOST_SPOTS = 3000
const ODD: unknown[] = [
  [null, true, false, 0, -1, 1e308, 0.1, '', ' ', 'text', 'a'.repeat(100_000), '\u0000', '\uD800', '𝔘𝔫𝔦', '\u202e'],
  [[], [[]], [null], {}, { $ref: '#' }, { $ref: '' }, { $ref: 5 }, { $ref: '#/%' }, { $ref: 'http://[' }, { '': '' }],
  ['{{{', '{a}/{', '../..', 'https://a b', 'javascript:x', '//', '3.1', 3, 2, '2.0', '3.9.9', 'no', '~', '#/~2'],
].flat()
const NAMES = (
  '$ref $id $anchor $self $defs openapi swagger info title version paths components schemas parameters responses ' +
  'requestBody content schema properties items allOf anyOf not additionalProperties in name required type enum default ' +
  'example examples servers url variables security securitySchemes flows scopes get post query additionalOperations ' +
  'webhooks callbacks headers definitions host basePath consumes x-apiq-documents x-a / /a /{a} {a} 200 default 2XX ' +
  'application/json */* __proto__ constructor prototype toString hasOwnProperty length 0'
).split(' ')
const SNIPPETS = [
  ['[', '{', ']', '}', ',', ':', '"', "'", '\\', '\n', '\t', '\r', '\u0000', '\uFEFF', '#', '- ', '---\n', '...\n'],
  ['&a ', '*a', '<<: *a\n', '!!binary ', '!x ', '%YAML 9.9\n', '? ', '| \n', '>', '\uD800', '{"$ref":"#"}', 'null'],
  ['['.repeat(100_000), '{"a":'.repeat(50_000), '- '.repeat(5000), ' '.repeat(100_000), '"'.repeat(999)],
].flat()
const TYPES = [null, 'application/json', 'text/yaml; charset=utf-16', 'text/plain; charset=latin1', ';charset=', 'x']

/** What a host might send: bytes, and what it says they are. */
export type Sent = { bytes: Uint8Array; contentType: string | null }

/** A document with something wrong in it, the same for the same seed: in its value, its text, its bytes, or in all. */
export function mutate(document: unknown, seed: number): Sent {
  const random = newRandom(seed)
  let value = structuredClone(document)
  for (let times = below(random, 6); times > 0; times--) value = mutateValue(random, value)
  let text = typeof value === 'string' ? value : write(random, value)
  if (random() < 0.35) for (let times = 1 + below(random, 3); times > 0; times--) text = mutateText(random, text)
  return encode(random, text)
}

function mutateValue(random: Random, value: unknown): unknown {
  const spots = spotsOf(value)
  const spot = spots[below(random, spots.length)]
  if (!spot) return structuredClone(pick(random, ODD))
  const other = spots[below(random, spots.length)] ?? spot
  const inner = at(spot)
  switch (below(random, 11)) {
    case 0:
      remove(spot)
      break
    case 1:
      put(spot, structuredClone(pick(random, ODD)))
      break
    case 2:
      put(spot, at(other))
      break
    case 3:
      put({ ...spot, key: pickName(random) }, inner)
      break
    case 4:
      remove(spot)
      put({ ...spot, key: pickName(random) }, inner)
      break
    case 5:
      put(spot, { $ref: `#${toPointer(other.tokens)}` })
      break
    case 6:
      breakReference(random, spots, other)
      break
    case 7:
      put(spot, nested(inner, below(random, 400), pickName(random)))
      break
    case 8:
      put({ ...spot, key: pickName(random) }, structuredClone(pick(random, ODD)))
      break
    case 9:
      put(spot, random() < 0.5 ? [inner] : { [pickName(random)]: inner })
      break
    default:
      put(spot, typeof inner === 'string' ? mutateText(random, inner).slice(0, 1000) : asText(inner).slice(0, 1000))
  }
  return value
}

const pickName = (random: Random): string => pick(random, NAMES) ?? ''

/** Every member and item of a value, up to a bound; each container once, though it may stand in itself. */
function spotsOf(value: unknown): Spot[] {
  const spots: Spot[] = []
  const seen = new Set<object>()
  const left: { inner: unknown; tokens: string[] }[] = [{ inner: value, tokens: [] }]
  for (let next = left.pop(); next && spots.length < MOST_SPOTS; next = left.pop()) {
    const { inner, tokens } = next
    if (typeof inner !== 'object' || inner === null || seen.has(inner) || tokens.length > 100) continue
    seen.add(inner)
    for (const key of Object.keys(inner)) {
      const spot = { owner: inner as Container, key, tokens: [...tokens, key] }
      spots.push(spot)
      left.push({ inner: at(spot), tokens: spot.tokens })
    }
  }
  return spots
}

/** Objects of a document may have a `toString` that is no function. */
const asText = (value: unknown): string => (typeof value === 'object' ? '[object]' : String(value))

const at = ({ owner, key }: Pick<Spot, 'owner' | 'key'>): unknown => (owner as Record<string, unknown>)[key]

/** Sets a member as its own, whatever its name. */
function put({ owner, key }: Spot, value: unknown): void {
  if (Array.isArray(owner) && !/^\d{1,4}$/.test(key)) return void owner.push(value)
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true })
}

function remove({ owner, key }: Spot): void {
  if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete owner[key]
}

function breakReference(random: Random, spots: readonly Spot[], target: Spot): void {
  const references = spots.filter((spot) => spot.key === '$ref')
  const spot = references[below(random, references.length)]
  if (!spot) return
  const ref = asText(at(spot))
  const broken = [
    `${ref}x`,
    ref.slice(0, below(random, ref.length)),
    `#${toPointer(target.tokens)}`,
    'x.json#/a',
    '#a',
    '#%',
  ]
  put(spot, broken[below(random, broken.length)])
}

function nested(value: unknown, depth: number, name: string): unknown {
  let inner = value
  for (let level = 0; level < depth; level++) inner = name.length % 2 === 0 ? [inner] : { [name]: inner }
  return inner
}

/** JSON, or YAML where the value has no JSON, as one that stands in itself. */
function write(random: Random, value: unknown): string {
  for (const writer of random() < 0.5 ? [asYaml, asJson] : [asJson, asYaml])
    try {
      return writer(value, below(random, 3))
    } catch {
      continue
    }
  return String(value)
}

const asYaml = (value: unknown): string => dump(value, { skipInvalid: true })
const asJson = (value: unknown, indent: number): string => JSON.stringify(value, null, indent) ?? ''

function mutateText(random: Random, text: string): string {
  const from = below(random, text.length + 1)
  const to = Math.min(text.length, from + below(random, 1 + Math.min(500, text.length)))
  switch (below(random, 6)) {
    case 0:
      return text.slice(0, from)
    case 1:
      return text.slice(0, from) + text.slice(to)
    case 2:
      return text.slice(0, to) + text.slice(from)
    case 3:
      return text.slice(from)
    default:
      return text.slice(0, from) + (pick(random, SNIPPETS) ?? '') + text.slice(from)
  }
}

function encode(random: Random, text: string): Sent {
  const contentType = random() < 0.9 ? null : (pick(random, TYPES) ?? null)
  if (random() < 0.03) return { bytes: utf16(text), contentType }
  const bytes = new TextEncoder().encode(text)
  if (random() < 0.1 && bytes.length > 0)
    for (let times = 1 + below(random, 4); times > 0; times--) bytes[below(random, bytes.length)] = below(random, 256)
  return { bytes, contentType }
}

/** UTF-16, least byte first, behind its mark. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * (text.length + 1))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0xfeff, true)
  for (let index = 0; index < text.length; index++) view.setUint16(2 * (index + 1), text.charCodeAt(index), true)
  return bytes
}
