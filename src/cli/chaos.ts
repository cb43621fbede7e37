import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createApi, type Api } from './api.ts'
import { judge, printVerdict, type RunOutcome } from './chaos/verdict.ts'
import { createWorkflows, type Workload } from './chaos/workflows.ts'
import { shutDown } from './process-group.ts'
import { STORE_KEY, type Stack } from './stack.ts'
import { onStopSignal } from './stop-signals.ts'
import { bold, CliError, dim, duration, runMain, say } from './terminal.ts'
import { startThrowAway } from './throw-away.ts'

const HELP = `npm run chaos [-- options]

Starts a stack of its own, sets runs going against the sample API with faults on, and kills the Worker with SIGKILL while
they run, again and again. At the end every run must be finished, and the API's own ledger must show each write once.

  --runs N    how many runs (100)
  --kills K   how many kills (10)
  --seed S    decides what is run, when it is killed, and which faults there are (1)
  --verbose   show the output of everything that is started`

const MAX_PAUSE_MS = 2500
const FINISHED_WITHIN_MS = 240_000
const UNASKED_MS = 15_000
const POLL_MS = 500
const CRON_MS = 20_000
const STRANDED_CRON = '*/5 * * * *'
const PAGE = 100

type Shown = { status: string; error: { message: string } | null }

async function main(): Promise<number | void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100' },
      kills: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const [runs, kills, seed] = [
    readCount('--runs', values.runs),
    readCount('--kills', values.kills),
    readCount('--seed', values.seed),
  ]
  const folder = await mkdtemp(join(tmpdir(), 'apiq-chaos-'))
  const cleanUp = async () => {
    await shutDown()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  onStopSignal(async () => {
    await cleanUp()
    process.exit(130)
  })
  try {
    const options = { dashboard: false, quiet: true, verbose: values.verbose }
    const { stack, vars } = await startThrowAway(folder, options)
    const api = createApi(stack.url, vars['DEV_API_KEY'] ?? '')
    return await wreak(stack, api, { runs, kills, random: randomFrom(seed) })
  } finally {
    await cleanUp()
  }
}

type Plan = { runs: number; kills: number; random: () => number }

async function wreak(stack: Stack, api: Api, { runs, kills, random }: Plan): Promise<number> {
  const specUrl = `${stack.storeUrl}/openapi.json`
  const auth = { type: 'apiKey', value: STORE_KEY }
  const { slug } = await api.call<{ slug: string }>('POST', '/api/apis', { specUrl, auth })
  const workflows = await createWorkflows(api, slug)
  say(bold(`${runs} runs, ${kills} kills`))
  const started: Promise<number>[] = []
  const faults = causeFaults(stack.storeUrl, random)
  for (let life = 0; life <= kills; life++) {
    const share = Math.round((runs * (life + 1)) / (kills + 1)) - started.length
    for (let n = 0; n < share; n++) started.push(startRun(api, workflows, started.length, random))
    if (life === kills) break
    const pause = Math.round(random() * MAX_PAUSE_MS)
    await sleep(pause)
    const at = performance.now()
    await stack.killWorker()
    say(dim(`  kill ${life + 1} after ${duration(pause)}, back after ${duration(performance.now() - at)}`))
  }
  const tries = await Promise.all(started)
  // At first nobody asks: what died must come back by itself.
  await sleep(UNASKED_MS)
  const all = await listRuns(api, workflows)
  const finished = await followAll(api, all)
  await faults.stop()
  return printVerdict(
    await judge(stack.storeUrl, finished),
    tries.reduce((sum, one) => sum + one - 1, 0),
  )
}

/**
 * Starts a run, and says how often it had to be asked for: one whose answer a kill takes away may be there or not, and
 * is asked for again as another run.
 */
async function startRun(
  api: Api,
  workflows: readonly Workload[],
  number: number,
  random: () => number,
): Promise<number> {
  const workload = workflows[number % workflows.length]
  if (!workload) throw new CliError('There are no workflows to run.')
  // Where nobody waits a run has an object from the first; where somebody does it may live elsewhere at first.
  const isWaitedFor = random() < 0.5
  await sleep(random() * MAX_PAUSE_MS)
  for (let tries = 0; ; tries++) {
    try {
      const input = { tag: `n${number}t${tries}` }
      await api.call('POST', `/api/workflows/${workload.id}/execute${isWaitedFor ? '?wait=5' : ''}`, { input })
      return tries + 1
    } catch (error) {
      if (tries > 200) throw error
      await sleep(250)
    }
  }
}

/** Every run there is, also those whose acceptance a kill kept from us. */
async function listRuns(api: Api, workflows: readonly Workload[]): Promise<RunOutcome[]> {
  const runs: RunOutcome[] = []
  for (let cursor = ''; ;) {
    const page = await api.call<{ id: string; workflowId: string; status: string }[]>(
      'GET',
      `/api/executions?limit=${PAGE}${cursor}`,
    )
    for (const { id, workflowId, status } of page) {
      const workload = workflows.find((one) => one.id === workflowId)
      if (workload) runs.push({ id, workload, status, error: null, recoveries: 0 })
    }
    if (page.length < PAGE) return runs
    cursor = `&cursor=${page.at(-1)?.id}`
  }
}

/** Waits until every run is finished, or for as long as that may take. */
async function followAll(api: Api, runs: readonly RunOutcome[]): Promise<RunOutcome[]> {
  const started = Date.now()
  const open = new Map(runs.map((run) => [run.id, run]))
  const finished: RunOutcome[] = []
  let asked = started
  while (open.size > 0 && Date.now() < started + FINISHED_WITHIN_MS) {
    for (const run of open.values()) {
      const { status, error } = await api.call<Shown>('GET', `/api/executions/${run.id}`)
      if (status === 'running' || status === 'paused') continue
      const log = await api.call<{ type: string }[]>('GET', `/api/executions/${run.id}/log`)
      const recoveries = log.filter(({ type }) => type === 'run.recovered').length
      finished.push({ ...run, status, error: error?.message ?? null, recoveries })
      open.delete(run.id)
    }
    await sleep(POLL_MS)
    if (Date.now() < asked + CRON_MS) continue
    // Nobody fires the crons of a local Worker.
    asked = Date.now()
    await fetch(`${api.url}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(STRANDED_CRON)}`)
  }
  return [...finished, ...open.values()]
}

/** Keeps the API failing in one way after another until it is stopped: errors, lost answers, slowness. */
function causeFaults(storeUrl: string, random: () => number): { stop: () => Promise<void> } {
  const kinds = [
    { method: 'POST', reset: true, after: true, times: 1 },
    { method: 'POST', status: 503, times: 2 },
    { method: 'POST', status: 500, after: true, times: 1 },
    { method: 'GET', reset: true, times: 1 },
    { delayMs: 150, times: 10 },
    { rateLimit: { retryAfterSeconds: 1 }, times: 1 },
  ]
  const stop = new AbortController()
  const work = (async () => {
    while (!stop.signal.aborted) {
      await send(storeUrl, 'PUT', kinds[Math.floor(random() * kinds.length)])
      await sleep(100 + random() * 300)
    }
    await send(storeUrl, 'DELETE')
  })()
  return {
    stop: async () => {
      stop.abort()
      await work
    },
  }
}

async function send(storeUrl: string, method: string, body?: unknown): Promise<void> {
  const content =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${storeUrl}/__faults`, { method, ...content })
  if (!response.ok) throw new CliError(`${method} /__faults answered ${response.status}: ${await response.text()}`)
}

function readCount(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CliError(`${option} takes a whole number, not "${text}".`)
  return Number(text)
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

await runMain(main)
