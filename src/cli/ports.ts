import { createServer } from 'node:net'
import { CliError } from './terminal.ts'

const ATTEMPTS = 20
// Far enough that the Worker's second choice is not the store's first.
const STEP = 10
// A port taken on any of these is not ours, whichever of them `localhost` means on this machine.
const HOSTS = ['127.0.0.1', '::1', '0.0.0.0']

/** A port to listen on: exactly that one, or that one if it can be had. 0 is any free one. */
export type PortWish = { port: number; exact: boolean }

/** A free port, and what there is to say about it when it is not the one wished for. */
export async function choosePort(what: string, { port, exact }: PortWish): Promise<{ port: number; note: string }> {
  if (port === 0) return { port: await anyPort(), note: '' }
  if (await isFree(port)) return { port, note: '' }
  if (exact) throw new CliError(`Port ${port} for ${what} is in use. Give another one, or end what listens there.`)
  for (let next = port + STEP; next < port + ATTEMPTS * STEP; next += STEP)
    if (await isFree(next)) return { port: next, note: `Port ${port} is in use: ${what} takes ${next} instead.` }
  throw new CliError(`Port ${port} for ${what} is in use, and so are the next ${ATTEMPTS - 1} tried.`)
}

/** A port from the command line. @throws CliError when it is none. */
export function parsePort(option: string, text: string | undefined, fallback: number): PortWish {
  if (text === undefined) return { port: fallback, exact: false }
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new CliError(`${option} takes a number from 1 to 65535, not "${text}".`)
  return { port, exact: true }
}

async function isFree(port: number): Promise<boolean> {
  for (const host of HOSTS) if ((await listenOnce(port, host)) === 'taken') return false
  return true
}

async function anyPort(): Promise<number> {
  const port = await listenOnce(0, '127.0.0.1')
  if (typeof port !== 'number') throw new CliError('There is no free port on 127.0.0.1.')
  return port
}

function listenOnce(port: number, host: string): Promise<number | 'taken' | 'no such host'> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      // Without IPv6 there is no ::1 to be taken.
      resolve(code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' ? 'no such host' : 'taken')
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
