import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readD1Migrations } from '@cloudflare/vitest-plugin'
import { convertV4MiniflareOptions, Miniflare, type RemoteProxyConnectionString } from 'miniflare'
import {
  unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions,
  unstable_readConfig as readConfig,
} from 'wrangler'
import { generateToken } from '../keys/token.ts'
import { openHeapMeter, type HeapMeter } from './heap-meter.ts'
import { ROOT, tools } from './root.ts'

/** What a Worker on Workers may have, in MB (2^20 bytes). */
export const MEMORY_LIMIT_MB = 128

const AS_DEPLOYED = "export * from './worker.js'; export { default } from './worker.js'"

// Stands before the Worker where its heap is measured: V8 collects on request, so that what one document left does not
// count for the next.
const COLLECTING = `
import worker from './worker.js'
export * from './worker.js'
export default {
  ...worker,
  fetch: (request, env, context) =>
    request.url.endsWith('/__collect-garbage')
      ? (globalThis.gc?.(), new Response(null, { status: 204 }))
      : worker.fetch(request, env, context),
}`

/** The Worker as it is deployed, on a direct socket of workerd: no proxy stands between it and its client. */
export type Isolate = {
  url: string
  /** Of the script beside it, where one was given. */
  besideUrl: string
  /** Of the second isolate, where one was asked for. */
  twinUrl: string
  apiKey: string
  database: D1Database
  /** Its bindings and variables, for code of the Worker that is called in this process. */
  env: Env
  /** Null where it was started without. */
  heap: HeapMeter | null
  /** Where V8's inspector of the Worker answers; null where nobody asked for it. */
  inspectorUrl: string | null
  /** The last lines that workerd wrote: what the Worker logged, or how it died. */
  tail: () => readonly string[]
  close: () => Promise<void>
}

/** A Worker beside it, on a socket of its own and with a database of its own as `DB`. */
export type Beside = {
  script: string
  /** Binding → class, each with SQLite. */
  durableObjects?: Record<string, string>
  /** Bindings, each to a namespace of its own. */
  kv?: readonly string[]
  /** Binding → class. */
  workflows?: Record<string, string>
}

/** How to start one. */
export type IsolateOptions = {
  /** Bundled before by `bundleWorker`. */
  bundle: string
  beside?: Beside
  /**
   * A second isolate of the same Worker, on a socket of its own, with the same databases and objects, and with these
   * variables where they differ.
   */
  twin?: Record<string, string>
  /** V8's limit for the heap in MB; one that needs more takes workerd down. */
  heapLimitMb?: number
  measureHeap?: boolean
  /** Leaves V8's inspector to the caller; it takes one client at a time, which measuring the heap is as well. */
  inspect?: boolean
  /** The folder for databases and objects, which outlives the isolate; a temporary one if left out. */
  persistTo?: string
  v8Flags?: readonly string[]
  logLevel?: 'error' | 'silent'
  /**
   * The address of a server that answers for Workers AI (`AI`) and Vectorize (`VECTORIZE`), in the protocol of Wrangler's
   * remote bindings. Without it the Worker has neither; a second isolate never has.
   */
  embedderUrl?: string
  /** Variables beside those that every isolate has. */
  vars?: Record<string, string>
}

/** The Worker in one file, as `wrangler deploy` would upload it. */
export async function bundleWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apiq-bundle-'))
  try {
    // Wrangler refuses to serve a folder that is not there.
    await mkdir(join(ROOT, 'dist'), { recursive: true })
    await promisify(execFile)(process.execPath, [tools.wrangler, 'deploy', '--dry-run', '--outdir', folder], {
      cwd: ROOT,
    })
    return await readFile(join(folder, 'worker.js'), 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Starts the Worker in Miniflare with empty bindings of its own; nothing of it is left after `close`. */
export async function startIsolate(options: IsolateOptions): Promise<Isolate> {
  const apiKey = await generateToken('dev')
  const lines: string[] = []
  const miniflare = startMiniflare(options, apiKey, (line) => {
    lines.push(line)
    if (lines.length > 40) lines.shift()
  })
  await miniflare.ready
  const database = await miniflare.getD1Database('DB', 'apiq')
  for (const { queries } of await readD1Migrations(join(ROOT, 'migrations')))
    for (const query of queries) await database.prepare(query).run()
  const url = (await miniflare.unsafeGetDirectURL('apiq')).origin
  const twinUrl = options.twin ? (await miniflare.unsafeGetDirectURL('twin')).origin : ''
  const besideUrl = options.beside === undefined ? '' : (await miniflare.unsafeGetDirectURL('beside')).origin
  // The first request makes the key, whose budget is one for people.
  await (await fetch(`${url}/api/health`)).arrayBuffer()
  await database.prepare('update api_keys set requests_per_minute = 1000000').run()
  const collectGarbage = async () => void (await fetch(`${url}/__collect-garbage`))
  const inspected = options.measureHeap === true || options.inspect === true
  const inspectorUrl = inspected ? `ws://${(await miniflare.getInspectorURL()).host}/core:user:apiq` : null
  const heap = inspectorUrl !== null && options.measureHeap ? await openHeapMeter(inspectorUrl, collectGarbage) : null
  return {
    url,
    besideUrl,
    twinUrl,
    apiKey,
    database: database as unknown as D1Database,
    env: await miniflare.getBindings<Env>('apiq'),
    heap,
    inspectorUrl,
    tail: () => lines,
    close: async () => {
      heap?.close()
      await miniflare.dispose().catch(() => {})
    },
  }
}

function startMiniflare(options: IsolateOptions, apiKey: string, write: (line: string) => void): Miniflare {
  // Wrangler tells that it reads `.dev.vars`, which is the developer's and not for here: only the variables count.
  process.env['WRANGLER_LOG'] = 'error'
  const config = readConfig({ config: join(ROOT, 'wrangler.toml') })
  const { workerOptions } = getMiniflareWorkerOptions(config)
  const { assets: _assets, bindings: _bindings, ...rest } = workerOptions
  const socket = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
  const limit = options.heapLimitMb === undefined ? [] : [`--max-heap-size=${options.heapLimitMb}`]
  // Miniflare takes V8's flags from here alone.
  process.env['MINIFLARE_WORKERD_V8_FLAGS'] = ['--expose-gc', ...limit, ...(options.v8Flags ?? [])].join(' ')
  const objectsOfApiq = Object.fromEntries(
    config.durable_objects.bindings.map(({ name, class_name: className }: { name: string; class_name: string }) => [
      name,
      { className, scriptName: 'apiq', useSQLite: true },
    ]),
  )
  // Wrangler still describes a Worker in the options of Miniflare 4.
  const worker = {
    ...rest,
    ...socket,
    modules: [
      { type: 'ESModule' as const, path: 'entry.js', contents: options.measureHeap ? COLLECTING : AS_DEPLOYED },
      { type: 'ESModule' as const, path: 'worker.js', contents: options.bundle },
    ],
    bindings: {
      ...(config.vars as Record<string, string>),
      LOG_LEVEL: options.logLevel ?? 'silent',
      AUTH_SECRET: 'bench-only-0123456789-abcdefghij-KLMNOP',
      ENCRYPTION_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
      ALLOW_PRIVATE_UPSTREAMS: 'true',
      DEV_USER_EMAIL: 'bench@apiq.local',
      DEV_USER_PASSWORD: 'a password of the bench',
      DEV_API_KEY: apiKey,
      ...options.vars,
    },
  }
  const described = convertV4MiniflareOptions({
    workers: [
      { ...worker, ...remoteEmbedder(options.embedderUrl), name: 'apiq' },
      ...(options.twin
        ? [
            {
              ...worker,
              name: 'twin',
              queueConsumers: {},
              durableObjects: objectsOfApiq,
              bindings: { ...worker.bindings, ...options.twin },
            },
          ]
        : []),
      ...(options.beside === undefined
        ? []
        : [
            {
              ...socket,
              name: 'beside',
              modules: true,
              script: options.beside.script,
              compatibilityDate: '2026-11-01',
              d1Databases: { DB: 'beside' },
              kvNamespaces: Object.fromEntries((options.beside.kv ?? []).map((name) => [name, `beside-${name}`])),
              durableObjects: mapValues(options.beside.durableObjects, (className) => ({ className, useSQLite: true })),
              workflows: mapValues(options.beside.workflows, (className) => ({
                className,
                name: `beside-${className}`,
              })),
            } as const,
          ]),
    ],
    ...(options.measureHeap || options.inspect ? { inspectorPort: 0 } : {}),
    ...(options.persistTo === undefined ? {} : { resourcePersistencePath: options.persistTo }),
    handleStructuredLogs: ({ message }) => write(message),
  })
  return new Miniflare(described)
}

function remoteEmbedder(url: string | undefined) {
  if (url === undefined) return {}
  // The brand says only that it is Wrangler who has the address.
  const remoteProxyConnectionString = new URL(url) as RemoteProxyConnectionString
  return {
    ai: { binding: 'AI', remoteProxyConnectionString },
    vectorize: { VECTORIZE: { index_name: 'apiq-operations', remoteProxyConnectionString } },
  }
}

function mapValues<Given, Made>(
  record: Record<string, Given> = {},
  make: (given: Given) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(record).map(([name, given]) => [name, make(given)]))
}
