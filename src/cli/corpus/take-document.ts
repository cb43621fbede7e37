import type { Isolate } from '../isolate.ts'
import { connectDocument, disconnect, storedOperations } from './connect-document.ts'
import { countOperations } from './count-operations.ts'
import type { Result } from './report.ts'

/** Takes one document of a folder through the Worker, and holds what was stored against an independent count. */
export async function takeDocument(isolate: Isolate, folder: string, path: string, specUrl: string): Promise<Result> {
  const counted = await countOperations(folder, path)
  const { outcome, peakMb } = await watched(isolate, () => connectDocument(isolate, specUrl))
  const empty = { path, code: null, detail: '', findings: 0, operations: 0, skipped: 0, lost: [] }
  const base = { ...empty, counted: counted?.length ?? null, ms: outcome.ms, peakMb }
  switch (outcome.kind) {
    case 'refused':
      return { ...base, verdict: 'refused', code: outcome.code, detail: outcome.detail }
    case 'crashed':
    case 'hung':
      return { ...base, verdict: outcome.kind, detail: [outcome.detail, ...isolate.tail().slice(-3)].join('\n    ') }
    case 'connected': {
      const { id, endpointCount, findings, skipped } = outcome.detail
      const lost =
        counted && counted.length !== endpointCount + skipped.length ? await missing(isolate, id, counted, skipped) : []
      await disconnect(isolate, id)
      const numbers = { findings: findings.length, operations: endpointCount, skipped: skipped.length, lost }
      if (lost.length === 0) return { ...base, ...numbers, verdict: 'ok' }
      return { ...base, ...numbers, verdict: 'lost', detail: `neither stored nor skipped: ${lost.join(', ')}` }
    }
    default:
      return outcome satisfies never
  }
}

async function watched(isolate: Isolate, work: () => ReturnType<typeof connectDocument>) {
  if (!isolate.heap) return { outcome: await work(), peakMb: Number.NaN }
  const { result, peak } = await isolate.heap.watch(work)
  return { outcome: result, peakMb: peak.total }
}

async function missing(
  isolate: Isolate,
  id: string,
  counted: readonly string[],
  skipped: readonly { operation: string }[],
) {
  const known = new Set([...(await storedOperations(isolate, id)), ...skipped.map(({ operation }) => operation)])
  const lost = counted.filter((name) => !known.has(name))
  // Equal in number, other by name: what is stored under another name is not lost.
  return lost.slice(0, Math.max(0, counted.length - known.size))
}
