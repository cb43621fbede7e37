import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { testEnv } from './helpers.ts'

/** Something that must not be found, and what it is. */
export type Mark = { name: string; value: string }

/** A place where something was found. */
export type Sighting = { mark: string; form: string; place: string }

const EDGE = 12

/** The forms in which a secret can be written; any one of them in a text gives it away. */
export function formsOf({ value }: Mark): Record<string, string> {
  const bytes = new TextEncoder().encode(value)
  const base64 = [0, 1, 2].map((before) => base64Within(bytes, before))
  return {
    plain: value,
    start: value.slice(0, EDGE),
    end: value.slice(-EDGE),
    reversed: [...value].toReversed().join('').slice(0, EDGE),
    json: JSON.stringify(value).slice(1, -1),
    percent: encodeURIComponent(value),
    form: new URLSearchParams({ v: value }).toString().slice(2),
    hex: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    ...Object.fromEntries(base64.map((text, at) => [`base64 ${at}`, text])),
    ...Object.fromEntries(
      base64.map((text, at) => [`base64url ${at}`, text.replaceAll('+', '-').replaceAll('/', '_')]),
    ),
  }
}

/** Those characters of Base64 that are the same whatever stands before and behind, `before` bytes into a group of three. */
function base64Within(bytes: Uint8Array, before: number): string {
  const padded = new Uint8Array(before + bytes.length)
  padded.set(bytes, before)
  const text = btoa(String.fromCharCode(...padded))
  return text.slice(before === 0 ? 0 : 4, Math.floor(padded.length / 3) * 4)
}

/** Where any form of any mark stands in a text. */
export function findMarks(marks: readonly Mark[], text: string, place: string): Sighting[] {
  return marks.flatMap((mark) =>
    Object.entries(formsOf(mark))
      .filter(([, form]) => text.includes(form))
      .map(([form]) => ({ mark: mark.name, form, place })),
  )
}

/** Searches everything that the Worker keeps: D1, both KV namespaces, and the storage of every Durable Object. */
export async function searchStores(marks: readonly Mark[]): Promise<Sighting[]> {
  const found: Sighting[] = []
  for await (const { place, text } of everythingKept()) found.push(...findMarks(marks, text, place))
  return found
}

/** Everything that is kept, as text. */
export async function* everythingKept(): AsyncGenerator<{ place: string; text: string }> {
  yield* rowsOfD1()
  for (const name of ['SPEC_CACHE', 'API_KEYS'] as const) yield* entriesOf(name, testEnv[name])
  for (const name of ['RATE_LIMITER', 'WORKFLOW_RUN', 'RUN_HOST', 'RUN_REGISTER', 'API_CONNECTION'] as const) {
    const namespace = testEnv[name] as unknown as DurableObjectNamespace
    for (const id of await listDurableObjectIds(namespace)) {
      const object = namespace.get(id)
      for (const [place, text] of await runInDurableObject(object, (_, state) => storageOf(state)))
        yield { place: `${name} ${place}`, text }
    }
  }
}

async function* rowsOfD1() {
  for (const table of await tablesOf((query) => testEnv.DB.prepare(query).all())) {
    const { results } = await testEnv.DB.prepare(`select * from "${table}"`).all()
    yield { place: `D1 ${table}`, text: results.map(toText).join('\n') }
  }
}

async function tablesOf(all: (query: string) => Promise<{ results: unknown[] }>): Promise<string[]> {
  const { results } = await all(
    `select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'`,
  )
  return (results as { name: string }[]).map(({ name }) => name)
}

async function* entriesOf(name: string, namespace: KVNamespace) {
  const { keys } = await namespace.list()
  for (const { name: key, metadata } of keys) {
    const value = await namespace.get(key, 'arrayBuffer')
    yield { place: `${name} ${key}`, text: `${key}\n${toText(metadata)}\n${toText(value)}` }
    if (value && new Uint8Array(value)[0] === 0x1f)
      yield { place: `${name} ${key}, unpacked`, text: await unpack(value) }
  }
}

async function unpack(gzip: ArrayBuffer): Promise<string> {
  return new Response(new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

/** What one object keeps: its key-value storage, its alarm, and every row of its own tables. */
async function storageOf(state: DurableObjectState): Promise<[place: string, text: string][]> {
  const entries = [...(await state.storage.list())].map(([key, value]): [string, string] => [
    `key ${key}`,
    `${key}\n${toText(value)}`,
  ])
  const tables = await tablesOf(async (query) => ({ results: state.storage.sql.exec(query).toArray() }))
  const rows = tables.map((table): [string, string] => [
    `table ${table}`,
    state.storage.sql.exec(`select * from "${table}"`).toArray().map(toText).join('\n'),
  ])
  return [...entries, ...rows]
}

/** Any value as text: strings as they are, bytes a character each, and whatever is inside of others. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof ArrayBuffer) return toText(new Uint8Array(value))
  // D1 gives the bytes of a blob as numbers.
  if (isBytes(value)) return toText(new Uint8Array(value))
  if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value as Uint8Array)
  if (value instanceof Map || value instanceof Set) return [...value].map(toText).join('\n')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${name}\n${toText(inner)}`)
      .join('\n')
  return String(value)
}

function isBytes(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)
  )
}
