import { once } from 'node:events'
import { startIsolate } from '../../../src/cli/isolate.ts'
import { say } from '../../../src/cli/terminal.ts'
import { setUpApiq } from './apiq.ts'
import { freshId } from './subjects.ts'
import type { WorkflowName } from './workflows.ts'

const WARM_UP_RUNS = 200
const INTERVAL_MICROSECONDS = 100
const SHOWN = 25

type Frame = { functionName: string; url: string; lineNumber: number }
type Node = { id: number; callFrame: Frame }
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] }

const WORKFLOWS = ['gets', 'posts'] as const

/** Prints where the time of one client's runs of ten chained calls goes in APIQ's isolate, by self time. */
export async function printProfile(bundle: string, upstreamUrl: string, seconds: number): Promise<void> {
  for (const workflow of WORKFLOWS) await printProfileOf(workflow, bundle, upstreamUrl, seconds)
}

async function printProfileOf(workflow: WorkflowName, bundle: string, upstreamUrl: string, seconds: number) {
  const isolate = await startIsolate({ bundle, inspect: true, logLevel: 'error' })
  const apiq = await setUpApiq(isolate, upstreamUrl)
  try {
    if (isolate.inspectorUrl === null) throw new Error('there is no inspector')
    const inspector = await openInspector(isolate.inspectorUrl)
    for (let run = 0; run < WARM_UP_RUNS; run++) await apiq.run(workflow, { id: freshId() })
    await inspector.ask('Profiler.enable')
    await inspector.ask('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS })
    await inspector.ask('Profiler.start')
    let runs = 0
    for (const until = performance.now() + seconds * 1000; performance.now() < until; runs++)
      await apiq.run(workflow, { id: freshId() })
    const { profile } = (await inspector.ask('Profiler.stop')) as { profile: Profile }
    inspector.close()
    const rows = sumUp(profile, fileByLine(bundle))
    const all = rows.reduce((sum, [, ms]) => sum + ms, 0)
    say(
      `${runs} runs of ten chained ${workflow === 'gets' ? 'GETs' : 'POSTs'}, ${(all / runs).toFixed(2)} ms each while sampled; self time by function:\n`,
    )
    for (const [name, ms] of rows.slice(0, SHOWN)) say(line(ms, all, runs, name))
    say('\nby file:\n')
    const files = groupBy(rows, (name) => /\((.*)\)$/.exec(name)?.[1] ?? name)
    for (const [name, ms] of files.slice(0, SHOWN)) say(line(ms, all, runs, name))
  } finally {
    apiq.close()
    await isolate.close()
  }
}

async function openInspector(url: string) {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const waiting = new Map<number, (result: unknown) => void>()
  let sent = 0
  socket.addEventListener('message', ({ data }) => {
    const { id = 0, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  return {
    ask: (method: string, params: object = {}): Promise<unknown> => {
      const id = ++sent
      socket.send(JSON.stringify({ id, method, params }))
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    close: () => socket.close(),
  }
}

/** Milliseconds of self time by function and file, most first. */
function sumUp({ nodes, samples, timeDeltas }: Profile, fileOf: (line: number) => string): [string, number][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      if (functionName.startsWith('(')) return [id, functionName]
      return [
        id,
        `${functionName || 'anonymous'} (${url.endsWith('worker.js') ? fileOf(lineNumber) : url || 'native'})`,
      ]
    }),
  )
  return groupBy(
    samples.map((id, index) => [names.get(id) ?? '?', (timeDeltas[index] ?? 0) / 1000]),
    (name) => name,
  )
}

function groupBy(rows: readonly (readonly [string, number])[], key: (name: string) => string): [string, number][] {
  const sums = new Map<string, number>()
  for (const [name, ms] of rows) sums.set(key(name), (sums.get(key(name)) ?? 0) + ms)
  return [...sums].sort(([, a], [, b]) => b - a)
}

/** Which source a line of the bundle comes from, by the comments that the bundler leaves. */
function fileByLine(bundle: string): (line: number) => string {
  let file = 'worker.js'
  const files = bundle.split('\n').map((text) => (file = /^\/\/ ((?:src|node_modules)\/\S+)$/.exec(text)?.[1] ?? file))
  return (line) => files[line] ?? 'worker.js'
}

function line(ms: number, all: number, runs: number, name: string): string {
  return `${(ms / runs).toFixed(3).padStart(8)} ms ${((ms / all) * 100).toFixed(1).padStart(6)} %  ${name}`
}
