import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ConnectionDetail } from '../connections/schema.ts'
import { createApi, type Api } from './api.ts'
import { ask } from './demo/ask.ts'
import { printOverhead } from './demo/overhead.ts'
import { createStoreReader, scenario } from './demo/scenario.ts'
import { shutDown } from './process-group.ts'
import { STORE_KEY } from './stack.ts'
import { onStopSignal } from './stop-signals.ts'
import { bold, CliError, dim, duration, green, runMain, say, timed } from './terminal.ts'
import { startThrowAway } from './throw-away.ts'

const HELP = `npm run demo [-- [options] ["your own request"]]

Starts a stack of its own with the sample API, connects that, asks, runs, and leaves nothing behind.

  --input NAME=VALUE  a value that your request's plan asks for; repeatable
  --verbose           show the output of everything that is started`

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    options: { input: { type: 'string', multiple: true, default: [] }, verbose: flag, help: flag },
    allowPositionals: true,
  })
  if (values.help) return say(HELP)
  const own = positionals.join(' ').trim()
  const given = readGiven(values.input)
  const folder = await mkdtemp(join(tmpdir(), 'apiq-demo-'))
  const cleanUp = async () => {
    await shutDown()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  let stopping = false
  onStopSignal(async () => {
    stopping = true
    say('\nStopping …')
    await cleanUp()
    say('Stopped.')
    process.exit(130)
  })
  try {
    say(bold(own === '' ? 'APIQ, end to end' : 'APIQ'))
    const { stack, vars } = await startThrowAway(folder, { dashboard: false, quiet: false, verbose: values.verbose })
    const api = createApi(stack.url, vars['DEV_API_KEY'] ?? '')
    await connectSample(api, stack.storeUrl)
    await (own === '' ? playScenario(api, stack.storeUrl) : ask(api, own, given))
  } catch (error) {
    if (stopping) return await new Promise(() => {})
    throw error
  } finally {
    if (!stopping) await cleanUp()
  }
  say(`\n${green(bold(own === '' ? 'All of it worked.' : 'Done.'))} ${dim('Nothing is left running.')}`)
}

function readGiven(inputs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    inputs.map((input) => {
      const at = input.indexOf('=')
      if (at < 1) throw new CliError(`--input takes NAME=VALUE, not "${input}".`)
      return [input.slice(0, at), input.slice(at + 1)]
    }),
  )
}

async function connectSample(api: Api, storeUrl: string): Promise<void> {
  const auth = { type: 'apiKey', value: STORE_KEY }
  const specUrl = `${storeUrl}/openapi.json`
  const connect = () => api.call<ConnectionDetail>('POST', '/api/apis', { specUrl, auth })
  const { name, endpointCount } = await timed(`connect ${specUrl}`, connect)
  say(dim(`    ${name}, ${endpointCount} operations`))
}

async function playScenario(api: Api, storeUrl: string): Promise<void> {
  const store = createStoreReader(storeUrl)
  const planned: string[] = []
  for (const { message, verify } of scenario) {
    const outcome = await ask(api, message, {})
    say(`  ${green('✓')} checked: ${await verify(store, outcome)}`)
    if (outcome.plan.steps.length === 2) await printOverhead(api, outcome)
    planned.push(duration(outcome.planMs))
  }
  say(dim(`\nThe plans took ${planned.join(', ')} as the client sees it: the Worker's own time is less.`))
}

await runMain(main)
