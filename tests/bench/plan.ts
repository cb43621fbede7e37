import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { percentile } from '../../src/cli/eval/statistics.ts'
import { connectDocument } from '../../src/cli/corpus/connect-document.ts'
import { bundleWorker, startIsolate } from '../../src/cli/isolate.ts'
import { generateDocument } from './generate-document.ts'

const OPERATIONS = 1000
const ROUNDS = 20

const MESSAGES = [
  'show the pending invoices of Ada Lovelace',
  'archive the oldest shipment',
  'create a customer named Grace Hopper and then list her orders',
  'delete the seasonal entries since 2026-01-01, notify the owner, and list what is left',
  'what is the weather in Paris?',
]

const server = createServer((_, response) => {
  const address = 'https://api.example.com'
  response
    .setHeader('content-type', 'application/json')
    .end(generateDocument({ operations: OPERATIONS, seed: 1, properties: 8, server: address, rare: '' }))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const isolate = await startIsolate({ bundle: await bundleWorker() })
try {
  const outcome = await connectDocument(isolate, `http://127.0.0.1:${port}/1.json`)
  if (outcome.kind !== 'connected') throw new Error(`${outcome.kind}: ${outcome.detail}`)
  console.log(`POST /api/chat with ${OPERATIONS} operations connected, embedded planner; one client, milliseconds`)
  for (const message of MESSAGES) {
    const times: number[] = []
    for (let round = -3; round < ROUNDS; round++) {
      const started = performance.now()
      const response = await fetch(`${isolate.url}/api/chat`, {
        method: 'POST',
        headers: { 'x-api-key': isolate.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`${response.status}`)
      if (round >= 0) times.push(performance.now() - started)
    }
    const sorted = times.toSorted((a, b) => a - b)
    const [p50, p95] = [percentile(sorted, 0.5), percentile(sorted, 0.95)]
    console.log(
      `${message.slice(0, 60).padEnd(62)}p50 ${p50.toFixed(0).padStart(4)}  p95 ${p95.toFixed(0).padStart(4)}`,
    )
  }
} finally {
  await isolate.close()
  server.close()
}
