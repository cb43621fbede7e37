import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildDashboard } from './build-dashboard.ts'
import { choosePort, type PortWish } from './ports.ts'
import { runToEnd, startGroup, stopAll, type ProcessGroup } from './process-group.ts'
import { ROOT, tools } from './root.ts'
import { CliError, say, timed, yellow } from './terminal.ts'

const HEALTHY_WITHIN_MS = 90_000
const STORE = join(ROOT, 'tests/upstreams/store/main.ts')

/** The key that the sample API takes. */
export const STORE_KEY = 'sample-store-key'

/** How to start a stack. */
export type StackOptions = {
  /** Where the Worker keeps its data. */
  persistTo: string
  port: PortWish
  storePort: PortWish
  /** A file of variables to use in place of `.dev.vars`, which is then not read at all. */
  freshVars?: string
  /** A folder for Wrangler's list of local Workers, so that this stack stays unknown to others on the machine. */
  registry?: string
  dashboard: boolean
  quiet: boolean
  verbose: boolean
}

/** A stack that is up. */
export type Stack = {
  url: string
  storeUrl: string
  /** Resolves with what there is to say when a part of it ends by itself. */
  ended: Promise<string>
  /** Kills the Worker as it is, without a word of warning, and starts it again on the same data. */
  killWorker: () => Promise<void>
  stop: () => Promise<void>
}

/**
 * Starts the Worker on `wrangler dev` with a migrated database, and the sample API it can be tried on.
 * @throws CliError when something does not come up; call `stopAll` then, too.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { quiet, verbose } = options
  const storePort = await choosePort('the sample API', options.storePort)
  const port = await choosePort('the Worker', options.port)
  for (const { note } of [port, storePort]) if (note !== '') say(`  ${yellow('!')} ${note}`)
  const state = ['--persist-to', options.persistTo, ...(options.freshVars ? ['--env-file', options.freshVars] : [])]
  const migrate = [tools.wrangler, 'd1', 'migrations', 'apply', 'DB', '--local', ...state]
  await timed('migrate the local database', () => runToEnd('The migration', migrate, { verbose }), quiet)
  if (options.dashboard) await buildDashboard(quiet, verbose)
  // Wrangler refuses to serve a folder that is not there.
  else await mkdir(join(ROOT, 'dist'), { recursive: true })
  const store = startGroup([STORE, '--port', String(storePort.port), '--key', STORE_KEY], { verbose })
  const [, storeUrl = ''] = await timed('start the sample API', () => store.matched(/listening on (\S+)/), quiet)
  const url = `http://127.0.0.1:${port.port}`
  const listen = ['--ip', '127.0.0.1', '--port', String(port.port), '--inspector-port', '0']
  const startWorker = async () => {
    const env = options.registry ? { WRANGLER_REGISTRY_PATH: options.registry } : {}
    const command = [tools.wrangler, 'dev', ...listen, ...state, '--show-interactive-dev-session=false']
    const group = startGroup(command, { verbose, env })
    await timed('start the Worker', () => untilHealthy(url, group), quiet)
    return group
  }
  const worker = await startWorker()
  let current = worker
  const killWorker = async () => {
    await current.kill()
    current = await startWorker()
  }
  const ended = Promise.race([
    worker.exited.then((code) => `The Worker ended by itself (exit code ${code}):\n${worker.tail()}`),
    store.exited.then((code) => `The sample API ended by itself (exit code ${code}):\n${store.tail()}`),
  ])
  return { url, storeUrl, ended, killWorker, stop: stopAll }
}

async function untilHealthy(url: string, worker: ProcessGroup): Promise<void> {
  const until = Date.now() + HEALTHY_WITHIN_MS
  let exit: number | undefined
  void worker.exited.then((code) => (exit = code))
  let last = 'no answer'
  while (Date.now() < until) {
    if (exit !== undefined) throw new CliError(`The Worker did not start (exit code ${exit}):\n${worker.tail()}`)
    try {
      const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) })
      if (response.ok) return
      last = await response.text()
    } catch {
      // Not listening yet.
    }
    await sleep(100)
  }
  throw new CliError(`The Worker is not healthy after 90 s (${last}). Wrangler's last output:\n${worker.tail()}`)
}
