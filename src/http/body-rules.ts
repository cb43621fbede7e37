import type { Context, Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { loadConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import type { AppEnv } from './env.ts'

const UPLOAD_PATH = /^\/api\/(v1\/)?apis\/upload$/
// Reads its body as it comes in, whatever its type, and counts it then.
const BATCH_PATH = /^\/api\/(v1\/)?workflows\/[^/]+\/batch$/
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
    if (json) requireType(c, isUpload)
    return next()
  })
}

function requireType({ req }: Context<AppEnv>, isUpload: boolean): void {
  const type = req.header('content-type')
  const given = `The body is ${type ?? 'of no stated type'}`
  if (isUpload) {
    if (/^multipart\/form-data\b/i.test(type ?? '')) return
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `${given}; send multipart/form-data.`)
  }
  // Whether there is a body is what its length says: some servers hand an empty stream to a request without one.
  const isUntyped = type === undefined && Number(req.header('content-length') ?? 0) > 0
  if (isUntyped || (type !== undefined && !/^application\/([\w.-]+\+)?json\b/i.test(type)))
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', `${given}; send application/json.`)
}
