import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectDocument } from '../../src/cli/corpus/connect-document.ts'
import { generateDocument } from './generate-document.ts'
import { startBench } from './worker.ts'

const OPERATIONS = 1000
const WARM_UP = 10
const ROUNDS = 100
const ROWS_AT_ONCE = 50

const sizes = process.argv.slice(2).map(Number)
const apis = (sizes.length > 0 ? sizes : [1000, 10_000, 50_000]).map((size) => Math.ceil(size / OPERATIONS))

/** What people and the planner ask; `connectionId` is put in. */
const QUERIES: [name: string, query: string][] = [
  ['one rare word', 'q=quokka'],
  ['one frequent word', 'q=customer'],
  ['three words', 'q=archive+one+invoice'],
  ['nine words', 'q=please+list+all+the+pending+seasonal+shipment+entries+today'],
  ['frequent word, one API', 'q=customer&connectionId='],
  ['frequent word, method', 'q=customer&method=get'],
  ['frequent word, tag', 'q=customer&tag=customer'],
  ['frequent word, effect', 'q=customer&effect=create'],
  ['frequent word, deprecated', 'q=customer&deprecated=true'],
  ['nothing found', 'q=zyzzyva'],
]

const server = createServer((request, response) => {
  const seed = Number(/(\d+)/.exec(request.url ?? '')?.[1] ?? 0)
  const address = `https://api${seed}.example.com`
  const rare = seed === 1 ? 'quokka' : ''
  response
    .setHeader('content-type', 'application/json')
    .end(generateDocument({ operations: OPERATIONS, seed, properties: 8, server: address, rare }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const bench = await startBench()

type Timing = { p50: number; p95: number; p99: number }

/** The times of the subjects in turn, one client. */
async function measure(subjects: [string, () => Promise<void>][]): Promise<Map<string, Timing>> {
  const times = new Map(subjects.map(([name]) => [name, [] as number[]]))
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const [name, run] of subjects) {
      const started = performance.now()
      await run()
      if (round >= 0) times.get(name)?.push(performance.now() - started)
    }
  const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return new Map(
    [...times].map(([name, all]) => {
      const sorted = all.toSorted((a, b) => a - b)
      return [name, { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) }]
    }),
  )
}

async function get(path: string): Promise<void> {
  const response = await fetch(`${bench.url}${path}`, { headers: { 'x-api-key': bench.apiKey } })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

/** What it takes to insert the rows of one API and nothing else: no reading of a document, no index. */
async function insertBare(connectionId: string): Promise<number> {
  const { results } = await bench.database
    .prepare('select * from endpoints where connection_id = ?')
    .bind(connectionId)
    .all()
  const started = performance.now()
  for (let at = 0; at < results.length; at += ROWS_AT_ONCE) {
    const body = JSON.stringify(results.slice(at, at + ROWS_AT_ONCE))
    const response = await fetch(`${bench.bareUrl}/insert`, { method: 'POST', body })
    if (!response.ok) throw new Error(await response.text())
  }
  return performance.now() - started
}

try {
  console.log(
    `APIs of ${OPERATIONS} operations in one workspace; one client, ${ROUNDS} rounds, milliseconds; "search" is the p50 less that of GET /api/auth/test\n`,
  )
  let connected = 0
  let first = ''
  for (const wanted of apis) {
    const took: number[] = []
    for (; connected < wanted; connected++) {
      const outcome = await connectDocument(bench, `http://127.0.0.1:${port}/${connected}.json`)
      if (outcome.kind !== 'connected')
        throw new Error(`${outcome.kind}: ${outcome.detail}\n${bench.tail().join('\n')}`)
      if (outcome.detail.endpointCount !== OPERATIONS) throw new Error(`stored ${outcome.detail.endpointCount}`)
      first ||= outcome.detail.id
      took.push(outcome.ms)
    }
    const bare = await insertBare(first)
    const each = took.reduce((sum, ms) => sum + ms, 0) / took.length
    const rate = (OPERATIONS / each) * 1000
    console.log(
      `${connected * OPERATIONS} operations: connected at ${rate.toFixed(0)} operations/s, ${(each / bare).toFixed(1)} × bare inserts (${((OPERATIONS / bare) * 1000).toFixed(0)}/s)`,
    )
    const times = await measure([
      ['bare route', async () => void (await (await fetch(`${bench.bareUrl}/bare`)).arrayBuffer())],
      ['GET /api/auth/test', () => get('/api/auth/test')],
      ...QUERIES.map(([name, query]): [string, () => Promise<void>] => [
        name,
        () => get(`/api/catalog/search?${query}${query.endsWith('=') ? first : ''}`),
      ]),
    ])
    const edge = times.get('GET /api/auth/test')?.p50 ?? 0
    console.log(`${'subject'.padEnd(28)}${['p50', 'p95', 'p99', 'search'].map((head) => head.padStart(10)).join('')}`)
    for (const [name, { p50, p95, p99 }] of times)
      console.log(
        `${name.padEnd(28)}${[p50, p95, p99].map((ms) => ms.toFixed(1).padStart(10)).join('')}${Math.max(0, p50 - edge)
          .toFixed(1)
          .padStart(10)}`,
      )
    console.log()
  }
} finally {
  await bench.close()
  server.close()
}
