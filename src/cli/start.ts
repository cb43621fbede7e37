import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Connection } from '../connections/schema.ts'
import { createApi, type Api } from './api.ts'
import { fireCrons } from './crons.ts'
import { ensureVars, type DevVars } from './dev-vars.ts'
import { claimData } from './instance.ts'
import { parsePort } from './ports.ts'
import { shutDown, stopAll } from './process-group.ts'
import { ROOT } from './root.ts'
import { startStack, STORE_KEY, type Stack } from './stack.ts'
import { onStopSignal } from './stop-signals.ts'
import { bold, CliError, cyan, dim, runMain, say, timed, yellow } from './terminal.ts'

const HELP = `npm start -- [options]

  --port N          where the Worker listens (8787, or the next free one)
  --store-port N    where the sample API listens (8788, or the next free one)
  --persist-to DIR  where the local data lives (.wrangler/state)
  --verbose         show the output of everything that is started`

const SAID = { made: 'with fresh secrets', completed: 'with what was missing', kept: '' }

async function main(): Promise<number | void> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { port: text, 'store-port': text, 'persist-to': text, verbose: flag, help: flag },
  })
  if (values.help) return say(HELP)
  let stopping = false
  onStopSignal(async () => {
    stopping = true
    say('\nStopping …')
    await shutDown()
    say('Stopped.')
    process.exit(0)
  })
  try {
    const persistTo = values['persist-to'] ? resolve(values['persist-to']) : join(ROOT, '.wrangler/state')
    const port = parsePort('--port', values.port, 8787)
    const storePort = parsePort('--store-port', values['store-port'], 8788)
    say(bold('Starting APIQ'))
    await claimData(persistTo)
    const { vars, did } = await ensureVars(join(ROOT, '.dev.vars'))
    if (did !== 'kept') say(`  ${did === 'made' ? 'Made' : 'Completed'} .dev.vars ${SAID[did]}`)
    const { verbose } = values
    const stack = await startStack({ persistTo, port, storePort, dashboard: true, quiet: false, verbose })
    fireCrons(stack.url)
    await welcome(stack, vars, persistTo)
    const reason = await stack.ended
    if (!stopping) throw new CliError(reason)
  } catch (error) {
    // The parts end while they are being stopped: that is no failure, and the handler above exits.
    if (stopping) return new Promise(() => {})
    await stopAll()
    throw error
  }
}

async function welcome({ url, storeUrl }: Stack, vars: DevVars, persistTo: string): Promise<void> {
  const { DEV_USER_EMAIL: email = '', DEV_USER_PASSWORD: password = '', DEV_API_KEY: key = '' } = vars
  const api = createApi(url, key)
  const signIn = () => api.call('POST', '/api/auth/login', { email, password })
  await timed('try the sign-in and the key', async () => {
    await api.call('GET', '/api/auth/test')
    return signIn().catch(() => say(`\n  ${yellow('!')} ${staleUser(email, persistTo)}`))
  })
  const line = (name: string, value: string) => say(`  ${dim(name.padEnd(14))}${value}`)
  say()
  line('Dashboard', bold(cyan(url)))
  line('Sign in', `${email}  ${password}`)
  line('API key', key)
  line('Sample API', `${storeUrl}/openapi.json  X-Store-Key: ${STORE_KEY}`)
  say(`\n${await firstCall(api, storeUrl)}`)
  say(`\n${dim('npm run demo shows the whole of it in a terminal. Ctrl-C stops everything.')}`)
}

function staleUser(email: string, persistTo: string): string {
  const folder = relative(process.cwd(), persistTo) || persistTo
  return `${email} signs in with another password: the data in ${folder} is older than .dev.vars. Delete it to start afresh.`
}

/** A line for the shell that shows something: it connects the sample API, or asks it something once it is connected. */
async function firstCall(api: Api, storeUrl: string): Promise<string> {
  const connected = await api.call<Connection[]>('GET', '/api/apis?limit=100')
  const specUrl = `${storeUrl}/openapi.json`
  const done = connected.some((connection) => connection.specUrl === specUrl)
  const taken = connected.some((connection) => connection.slug === 'sample-store')
  const [path, body, what] = done
    ? ['/api/chat', { message: 'Show me the late orders' }, 'Plan something with the sample API']
    : ['/api/apis', newSample(specUrl, taken), 'Connect the sample API']
  const curl = `curl -sS ${api.url}${path} -H 'X-API-Key: ${api.key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
  return `${dim(`  ${what}, here or in the dashboard:`)}\n\n${curl}`
}

function newSample(specUrl: string, taken: boolean) {
  const auth = { type: 'apiKey', value: STORE_KEY }
  // With a slug of its own a line pasted twice is refused the second time, where it would connect the API twice.
  return { specUrl, slug: taken ? `sample-store-${new URL(specUrl).port}` : 'sample-store', auth }
}

await runMain(main)
