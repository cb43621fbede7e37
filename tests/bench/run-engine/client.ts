import { Agent, request } from 'node:http'

const TIMEOUT_MS = 60_000

/** Posts JSON and gives the text of the answer. @throws Error on any status but 2xx. */
export type Post = (path: string, body: unknown) => Promise<string>

/**
 * A client that costs as little as Node allows: it runs on the cores that it measures. Connections are kept; `headers`
 * go with every request.
 */
export function createClient(origin: string, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  const { hostname, port } = new URL(origin)
  const send = (method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const outgoing = request(
        {
          agent,
          hostname,
          port,
          path,
          method,
          timeout: TIMEOUT_MS,
          headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.once('error', reject)
          incoming.once('end', () => {
            const answer = Buffer.concat(chunks).toString()
            const { statusCode = 0 } = incoming
            if (statusCode >= 200 && statusCode < 300) resolve(answer)
            else reject(new Error(`${method} ${path} answered ${statusCode}: ${answer.slice(0, 500)}`))
          })
        },
      )
      outgoing.once('timeout', () => outgoing.destroy(new Error(`${path} did not answer in ${TIMEOUT_MS / 1000} s`)))
      outgoing.once('error', reject)
      outgoing.end(text)
    })
  return {
    get: (path: string) => send('GET', path),
    post: ((path, body) => send('POST', path, body)) satisfies Post as Post,
    close: () => agent.destroy(),
  }
}
