import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from './client.ts'
import { BENCH_KEY } from './protocol.ts'
import { definitions, expressionsWorkflow, type WorkflowName } from './workflows.ts'

// What the API allows at most, in seconds.
const LONGEST_WAIT = 30
const POLL_MS = 100
// Of ten expressions each: just more than an isolate keeps compiled, so that their turn comes before anybody asks whether
// they are still what they were.
const FORGOTTEN = 101

/** A run as the API shows it, as far as it matters here. */
export type Run = { id: string; status: string; error: unknown; output: unknown }

/** APIQ with the upstream connected and every workflow stored. */
export type Apiq = {
  /** Asks for a run and waits for its end in the same request. @throws Error when it does not succeed. */
  run: (workflow: WorkflowName, input: object) => Promise<Run>
  /** Ten expressions that were not met for so long that nobody keeps them compiled: many workflows take turns. */
  runForgotten: (input: object) => Promise<Run>
  /** The same for runs that take longer than one request may wait. */
  runLong: (workflow: WorkflowName, input: object) => Promise<Run>
  /** Asks for a run and does not wait. */
  start: (workflow: WorkflowName, input: object) => Promise<Run>
  close: () => void
}

/** Sets all of it up through the API, as anybody would. */
export async function setUpApiq(api: { url: string; apiKey: string }, upstreamUrl: string): Promise<Apiq> {
  const client = createClient(api.url, { 'x-api-key': api.apiKey })
  const post = async <Data>(path: string, body: unknown): Promise<Data> =>
    (JSON.parse(await client.post(path, body)) as { data: Data }).data
  const show = async (id: string): Promise<Run> =>
    (JSON.parse(await client.get(`/api/executions/${id}`)) as { data: Run }).data
  await post('/api/apis', {
    name: 'Items',
    specUrl: `${upstreamUrl}/openapi.json`,
    auth: { type: 'apiKey', value: BENCH_KEY },
  })
  const ids = new Map<WorkflowName, string>()
  for (const [name, definition] of Object.entries(definitions) as [WorkflowName, object][])
    ids.set(name, (await post<{ id: string }>('/api/workflows', { definition })).id)
  const execute = (workflow: WorkflowName, input: object, wait: number) =>
    post<Run>(`/api/workflows/${ids.get(workflow)}/execute?wait=${wait}`, { input })
  let turn = 0
  let forgotten: Promise<string[]> | undefined
  const storeMany = async () => {
    const stored: string[] = []
    for (let number = 1; number <= FORGOTTEN; number++)
      stored.push((await post<{ id: string }>('/api/workflows', { definition: expressionsWorkflow(number) })).id)
    return stored
  }
  return {
    runForgotten: async (input) => {
      const all = await (forgotten ??= storeMany())
      return requireSuccess(await post<Run>(`/api/workflows/${all[turn++ % all.length]}/execute?wait=10`, { input }))
    },
    run: async (workflow, input) => requireSuccess(await execute(workflow, input, 10)),
    runLong: async (workflow, input) => {
      let run = await execute(workflow, input, LONGEST_WAIT)
      while (run.status === 'running') {
        await sleep(POLL_MS)
        run = await show(run.id)
      }
      return requireSuccess(run)
    },
    start: (workflow, input) => execute(workflow, input, 0),
    close: client.close,
  }
}

function requireSuccess(run: Run): Run {
  if (run.status === 'succeeded') return run
  throw new Error(`the run ${run.id} is ${run.status}: ${JSON.stringify(run.error)}`)
}
