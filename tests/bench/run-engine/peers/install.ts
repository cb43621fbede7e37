import { execFile } from 'node:child_process'
import { access, mkdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../../../../src/cli/terminal.ts'

const KEPT_OUTPUT = 64 * 1024 * 1024

/** What to install. Of what it depends on, only `native` is built: the rest of its native code has nothing to do here. */
export type PeerPackage = { name: string; version: string; native: readonly string[] }

/** Installs a package into a folder of its own, unless it is there; the folder of the package. */
export async function installPackage(parent: string, { name, version, native }: PeerPackage): Promise<string> {
  const folder = join(parent, `${name}-${version}`)
  const done = join(folder, 'installed')
  if (!(await isThere(done))) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"private":true}\n')
    await runNpm(folder, ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund'])
    if (native.length > 0) await runNpm(folder, ['rebuild', ...native, ...(await findHeaders())])
    await writeFile(done, '')
  }
  return join(folder, 'node_modules', name)
}

/** The headers of the Node that runs this, which the package `node` brings; without it npm looks for them by itself. */
async function findHeaders(): Promise<string[]> {
  const modules = join(dirname(await realpath(process.execPath)), '../node_modules')
  // Beside the Node of a platform there is what puts it in place, whose name begins alike.
  const own = join(modules, `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`)
  return (await isThere(join(own, 'include/node/common.gypi'))) ? [`--nodedir=${own}`] : []
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function runNpm(folder: string, args: string[]): Promise<void> {
  // An npm within `npm run` would take the project for what it is to work on.
  const outer = Object.keys(process.env).filter((name) => /^npm_(package|lifecycle|config_(local_)?prefix)/.test(name))
  const without = Object.fromEntries(outer.map((name) => [name, undefined]))
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  try {
    await promisify(execFile)('npm', [...args, '--loglevel=error', '--prefix', folder], {
      cwd: folder,
      env: { ...process.env, ...without, PATH: path },
      maxBuffer: KEPT_OUTPUT,
    })
  } catch (error) {
    throw new CliError(`npm ${args.join(' ')} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
