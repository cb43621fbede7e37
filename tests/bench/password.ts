import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { build, type Rolldown } from 'vite'
import { percentile } from '../../src/cli/eval/statistics.ts'
import { measureRefusals } from './password/refusals.ts'

const HELP = `npm run bench:password [-- --rounds 20]

Milliseconds that hashing a password takes in workerd, natively (scrypt of node:crypto) and in JavaScript (@noble/hashes, what
better-auth would do), with the same parameters; one client, in turn. Each hash is checked by the Worker's own code, which
hashes once more: that is measured beside them and taken off.

Then what a refused sign-in takes at APIQ as it is deployed, by the reason, each as a ratio to one without an account: that
there is one should not be told by the time.`

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const result = (await build({
  configFile: false,
  logLevel: 'error',
  build: { ssr: join(import.meta.dirname, 'password/worker.ts'), write: false },
  ssr: { noExternal: true },
})) as Rolldown.RolldownOutput
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: true,
    script: result.output[0].code,
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
  }),
)

async function timeOf(path: string): Promise<number> {
  const started = performance.now()
  const { status } = await miniflare.dispatchFetch(`http://bench${path}`)
  if (status !== 204) throw new Error(`${path}: the hash is not that of the password`)
  return performance.now() - started
}

try {
  const times: Record<string, number[]> = { '/nothing': [], '/native': [], '/javascript': [] }
  for (let round = -2; round < Number(values.rounds); round++)
    for (const [path, taken] of Object.entries(times)) {
      const ms = await timeOf(path)
      if (round >= 0) taken.push(ms)
    }
  const median = (path: string) =>
    percentile(
      (times[path] ?? []).toSorted((a, b) => a - b),
      0.5,
    )
  const empty = median('/nothing')
  // A native hash and its check are the same work.
  const native = (median('/native') - empty) / 2
  const inJavaScript = median('/javascript') - empty - native
  const line = (what: string, ms: number) => console.log(`${what.padEnd(28)}${ms.toFixed(1).padStart(8)} ms`)
  console.log(`hashing a password in workerd, median of ${values.rounds}`)
  line('natively (node:crypto)', native)
  line('in JavaScript', inJavaScript)
  line('an empty request', empty)
  console.log(`in JavaScript it takes ${(inJavaScript / native).toFixed(2)} x as long`)
  console.log(`\na refused sign-in, median of ${values.rounds}`)
  const refusals = Object.entries(await measureRefusals(Number(values.rounds)))
  for (const [why, ms] of refusals)
    console.log(
      `${why.padEnd(28)}${ms.toFixed(1).padStart(8)} ms${(ms / (refusals[0]?.[1] ?? NaN)).toFixed(2).padStart(7)} x`,
    )
} finally {
  await miniflare.dispose()
}
