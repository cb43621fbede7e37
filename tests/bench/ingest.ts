import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectDocument, disconnect } from '../../src/cli/corpus/connect-document.ts'
import { bundleWorker, MEMORY_LIMIT_MB } from '../../src/cli/isolate.ts'
import { generateDocument } from './generate-document.ts'
import { startBench } from './worker.ts'

const ROUNDS = 3
const BYTES = 13_000_000
const OPERATIONS = 1100
const STEP_MB = 8
const LEAST_MB = 24

const [path] = process.argv.slice(2)
const text = path
  ? await readFile(path, 'utf8')
  : generateDocument({ operations: OPERATIONS, bytes: BYTES, seed: 1, server: 'https://api.example.com' })
const server = createServer((_, response) => void response.setHeader('content-type', 'application/json').end(text))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const documentUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
const bundle = await bundleWorker()

/** Whether a fresh isolate of so much heap reads the document. */
async function canReadWithin(heapLimitMb: number): Promise<boolean> {
  // V8 sets half of a small heap aside for young objects, unless told how little they need.
  const bench = await startBench({ bundle, heapLimitMb, v8Flags: ['--max-semi-space-size=2'] })
  try {
    const { kind } = await connectDocument(bench, documentUrl)
    return kind === 'connected'
  } finally {
    await bench.close()
  }
}

function never(): never {
  throw new Error('The heap is not measured.')
}

try {
  const bench = await startBench({ bundle, heapLimitMb: MEMORY_LIMIT_MB, measureHeap: true })
  const floor: number[] = []
  const ours: number[] = []
  let peak = { heap: 0, buffers: 0, total: 0 }
  let operations = 0
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    await (await fetch(`${bench.bareUrl}/document?url=${encodeURIComponent(documentUrl)}`)).text()
    floor.push(performance.now() - started)
    const watched = await (bench.heap ?? never()).watch(() => connectDocument(bench, documentUrl))
    const outcome = watched.result
    if (outcome.kind !== 'connected')
      throw new Error(`the document ${outcome.kind}: ${outcome.detail}\n${bench.tail().join('\n')}`)
    if (watched.peak.total > peak.total) peak = watched.peak
    ours.push(outcome.ms)
    operations = outcome.detail.endpointCount
    await disconnect(bench, outcome.detail.id)
  }
  await bench.close()
  let needed = MEMORY_LIMIT_MB
  while (needed - STEP_MB >= LEAST_MB && (await canReadWithin(needed - STEP_MB))) needed -= STEP_MB
  const ms = median(ours)
  const bare = median(floor)
  console.log(
    `${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB, ${operations} operations; ${path ?? 'generated'}; median of ${ROUNDS}\n`,
  )
  console.log(`bare fetch, JSON.parse and JSON.stringify  ${bare.toFixed(0).padStart(7)} ms`)
  console.log(
    `from POST to searchable                    ${ms.toFixed(0).padStart(7)} ms  ${(ms / bare).toFixed(1)} × bare`,
  )
  console.log(`operations indexed per second              ${((operations / ms) * 1000).toFixed(0).padStart(7)}`)
  console.log(
    `\nmost memory seen, garbage included         ${peak.total.toFixed(0).padStart(7)} MB  (heap ${peak.heap.toFixed(0)}, ArrayBuffers ${peak.buffers.toFixed(0)}), of ${MEMORY_LIMIT_MB}`,
  )
  console.log(`least heap it is read with, in steps of ${STEP_MB}  ${String(needed).padStart(7)} MB`)
} finally {
  server.close()
}
