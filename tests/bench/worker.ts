import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { readD1Migrations } from '@cloudflare/vitest-plugin'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions as getMiniflareWorkerOptions } from 'wrangler'
import { generateToken } from '../../src/keys/token.ts'

const root = resolve(import.meta.dirname, '../..')

// The floor: what two dependent calls cost when nothing stands between them and the upstream.
const BARE = `
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/bare') return Response.json({ success: true })
    const headers = { 'x-store-key': searchParams.get('key') }
    const get = async (path) => (await fetch(searchParams.get('store') + path, { headers })).json()
    const found = await get('/customers?search=Ada+Lovelace')
    return Response.json(await get('/customers/' + found.items[0].id + '/orders'))
  },
}`

/** The Worker as it is deployed, and a bare one beside it, in one workerd; each answers on a socket of its own. */
export type Bench = { url: string; bareUrl: string; apiKey: string; close: () => Promise<void> }

/** Bundles the Worker and starts it in Miniflare, on direct sockets: no proxy stands between the client and workerd. */
export async function startBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'apiq-bench-'))
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], { cwd: root })
  const apiKey = await generateToken('dev')
  const { workerOptions } = getMiniflareWorkerOptions(join(root, 'wrangler.toml'))
  const { assets: _, bindings, ...options } = workerOptions
  const socket = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
  // Wrangler still describes a Worker in the options of Miniflare 4.
  const described = convertV4MiniflareOptions({
    workers: [
      {
        ...options,
        ...socket,
        name: 'apiq',
        modules: [{ type: 'ESModule', path: 'worker.js', contents: await readFile(join(folder, 'worker.js'), 'utf8') }],
        bindings: {
          ...(bindings as Record<string, string>),
          LOG_LEVEL: 'silent',
          AUTH_SECRET: 'bench-only-0123456789-abcdefghij-KLMNOP',
          ENCRYPTION_KEY: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
          ALLOW_PRIVATE_UPSTREAMS: 'true',
          DEV_USER_EMAIL: 'bench@apiq.local',
          DEV_USER_PASSWORD: 'a password of the bench',
          DEV_API_KEY: apiKey,
        },
      },
      { ...socket, name: 'bare', modules: true, script: BARE, compatibilityDate: '2026-11-01' },
    ],
  })
  const miniflare = new Miniflare(described)
  await miniflare.ready
  const database = await miniflare.getD1Database('DB', 'apiq')
  for (const { queries } of await readD1Migrations(join(root, 'migrations')))
    for (const query of queries) await database.prepare(query).run()
  const url = (await miniflare.unsafeGetDirectURL('apiq')).origin
  const bareUrl = (await miniflare.unsafeGetDirectURL('bare')).origin
  return {
    url,
    bareUrl,
    apiKey,
    close: async () => {
      await miniflare.dispose()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
