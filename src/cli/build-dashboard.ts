import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runToEnd } from './process-group.ts'
import { ROOT, tools } from './root.ts'
import { timed } from './terminal.ts'

// What the dashboard is built from; of the Worker it takes types alone.
const SOURCES = ['src/dashboard', 'public', 'package-lock.json']

/** Builds the dashboard into `dist`, unless what is there is newer than all it is built from. */
export async function buildDashboard(quiet: boolean, verbose: boolean): Promise<void> {
  const built = await modifiedAt(join(ROOT, 'dist/index.html'))
  const changed = await Promise.all(SOURCES.map((source) => newestIn(join(ROOT, source))))
  if (built > Math.max(...changed)) return
  const build = () =>
    runToEnd('The build of the dashboard', [tools.vite, 'build', join(ROOT, 'src/dashboard')], { verbose })
  await timed('build the dashboard', build, quiet)
}

async function newestIn(path: string): Promise<number> {
  const own = await modifiedAt(path)
  const inside = await readdir(path, { recursive: true }).catch(() => [])
  return Math.max(own, ...(await Promise.all(inside.map((name) => modifiedAt(join(path, name))))))
}

async function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
