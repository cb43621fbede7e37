import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runToEnd, shutDown } from './process-group.ts'
import { ROOT, tools } from './root.ts'
import { onStopSignal } from './stop-signals.ts'
import { CliError, dim, green, runMain, say, timed } from './terminal.ts'

const HELP = `npm run check [-- options]

Everything that must hold before a change goes in; stops at the first thing that does not.

  --no-tests  leave the tests out`

// Workers on the paid plan may have 10 MB; a megabyte is what this project allows itself, for quick cold starts.
const MAX_GZIP_KIB = 1000

const TYPES = ['--strict-vars=false', '--include-runtime=false', '--env-file', '.dev.vars.example']

type Check = { name: string; args: string[]; inspect?: (output: string) => void }

function checks(withTests: boolean, folder: string): Check[] {
  const compile = (project: string) => ({ name: `types of ${project}`, args: [tools.tsc, '-p', project] })
  return [
    {
      name: 'generated types are current',
      args: [tools.wrangler, 'types', 'src/worker-configuration.d.ts', '--check', ...TYPES],
    },
    { name: 'format', args: [tools.oxfmt, '-c', '.oxfmtrc.json', '--check', '.'] },
    { name: 'lint', args: [tools.oxlint, '-c', '.oxlintrc.json'] },
    ...['.', 'src/dashboard', 'src/cli', 'tests'].map(compile),
    { name: 'migrations', args: [tools.drizzleKit, 'check'] },
    ...(withTests ? [{ name: 'tests', args: [tools.vitest, 'run', '--config', 'tests/vitest.config.ts'] }] : []),
    { name: 'dashboard', args: [tools.vite, 'build', 'src/dashboard'] },
    {
      name: 'bundle',
      args: [tools.wrangler, 'deploy', '--dry-run', '--env', 'production', '--outdir', folder],
      inspect: checkSize,
    },
  ]
}

function checkSize(output: string): void {
  const kib = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1])
  if (!(kib > 0)) throw new CliError(`Wrangler did not say how large the bundle is:\n${output}`)
  if (kib > MAX_GZIP_KIB) throw new CliError(`The bundle has ${kib} KiB gzipped; ${MAX_GZIP_KIB} KiB are allowed.`)
  say(dim(`    ${kib} KiB gzipped, of ${MAX_GZIP_KIB}`))
}

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ options: { 'no-tests': flag, help: flag } })
  if (values.help) return say(HELP)
  process.chdir(ROOT)
  const folder = await mkdtemp(join(tmpdir(), 'apiq-check-'))
  onStopSignal(async () => {
    await shutDown()
    await rm(folder, { recursive: true, force: true })
    process.exit(130)
  })
  try {
    for (const { name, args, inspect } of checks(!values['no-tests'], folder)) {
      const output = await timed(name, () => runToEnd(name, args))
      inspect?.(output)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  say(green('Everything holds.'))
}

await runMain(main)
