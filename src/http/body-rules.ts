import type { Context, Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { loadConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import type { AppEnv } from './env.ts'

const UPLOAD_PATH = /^\/api\/(v1\/)?apis\/upload$/
// Reads its body as it comes in, whatever its type, and counts it then.
const BATCH_PATH = /^\/api\/(v1\/)?workflows\/[^/]+\/batch$/
// Takes a document as it was exported, too.
const YAML_PATH = /^\/api\/(v1\/)?workflows\/import$/
const FORM_BYTES = 100_000
const SMALL_PATH = /^\/api\/(v1\/)?(auth|keys|members|invitations|workspaces?|admin)(\/|$)/
const SMALL_BYTES = 20_000

/**
 * Refuses a body that is too large, whether it says its length or not, and one of another type than JSON before it is
 * read. An upload is a form and may be as large as a document may; what people type into forms is small.
 * @throws AppError BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
 */
export async function bodyRules(
  c: Context<AppEnv>,
  next: Next,
  { maxBodyBytes, json }: { maxBodyBytes: number; json: boolean },
): Promise<void> {
  const { path } = c.req
  if (BATCH_PATH.test(path)) return next()
  const isUpload = UPLOAD_PATH.test(path)
  const usual = SMALL_PATH.test(path) ? Math.min(SMALL_BYTES, maxBodyBytes) : maxBodyBytes
  const maxSize = isUpload ? loadConfig(c.env).specMaxBytes + FORM_BYTES : usual
  const onError = () => {
    throw new AppError('BODY_TOO_LARGE', `The body has more than ${maxSize} bytes.`)
  }
  await bodyLimit({ maxSize, onError })(c, () => {
    if (json && isUpload) requireForm(c)
    if (json && !isUpload) requireJson(c, YAML_PATH.test(path))
    return next()
  })
}

function requireForm({ req }: Context<AppEnv>): void {
  const type = req.header('content-type')
  if (!/^multipart\/form-data\b/i.test(type ?? '')) throw unsupported(type, 'multipart/form-data')
}

function requireJson({ req }: Context<AppEnv>, orYaml: boolean): void {
  const type = req.header('content-type')
  // Whether there is a body is what its length says: some servers hand an empty stream to a request without one.
  const isUntyped = type === undefined && Number(req.header('content-length') ?? 0) > 0
  if (orYaml && isYaml(type)) return
  if (isUntyped || (type !== undefined && !/^application\/([\w.-]+\+)?json\b/i.test(type)))
    throw unsupported(type, orYaml ? 'application/json or application/yaml' : 'application/json')
}

/** Whether a body is YAML, by its media type (RFC 9512). */
export function isYaml(type: string | undefined): boolean {
  return /^application\/([\w.-]+\+)?yaml\b/i.test(type ?? '')
}

function unsupported(type: string | undefined, wanted: string): AppError {
  return new AppError('UNSUPPORTED_MEDIA_TYPE', `The body is ${type ?? 'of no stated type'}; send ${wanted}.`)
}
