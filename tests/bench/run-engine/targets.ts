import { speedRatio } from './load.ts'
import type { Results } from './results.ts'

/** A bound that the engine is held to, and what was seen. `held` is null where there is nothing to hold against it. */
export type Target = { name: string; bound: string; seen: string; held: boolean | null }

// What the list of 10,000 items itself and the numbers of their ends may take.
const FLAT_MB = 8

/** Every bound that the results tell something of. */
export function judge(results: Results): Target[] {
  const at = (clients: number, name: string) => results.load.get(clients)?.get(name)
  const ratio = (ours: string, theirs: string, clients: number) => speedRatio(at(clients, ours), at(clients, theirs))
  const slower = (name: string, ours: string, theirs: string, most: number): Target[] => {
    const seen = ratio(theirs, ours, 1)
    const ten = ratio(theirs, ours, 10)
    if (Number.isNaN(seen)) return []
    const beside = Number.isNaN(ten) ? '' : ` (at ten ${times(ten)})`
    return [{ name, bound: `at most ${most} ×`, seen: `${times(seen)}${beside}`, held: seen <= most }]
  }
  const faster = (name: string, theirs: string, clients: number, least: number): Target[] => {
    const seen = ratio('apiq', theirs, clients)
    if (Number.isNaN(seen)) return []
    const label = `${name}, ${clients === 1 ? 'one client' : `${clients} clients`}`
    return [{ name: label, bound: `at least ${least} × as fast`, seen: times(seen), held: seen >= least }]
  }
  return [
    ...slower('ten chained GETs against the bare chain, one client', 'apiq', 'bare', 2),
    ...faster('ten chained GETs against Node-RED', 'node-red', 1, 1),
    ...faster('ten chained GETs against Cloudflare Workflows', 'workflows', 1, 5),
    ...faster('ten chained GETs against Cloudflare Workflows', 'workflows', 10, 5),
    ...faster('ten chained GETs against n8n', 'n8n', 1, 5),
    ...faster('ten chained GETs against n8n', 'n8n', 10, 5),
    ...slower(
      'ten chained POSTs against a fresh object and ten flushed writes, one client',
      'apiq-posts',
      'effects',
      1.3,
    ),
    ...slower(
      'ten independent slow GETs against one such call through APIQ, one client',
      'apiq-independent',
      'apiq-one',
      1.5,
    ),
    ...compiledOnce(ratio),
    ...informed(
      'ten independent slow GETs against one bare call, one client',
      ratio('bare-one', 'apiq-independent', 1),
    ),
    ...judgeLoop(results),
    ...judgeMemory(results),
    ...reported(results),
  ]
}

/** Ten expressions of a workflow that runs again and again, beside those of workflows whose expressions are not kept. */
function compiledOnce(ratio: (ours: string, theirs: string, clients: number) => number): Target[] {
  const seen = ratio('apiq-jsonata', 'apiq-jsonata-each', 1)
  if (Number.isNaN(seen)) return []
  const bare = ratio('jsonata-once', 'jsonata-each', 1)
  const beside = Number.isNaN(bare) ? '' : `; a bare Worker gains ${times(bare)}`
  const name = 'JSONata compiled once per definition: ten expressions against ten that are compiled for each run'
  return [{ name, bound: 'more than 1 × as fast', seen: `${times(seen)}${beside}`, held: seen > 1 }]
}

/** What nobody has set a bound for, and helps to read the line above it. */
function informed(name: string, ratio: number): Target[] {
  return Number.isNaN(ratio) ? [] : [{ name, bound: 'reported', seen: times(ratio), held: null }]
}

function judgeLoop({ loop }: Results): Target[] {
  if (!loop) return []
  const seen = `${(loop.share * 100).toFixed(1)} % (${ms(loop.apiqMs)}, its calls alone ${ms(loop.bareMs)})`
  const name = "loop of 1,000 at concurrency 20, the engine's share of the time"
  return [{ name, bound: 'under 25 %', seen, held: loop.share < 0.25 }]
}

function judgeMemory({ memory }: Results): Target[] {
  const [least, most] = [memory?.at(0), memory?.at(-1)]
  if (!memory || !least || !most) return []
  const name = 'memory of a loop, flat in the number of items'
  const bound = `alive, at most ${FLAT_MB} MB more with ${number(most.items)} items than with ${least.items}`
  const failure = memory.find((each) => each.failure !== null)?.failure
  if (failure) return [{ name, bound, seen: failure, held: false }]
  const seen = memory
    .map(({ items, alive, before }) => `${number(items)}: ${(alive - before).toFixed(1)} MB`)
    .join(', ')
  return [{ name, bound, seen, held: most.alive - most.before <= least.alive - least.before + FLAT_MB }]
}

function reported({ log, firstByte, eventLag }: Results): Target[] {
  const report = (name: string, seen: string): Target => ({ name, bound: 'reported', seen, held: null })
  return [
    ...(log ?? []).map(({ workflow, rows, bytes, d1Rows }) =>
      report(
        `log of ten chained ${workflow === 'gets' ? 'GETs' : 'POSTs'}`,
        `${rows.toFixed(1)} rows and ${number(bytes)} bytes per step in objects, ${d1Rows.toFixed(1)} rows per run in D1`,
      ),
    ),
    ...(firstByte ? [report('request for a run to the first call at the upstream', spread(firstByte))] : []),
    ...(eventLag ? [report("upstream's answer to its event at a reader", spread(eventLag))] : []),
  ]
}

const spread = ({ p50, p95 }: { p50: number; p95: number }) => `p50 ${ms(p50)}, p95 ${ms(p95)}`
const times = (ratio: number) => `${ratio.toFixed(2)} ×`
const ms = (value: number) => `${value.toFixed(1)} ms`
const number = (value: number) => Math.round(value).toLocaleString('en')
