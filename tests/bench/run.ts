import { startStore } from '../upstreams/store/server.ts'
import { startBench } from './worker.ts'

const WARM_UP = 30
const ROUNDS = 200

type Answer = { id: string; status: string; finishedAt: string; steps: { startedAt: string }[] }

type Timing = { p50: number; p95: number }

/** Runs the subjects in turn, one client, so that what the machine does meanwhile hits all alike. */
async function measure<Name extends string>(
  subjects: Record<Name, () => Promise<void>>,
): Promise<Record<Name, Timing>> {
  const entries = Object.entries(subjects) as [Name, () => Promise<void>][]
  const times = new Map<Name, number[]>(entries.map(([name]) => [name, []]))
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const [name, run] of entries) {
      const started = performance.now()
      await run()
      if (round >= 0) times.get(name)?.push(performance.now() - started)
    }
  const summary = [...times].map(([name, all]) => {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    return [name, { p50: at(0.5), p95: at(0.95) }] as const
  })
  return Object.fromEntries(summary) as Record<Name, Timing>
}

const store = await startStore()
const bench = await startBench()
try {
  const call = async (path: string, body?: unknown): Promise<{ data: Answer }> => {
    const response = await fetch(`${bench.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-api-key': bench.apiKey, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { data: Answer }
  }
  const drain = async (url: string) => void (await (await fetch(url)).arrayBuffer())
  await call('/api/apis', {
    name: 'Store',
    specUrl: `${store.url}/openapi.json`,
    auth: { type: 'apiKey', value: store.apiKey },
  })
  const search = {
    id: 'customers',
    type: 'api_call',
    api: 'store',
    operation: 'GET /customers',
    parameters: { search: 'Ada Lovelace' },
  }
  const orders = {
    id: 'orders',
    type: 'api_call',
    api: 'store',
    operation: 'GET /customers/{customerId}/orders',
    parameters: { customerId: '{{ steps.customers.body.items[0].id }}' },
  }
  const workflow = await call('/api/workflows', { definition: { name: 'Two reads', steps: [search, orders] } })
  const chain = `${bench.bareUrl}/chain?store=${encodeURIComponent(store.url)}&key=${store.apiKey}`

  let inside: number[] = []
  const result = await measure({
    'bare route': () => drain(`${bench.bareUrl}/bare`),
    'GET /api/auth/test': async () => void (await call('/api/auth/test')),
    'plan, one call': async () => void (await call('/api/chat', { message: 'Show me the late orders' })),
    'plan, three calls': async () => void (await call('/api/chat', { message: "Cancel Ada Lovelace's pending order" })),
    'bare fetch chain of two': () => drain(chain),
    'run of two reads': async () => {
      const run = await call(`/api/workflows/${workflow.data.id}/execute?wait=10`, {})
      if (run.data.status !== 'succeeded') throw new Error(`the run ${run.data.status}`)
      inside.push(Date.parse(run.data.finishedAt) - Date.parse(run.data.steps[0]?.startedAt ?? ''))
    },
  })

  const route = result['bare route'].p50
  console.log(
    `One client, ${ROUNDS} rounds, milliseconds; workerd on direct sockets (Miniflare, no proxy), store on loopback\n`,
  )
  console.log(`${'subject'.padEnd(26)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'× bare route'.padStart(15)}`)
  for (const [name, { p50, p95 }] of Object.entries(result))
    console.log(
      `${name.padEnd(26)}${p50.toFixed(2).padStart(8)}${p95.toFixed(2).padStart(8)}${(p50 / route).toFixed(1).padStart(15)}`,
    )
  const floor = result['bare fetch chain of two'].p50
  const run = result['run of two reads'].p50
  inside = inside.slice(WARM_UP)
  const own = inside.reduce((sum, ms) => sum + ms, 0) / inside.length
  console.log(
    `\nFrom its first step to its end such a run takes ${own.toFixed(1)} ms on average, its upstream calls included.`,
  )
  console.log(
    `With everything around it, a run of two reads, request and answer included, takes ${(run / floor).toFixed(1)} × the bare chain: ${(run - floor).toFixed(1)} ms more.`,
  )
} finally {
  await bench.close()
  await store.close()
}
