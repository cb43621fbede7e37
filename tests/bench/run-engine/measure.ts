import { startIsolate } from '../../../src/cli/isolate.ts'
import { timed } from '../../../src/cli/terminal.ts'
import { setUpApiq } from './apiq.ts'
import { createClient } from './client.ts'
import { readFloors } from './floors.ts'
import { measureEventLag, measureFirstByte } from './latencies.ts'
import { measureLoad, requireCalls, type Figures, type Subject } from './load.ts'
import { measureLog, type LogSize } from './log-size.ts'
import { measureLoop } from './loop-share.ts'
import { watchMachine } from './machine.ts'
import { measureMemory } from './memory.ts'
import type { Options } from './options.ts'
import type { Peer } from './peers/peer.ts'
import { openCpuMeter, residentMemory } from './processes.ts'
import type { Results } from './results.ts'
import type { Upstream } from './start-upstream.ts'
import { listSubjects } from './subjects.ts'

const SLICE_SECONDS = 0.5
const WARM_UP_SECONDS = 1
const LOOP_ROUNDS = 3
const TRACED_RUNS = 50
const WATCHED_RUNS = 10

const isWorkerd = (command: string) => /workerd/.test(command)

/** Measures what the options ask for, one after the other, so that nothing stands in the way of anything else. */
export async function measureEverything(
  options: Options,
  bundle: string,
  upstream: Upstream,
  peers: readonly Peer[],
): Promise<Results> {
  const machine = watchMachine()
  const failures: string[] = []
  /** Does one part, if it is wanted; what it fails of is told at the end, and the rest goes on. */
  const attempt = async <T>(name: string, label: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (!options.wants(name)) return undefined
    await machine.sample()
    try {
      return await timed(label, work, options.json)
    } catch (error) {
      failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
  const isolate = await startIsolate({ bundle, beside: await readFloors(), logLevel: 'error' })
  const apiq = await setUpApiq(isolate, upstream.url)
  const { post, close } = createClient(isolate.besideUrl)
  const rss = new Map<string, number>()
  const load = new Map<number, Map<string, Figures>>()
  const own = listSubjects(apiq, post, upstream.url).filter(({ name }) => options.wants(name))
  const meter = await openCpuMeter(process.pid, isWorkerd)
  const cpu = async (name: string) => (own.some((subject) => subject.name === name) ? meter() : null)
  const subjects: Subject[] = [...own, ...peers.map(({ subject }) => subject)]
  try {
    await requireCalls(subjects, upstream.served)
    for (const clients of subjects.length > 0 ? options.clients : []) {
      const wanted = { clients, seconds: options.seconds, sliceSeconds: SLICE_SECONDS, warmUpSeconds: WARM_UP_SECONDS }
      const label = `${subjects.length} subjects in turn, ${clients} client${clients === 1 ? '' : 's'}`
      const work = () => measureLoad(subjects, { ...wanted, beforeRound: machine.sample, cpu })
      load.set(clients, await timed(label, work, options.json))
    }
    for (const { subject, memory } of peers) rss.set(subject.name, await memory())
    if (options.wants('apiq')) rss.set('apiq', await residentMemory(process.pid, isWorkerd))
    const firstByte = await attempt('first-byte', 'time to the first call', () =>
      measureFirstByte(apiq, upstream, TRACED_RUNS),
    )
    const eventLag = await attempt('event-lag', 'lag of events', () =>
      measureEventLag(isolate, apiq, upstream, WATCHED_RUNS),
    )
    const loop = await attempt('loop', 'loop over 1,000 items', () =>
      measureLoop(apiq, post, upstream.url, LOOP_ROUNDS),
    )
    for (const [clients, figures] of load)
      for (const [name, { failure }] of figures)
        if (failure !== null) failures.push(`${name} at ${clients}: ${failure}`)
    apiq.close()
    close()
    await isolate.close()
    const log = await attempt('log', 'size of the log', () => measureLogs(bundle, upstream.url))
    const memory = await attempt('memory', 'memory of loops', () => measureMemory(bundle, upstream.url))
    return {
      machine: machine.describe(),
      titles: new Map(subjects.map(({ name, title }) => [name, title])),
      load,
      rss,
      failures,
      ...(firstByte && { firstByte }),
      ...(eventLag && { eventLag }),
      ...(loop && { loop }),
      ...(log && { log }),
      ...(memory && { memory }),
    }
  } finally {
    await isolate.close()
  }
}

async function measureLogs(bundle: string, upstreamUrl: string): Promise<LogSize[]> {
  return [await measureLog(bundle, upstreamUrl, 'gets'), await measureLog(bundle, upstreamUrl, 'posts')]
}
