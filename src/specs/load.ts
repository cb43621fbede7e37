import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { decodeDocument } from './decode.ts'
import { EXTERNAL_LIMITS, type ExternalLimits } from './external.ts'
import { fetchSpec, fetchText, type FetchedSpec } from './fetch.ts'
import type { ImportedAuth } from './import/index.ts'
import type { Spec } from './operation.ts'
import { prepareBundle } from './prepare.ts'
import { nestedTooDeeply } from './references.ts'

/** Where a document comes from: a URL, the text or value that somebody pasted, or the bytes of a file. */
export type SpecSource =
  | { specUrl: string }
  | { spec: string | Record<string, unknown> }
  | { bytes: Uint8Array<ArrayBuffer>; contentType: string | null }

/** `maxBytes` may only lower SPEC_MAX_BYTES; `revalidate` asks the host even while the cached copy is fresh. */
export type OpenOptions = { maxBytes?: number; revalidate?: boolean }

/** A document whose operations are read one by one: `operations()` once, to its end, then `finish()`. */
export type OpenedSpec = Omit<Spec, 'operations' | 'skipped' | 'findings'> & {
  /** SHA-256 over its text and those of the documents it refers to. */
  hash: string
  /** Of its own text. */
  bytes: number
  warning: string | null
  /** The credential that a curl command holds; it goes nowhere but into the vault. */
  importedAuth: ImportedAuth | null
  /** Puts it into the cache; to be called once it is stored. */
  keep: () => Promise<void>
  /** How many operations there are. */
  count: number
  operations: () => Iterable<Spec['operations'][number]>
  finish: () => Pick<Spec, 'skipped' | 'findings'>
}

/** A specification ready to be stored: what it says, and the SHA-256 and size of its text. */
export type LoadedSpec = Spec & { hash: string; bytes: number }

// A document in more parts than this is not read while somebody waits.
const FEW = { documents: 30, ms: 15_000 }

/** From a URL or a pasted document to all of its operations. @throws AppError as `openSpec`. */
export async function loadSpec(ctx: Ctx, source: SpecSource): Promise<LoadedSpec> {
  const { keep, count: _, warning: __, importedAuth: ___, operations, finish, ...spec } = await openSpec(ctx, source)
  ctx.defer(keep())
  return { ...spec, operations: [...operations()], ...finish() }
}

/**
 * From a URL, a pasted document or a file to a document that can be connected: fetch → parse → other documents →
 * (upgrade) → validate → outline. Its text is let go of before its operations are read.
 * @throws AppError ADDRESS_REFUSED and the SPEC_… codes; SPEC_TOO_LARGE carries the `limit` that was crossed, in bytes.
 */
export async function openSpec(ctx: Ctx, source: SpecSource, options: OpenOptions = {}): Promise<OpenedSpec> {
  const fetched = await obtain(ctx, source, options)
  const url = 'specUrl' in source ? (fetched.url ?? source.specUrl) : null
  const { operations, skipped, findings, ...spec } = await prepare(ctx, fetched, url, options)
  const { bytes, warning, keep } = fetched
  return { ...spec, bytes, warning, keep, operations, finish: () => ({ skipped, findings }) }
}

/** Reads the text, and is the last to hold it. */
async function prepare(ctx: Ctx, fetched: { text: string; bytes: number }, url: string | null, options: OpenOptions) {
  const { text, bytes } = fetched
  fetched.text = ''
  const most = Math.min(options.maxBytes ?? Infinity, ctx.config.specMaxBytes)
  const all = { ...EXTERNAL_LIMITS, chars: ctx.config.specMaxBytes }
  const limits = most < ctx.config.specMaxBytes ? { ...all, ...FEW, chars: most - bytes } : all
  const parts = newParts(ctx, limits)
  const prepared = await prepareBundle(text, url, parts, all)
  if (limits !== all && parts.outgrown()) throw tooLarge(most)
  return { ...prepared, hash: await parts.hashWith(text) }
}

/** The documents that a document refers to: as many as fit the limits, none behind those. */
function newParts(ctx: Ctx, limits: ExternalLimits) {
  const hashes: string[] = []
  const end = ctx.now() + limits.ms
  let { documents, chars } = limits
  const full = () => documents < 0 || chars < 0 || ctx.now() > end
  return {
    now: ctx.now,
    outgrown: full,
    fetchText: async (url: string): Promise<string> => {
      documents--
      if (full()) throw tooLarge(ctx.config.specMaxBytes)
      const text = await fetchText(ctx, url, chars)
      chars -= text.length
      hashes.push(await sha256(`${url}\n${text}`))
      return text
    },
    /** Over the text of the first document and those that were fetched. */
    hashWith: async (text: string): Promise<string> => {
      const own = await sha256(text)
      return hashes.length > 0 ? sha256([own, ...hashes.sort()].join('\n')) : own
    },
  }
}

async function obtain(ctx: Ctx, source: SpecSource, options: OpenOptions): Promise<FetchedSpec> {
  if ('specUrl' in source) return fetchSpec(ctx, source.specUrl, options)
  if ('spec' in source) return given(ctx, asText(source.spec), null)
  return given(ctx, decodeDocument(source.bytes, source.contentType), source.bytes.byteLength)
}

function given(ctx: Ctx, text: string, size: number | null): FetchedSpec {
  const bytes = size ?? new TextEncoder().encode(text).byteLength
  if (bytes > ctx.config.specMaxBytes) throw tooLarge(ctx.config.specMaxBytes, bytes)
  return { text, bytes, keep: async () => {}, warning: null, fromCache: false }
}

function asText(spec: string | Record<string, unknown>): string {
  try {
    return typeof spec === 'string' ? spec : JSON.stringify(spec)
  } catch (error) {
    // What came as JSON has neither circles nor big integers.
    if (error instanceof RangeError) throw nestedTooDeeply()
    throw error
  }
}

function tooLarge(limit: number, bytes?: number): AppError {
  const size = bytes === undefined ? `More than ${limit} bytes, or too many documents,` : `${bytes} bytes`
  const detail = `${size} are needed for the document; at most ${limit} bytes are taken.`
  return new AppError('SPEC_TOO_LARGE', detail, { extra: { limit } })
}
