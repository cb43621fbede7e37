import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../src/cli/root.ts'
import type { SmtpConfig } from '../src/mail-config.ts'
import { received, startMail, type RunningMail } from './upstreams/mail.ts'
import { selfSigned } from './upstreams/self-signed.ts'

// A Worker that does nothing but send: its connections go through a network that takes the tests' certificate.
const WORKER = `
import { sendSmtp } from '${ROOT}/src/platform/smtp.ts'
export default {
  async fetch(request, env) {
    globalThis.network = env.NETWORK
    const { settings, mail, timeoutMs } = await request.json()
    return sendSmtp(settings, mail, timeoutMs).then(() => new Response('sent'), (error) => new Response(error.message))
  },
}`
const SOCKETS = 'export const connect = (address, options) => globalThis.network.connect(address, options)'

const tls = selfSigned()
const closing: (() => Promise<unknown>)[] = []
let miniflare: Miniflare

beforeAll(async () => {
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: await bundle(),
      compatibilityDate: '2026-11-01',
      compatibilityFlags: ['nodejs_compat'],
      serviceBindings: {
        NETWORK: { network: { allow: ['private'], tlsOptions: { trustedCertificates: [tls.cert] } } },
      },
    }),
  )
})

afterAll(async () => {
  await miniflare.dispose()
  await Promise.all(closing.map((close) => close()))
})

async function bundle(): Promise<string> {
  const modules: Record<string, string> = { 'cloudflare:sockets': SOCKETS, 'sender.js': WORKER }
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'given',
        enforce: 'pre',
        resolveId: (id) => (id in modules ? `\0${id}` : null),
        load: (id) => modules[id.slice(1)] ?? null,
      },
    ],
    build: { ssr: true, write: false, rolldownOptions: { input: 'sender.js' } },
  })) as Rolldown.RolldownOutput
  return result.output[0].code
}

/** What became of a mail: `sent`, or what the sender failed with. */
async function send(port: number, settings: Partial<SmtpConfig>, to: string, timeoutMs = 20_000): Promise<string> {
  const whole: SmtpConfig = {
    host: '127.0.0.1',
    port,
    tls: 'starttls',
    user: 'apiq',
    password: 'marked smtp password',
    ...settings,
  }
  const mail = {
    from: { name: 'APIQ', address: 'apiq@example.com' },
    to,
    subject: 'Hello',
    text: 'Hello',
    at: Date.now(),
  }
  const body = JSON.stringify({ settings: whole, mail, timeoutMs })
  return (await miniflare.dispatchFetch('http://sender/', { method: 'POST', body })).text()
}

async function mailServer(options: Parameters<typeof startMail>[1] = {}): Promise<RunningMail> {
  const server = await startMail(tls, options)
  closing.push(server.close)
  return server
}

/** A server that says what it is told to, and then nothing ever again; its port. */
async function muteServer(speak: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    speak(socket)
  }).listen(0, '0.0.0.0')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const arrived = (address: string) => received.filter(({ to }) => to.includes(address))

it('hands a mail in over STARTTLS, with user and password', async () => {
  const { port } = await mailServer()
  expect(await send(port, {}, 'starttls@example.com')).toBe('sent')
  expect(arrived('starttls@example.com')).toMatchObject([{ user: 'apiq', secure: true }])
})

it('hands a mail in over TLS from the start, at a server that offers LOGIN alone', async () => {
  const { port } = await mailServer({ secure: true, authMethods: ['LOGIN'] })
  expect(await send(port, { tls: 'on' }, 'login@example.com')).toBe('sent')
  expect(arrived('login@example.com')).toMatchObject([{ user: 'apiq', secure: true }])
  expect(await send(port, { tls: 'on', password: 'wrong' }, 'login@example.com')).toMatch(
    /answered 535 .* to AUTH LOGIN/,
  )
})

it('sends no password to another machine that offers no STARTTLS', async () => {
  const lines: string[] = []
  const port = await muteServer((socket) => {
    socket.write('220 hello\r\n')
    socket.on('data', (data) => {
      lines.push(String(data))
      socket.write('250 hello\r\n')
    })
  })
  // Another name of this machine, which the sender does not know for it.
  expect(await send(port, { host: '127.0.0.2' }, 'nobody@example.com')).toMatch(/offers no STARTTLS/)
  expect(lines.join('')).not.toContain('AUTH')
})

it.each([
  ['from the start', () => {}],
  ['after its greeting', (socket: Socket) => void socket.write('220 hello\r\n')],
  ['once the connection is secure', muteAfterStartTls],
])('gives up on a server that says nothing %s', async (_, speak) => {
  const port = await muteServer(speak)
  expect(await send(port, {}, 'nobody@example.com', 300)).toBe('the mail server was not done within 300 ms')
})

function muteAfterStartTls(socket: Socket): void {
  socket.write('220 hello\r\n')
  socket.on('data', function answer(data) {
    if (String(data).startsWith('EHLO')) socket.write('250-hello\r\n250 STARTTLS\r\n')
    else {
      socket.removeListener('data', answer)
      socket.write('220 go ahead\r\n')
      new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) }).on('error', () => {}).resume()
    }
  })
}
