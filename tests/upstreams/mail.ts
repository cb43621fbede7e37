import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail server, and Resend's API beside it. */
export type RunningMail = { port: number; close: () => Promise<void> }

type Received = { from: string; to: string[]; user: string | null; secure: boolean; message: string }

/** What every server of this process has taken. */
export const received: Received[] = []

/**
 * Starts a submission server (smtp-server) on loopback that knows one user. It offers STARTTLS with a certificate that
 * nobody vouches for where `tls` is given, and none elsewhere; with `secure` it speaks TLS from the start. It refuses mail to
 * `refused@`.
 */
export async function startMail(
  tls: { key: string; cert: string } | null,
  { secure = false, authMethods = ['PLAIN'] }: { secure?: boolean; authMethods?: string[] } = {},
): Promise<RunningMail> {
  const server = new SMTPServer({
    ...(tls ?? { hideSTARTTLS: true, allowInsecureAuth: true }),
    secure,
    authMethods,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'apiq' && password === 'marked smtp password'
        ? done(null, { user: username })
        : done(new Error('wrong user or password')),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('refused@') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
    onData: (stream, { envelope, user, secure }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, user: user ?? null, secure, message: Buffer.concat(chunks).toString('utf8') })
        done()
      })
    },
  })
  // A client that hangs up in the middle of a handshake is what a test of that looks like from here.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** `GET /mail/received` lists what came; `POST /mail/emails` is Resend's API, with one key. */
export async function answerAsMail(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/mail/received') return void response.end(JSON.stringify(received))
  if (request.headers.authorization !== 'Bearer re_marked_key')
    return void response.writeHead(401).end('{"name":"restricted_api_key"}')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { from, to, text } = JSON.parse(Buffer.concat(chunks).toString()) as {
    from: string
    to: string[]
    text: string
  }
  received.push({ from, to, user: 'resend', secure: false, message: text })
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"49a3999c"}')
}
