import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { fetchSpec, type FetchedSpec } from './fetch.ts'
import type { Spec } from './operation.ts'
import { parseDocument } from './parse.ts'
import { readSpec } from './read.ts'
import { upgradeSwagger2 } from './swagger2.ts'
import { validateDocument } from './validate.ts'

/** A specification ready to be stored: what it says, and the SHA-256 and size of its text. */
export type LoadedSpec = Spec & { hash: string; bytes: number }

/** From a URL or a pasted document to operations: fetch → parse → (upgrade) → validate → read. */
export async function loadSpec(
  world: World,
  source: { specUrl: string } | { spec: string | Record<string, unknown> },
): Promise<LoadedSpec> {
  const url = 'specUrl' in source ? source.specUrl : null
  const { text, bytes, keep } =
    'specUrl' in source ? await fetchSpec(world, source.specUrl) : pasted(world, source.spec)
  const spec = readDocument(parseDocument(text), url)
  if (spec.operations.length === 0) {
    const skipped = spec.findings.map(({ path, message }) => ({ path, code: 'skipped', message }))
    throw new AppError('SPEC_INVALID', '/paths has no operation that can be used.', {
      errors:
        skipped.length > 0 ? skipped.slice(0, 20) : [{ path: '/paths', code: 'empty', message: 'has no operation' }],
    })
  }
  world.defer(keep())
  return { ...spec, hash: await sha256(text), bytes }
}

/** Swagger 2.0 is read as the OpenAPI 3.0 it amounts to; the places that errors and findings name are those of that. */
function readDocument(document: unknown, url: string | null): Spec {
  if (!isSwagger2(document)) return readSpec(validateDocument(document), url)
  return { ...readSpec(validateDocument(upgradeSwagger2(document)), url), openapi: '2.0' }
}

function isSwagger2(document: unknown): document is Record<string, unknown> {
  return (
    typeof document === 'object' && document !== null && 'swagger' in document && String(document.swagger) === '2.0'
  )
}

function pasted(world: World, spec: string | Record<string, unknown>): FetchedSpec {
  const text = typeof spec === 'string' ? spec : JSON.stringify(spec)
  const bytes = new TextEncoder().encode(text).byteLength
  if (bytes > world.config.specMaxBytes)
    throw new AppError(
      'SPEC_TOO_LARGE',
      `The document has ${bytes} bytes; at most ${world.config.specMaxBytes} are taken.`,
    )
  return { text, bytes, keep: async () => {} }
}
