import type { AnswerHeaders } from './answer-headers.ts'
import { OutboundError } from './outbound-failure.ts'

// What `fetch` takes off by itself; anything else would come through packed.
const CODINGS = new Set(['', 'identity', 'gzip', 'br'])

/**
 * The body, its content coding taken off, unless it is larger than it may be: Content-Length tells, or reading finds out
 * and ends there. @throws OutboundError too_large, encoding; what reading throws.
 */
export async function readBody(
  response: Response,
  headers: Pick<AnswerHeaders, 'get'>,
  method: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (method === 'HEAD') return new Uint8Array()
  const tooLarge = (said: number | null) =>
    new OutboundError('too_large', `the answer is larger than ${maxBytes} bytes`, undefined, said)
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  const declared = Number(headers.get('content-length') ?? 0)
  const refusal = !CODINGS.has(coding)
    ? new OutboundError('encoding', 'the answer is in a content coding that was not asked for')
    : declared > maxBytes
      ? tooLarge(declared)
      : null
  if (refusal) {
    await response.body?.cancel()
    throw refusal
  }
  // Nothing is unpacked and HTTP holds the sender to the length it declares: then one reading is cheaper than many.
  if (declared > 0 && (coding === '' || coding === 'identity')) {
    const whole = new Uint8Array(await response.arrayBuffer())
    if (whole.byteLength > maxBytes) throw tooLarge(whole.byteLength)
    return whole
  }
  if (!response.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(null)
    // A small chunk comes in a buffer of its own of 4 kB; kept like that, a host that drips would fill the memory.
    chunks.push(chunk.buffer.byteLength > 2 * chunk.byteLength ? chunk.slice() : chunk)
  }
  const body = new Uint8Array(size)
  // Each chunk is let go once it is copied: a large body is not to be held twice for longer than that.
  for (let at = size; at > 0;) {
    const chunk = chunks.pop() ?? new Uint8Array()
    at -= chunk.byteLength
    body.set(chunk, at)
  }
  return body
}

/**
 * The body of an answer that says it is JSON, which is UTF-8 (RFC 8259), unpacked, and of a length that it may have; null
 * for any other, of which nothing is read.
 */
export async function readJsonText(
  response: Response,
  headers: Pick<AnswerHeaders, 'get'>,
  maxBytes: number,
): Promise<string | null> {
  const declared = Number(headers.get('content-length') ?? 0)
  const plain =
    headers.get('content-encoding') === null && /^application\/json\b/i.test(headers.get('content-type') ?? '')
  return plain && declared > 0 && declared <= maxBytes && response.status < 500 ? response.text() : null
}

/** What reading a body threw: `fetch` unpacks as it reads, and says so with a TypeError. */
export function brokenBody(url: URL, error: unknown): OutboundError {
  return error instanceof TypeError
    ? new OutboundError('encoding', `the answer of ${url.host} does not unpack`, error)
    : new OutboundError('reset', `${url.host} closed the connection before the answer was complete`, error)
}
