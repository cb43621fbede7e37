import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'

/** Whom the server knows. */
export const KMS_CREDENTIALS = {
  accessKeyId: 'AKIATESTSONLY0000000',
  secretAccessKey: 'tests/only+0123456789abcdefghijABCDEFGHIJ',
  sessionToken: 'tests-only-session/token==',
}
export const KMS_REGION = 'eu-central-1'

type Call = { operation: string; keyId: string; context: Record<string, string> }
type Kms = { calls: Call[]; keys: Map<string, Buffer>; mode: string; failures: number }

const KEY = /^(?:arn:aws:kms:eu-central-1:111122223333:key\/)?([0-9a-f-]{36})$/
const ALIASES: Record<string, string> = { 'alias/apiq': '00000000-0000-4000-8000-00000000a11a' }
const SIGNED = ['content-type', 'host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']
const MAX_SKEW_MS = 5 * 60_000

const services = new Map<string, Kms>()

/**
 * AWS KMS as far as Encrypt and Decrypt go, one of its own under each `/kms/<name>`. Every request's signature is made
 * anew with AWS's own signer and compared. `GET …/calls` tells what was asked, `PUT …/mode/<mode>` makes it `ok`, `down`
 * (500), `flaky` (500 every other time), `throttled`, `html`, `cut`, `denied`, `encrypt-only`, `disabled` or `lying`
 * (a Decrypt of other bytes).
 */
export async function answerAsKms(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , name = '', command, mode] = (request.url ?? '').split('/')
  let kms = services.get(name)
  if (!kms) services.set(name, (kms = { calls: [], keys: new Map(), mode: 'ok', failures: 0 }))
  if (command === 'calls') return send(response, 200, kms.calls)
  if (command === 'mode') {
    kms.mode = mode ?? 'ok'
    return send(response, 200, {})
  }
  let body = ''
  for await (const chunk of request) body += String(chunk)
  if (kms.mode === 'down' || (kms.mode === 'flaky' && kms.failures++ % 2 === 0))
    return fail(response, 500, 'KMSInternalException')
  if (kms.mode === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>')
  if (kms.mode === 'cut') return void request.socket.resetAndDestroy()
  if (kms.mode === 'throttled') return fail(response, 400, 'ThrottlingException')
  const refusal = await refuse(request, body)
  if (refusal) return fail(response, 403, refusal)
  carryOut(kms, String(request.headers['x-amz-target']), JSON.parse(body) as Input, response)
}

type Input = { KeyId: string; Plaintext?: string; CiphertextBlob?: string; EncryptionContext?: Record<string, string> }

function carryOut(kms: Kms, target: string, input: Input, response: ServerResponse): void {
  const operation = target.replace('TrentService.', '')
  const context = input.EncryptionContext ?? {}
  kms.calls.push({ operation, keyId: input.KeyId, context })
  if (kms.mode === 'denied' || (kms.mode === 'encrypt-only' && operation === 'Decrypt'))
    return fail(response, 400, 'AccessDeniedException')
  if (kms.mode === 'disabled') return fail(response, 400, 'DisabledException')
  const id = ALIASES[input.KeyId] ?? KEY.exec(input.KeyId)?.[1]
  if (!id) return fail(response, 400, 'NotFoundException')
  const arn = `arn:aws:kms:${KMS_REGION}:111122223333:key/${id}`
  let key = kms.keys.get(arn)
  if (!key) kms.keys.set(arn, (key = randomBytes(32)))
  const additional = Buffer.from(JSON.stringify([arn, ...Object.entries(context).toSorted()]))
  if (operation === 'Encrypt') {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additional)
    const text = Buffer.concat([cipher.update(Buffer.from(input.Plaintext ?? '', 'base64')), cipher.final()])
    const blob = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64')
    return send(response, 200, { CiphertextBlob: blob, KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  }
  if (operation !== 'Decrypt') return fail(response, 400, 'UnknownOperationException')
  const blob = Buffer.from(input.CiphertextBlob ?? '', 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12))
    decipher.setAAD(additional).setAuthTag(blob.subarray(12, 28))
    const plain = Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()])
    if (kms.mode === 'lying') plain.reverse()
    send(response, 200, { Plaintext: plain.toString('base64'), KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })
  } catch {
    fail(response, 400, 'InvalidCiphertextException')
  }
}

/** The exception that KMS refuses a request with, or null for one that is signed as AWS wants it. */
async function refuse(request: IncomingMessage, body: string): Promise<string | null> {
  const { headers } = request
  const authorization = headers.authorization ?? ''
  const [, accessKeyId, signed = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\S+, SignedHeaders=(\S+), /.exec(authorization) ?? []
  if (!accessKeyId) return 'MissingAuthenticationTokenException'
  if (accessKeyId !== KMS_CREDENTIALS.accessKeyId || headers['x-amz-security-token'] !== KMS_CREDENTIALS.sessionToken)
    return 'UnrecognizedClientException'
  if (headers['content-type'] !== 'application/x-amz-json-1.1') return 'SerializationException'
  const names = signed.split(';')
  const date = parseDate(String(headers['x-amz-date']))
  if (SIGNED.some((name) => !names.includes(name))) return 'InvalidSignatureException'
  if (!(Math.abs(Date.now() - date.getTime()) < MAX_SKEW_MS)) return 'InvalidSignatureException'
  const signer = new SignatureV4({
    service: 'kms',
    region: KMS_REGION,
    credentials: KMS_CREDENTIALS,
    sha256: Sha256,
    applyChecksum: false,
  })
  const [hostname = '', port] = (headers.host ?? '').split(':')
  const again = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: request.url ?? '',
      query: {},
      headers: Object.fromEntries(names.map((name) => [name, String(headers[name] ?? '')])),
      body,
    },
    { signingDate: date },
  )
  return again.headers['authorization'] === authorization ? null : 'InvalidSignatureException'
}

/** `20261121T060000Z`. */
function parseDate(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'))
}

/** AWS's messages name the account, the key and the caller, which must not get any further. */
function fail(response: ServerResponse, status: number, type: string): void {
  const message = `User: arn:aws:iam::111122223333:user/apiq is refused: ${type}`
  send(response, status, { __type: `com.amazonaws.kms#${type}`, message })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}
