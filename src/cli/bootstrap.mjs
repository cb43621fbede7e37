// The entry of every npm script. Plain JavaScript without dependencies: it runs on whatever Node is there, before
// anything is installed, and hands over to the Node that the project brings.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_NODE = 20
const OWN_NODE = 24

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const modules = join(root, 'node_modules')
const node = join(modules, '.bin', 'node')

const commands = {
  start: ['the local stack, with the dashboard', 'src/cli/start.ts'],
  demo: ['the main job end to end, in the terminal', 'src/cli/demo.ts'],
  test: ['every test', 'node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts'],
  check: ['types, format, lint, tests, build and bundle', 'src/cli/check.ts'],
  corpus: ['every document of a folder, connected in workerd', 'src/cli/corpus.ts'],
  bench: ['the measurements', 'tests/bench/run.ts'],
  'bench:run': ['the engine against its floors and peers', 'tests/bench/run-engine/main.ts'],
  'bench:auth': ['what it costs to be let in', 'tests/bench/auth.ts'],
  'bench:password': ['hashing of passwords, natively and in JavaScript', 'tests/bench/password.ts'],
  'bench:ingest': ['time and memory of a large document', 'tests/bench/ingest.ts'],
  'bench:catalog': ['indexing and search with many operations', 'tests/bench/catalog.ts'],
  'bench:plan': ['planning with a thousand operations', 'tests/bench/plan.ts'],
  eval: ['the planner against questions with known answers', 'src/cli/eval.ts'],
  'eval:learn': ['the weights of the embedded planner', 'src/cli/learn.ts'],
  'eval:calibrate': ['how sure the embedded planner is', 'src/cli/calibrate.ts'],
  simulate: ['the engine against simulated chance', 'src/cli/simulate.ts'],
  chaos: ['the engine against real kills', 'src/cli/chaos.ts'],
  'keys:create': ['an API key, for operators', 'src/cli/create-key.ts'],
  'keys:rotate': ['data keys under a new key-encryption key', 'src/cli/rotate-keys.ts'],
  'docs:errors': ['docs/errors.md, from the code', 'src/cli/error-reference.ts'],
  screenshot: ['pictures of the dashboard', 'src/cli/screenshot.ts'],
}

const usage = `Usage: npm run <command> [-- options]

${Object.entries(commands)
  .map(([name, [summary]]) => `  ${name.padEnd(15)}${summary}`)
  .join('\n')}

Each installs what is missing first. start, demo, check, corpus, eval, simulate, chaos, keys:create and keys:rotate know --help.`

/** @type {import('node:child_process').ChildProcess | undefined} */
let current

function run(file, args, options) {
  return new Promise((done) => {
    current = spawn(file, args, { cwd: root, ...options })
    let output = ''
    for (const stream of [current.stdout, current.stderr]) stream?.on('data', (chunk) => (output += chunk))
    current.on('error', (error) => done({ code: 127, output: `${output}${error.message}\n` }))
    current.on('close', (code, signal) => {
      current = undefined
      done({ code: signal ? 128 + (signals[signal] ?? 0) : code, output })
    })
  })
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

function forwardSignals() {
  for (const [signal, number] of Object.entries(signals))
    process.on(signal, () => (current ? current.kill(signal) : process.exit(128 + number)))
  // A shell between npm and this process may die of a signal without passing it on.
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) current?.kill('SIGTERM')
  }, 500).unref()
}

/** Whether what is installed is what the lock file says, by npm's own note of the last completed installation. */
function isInstalled() {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
  try {
    const installed = read(join(modules, '.package-lock.json'))
    return Object.entries(read(join(root, 'package-lock.json'))).every(([path, wanted]) => {
      const found = installed[path]
      if (path === '' || (!found && wanted.optional)) return true
      return found?.version === wanted.version && found.integrity === wanted.integrity
    })
  } catch {
    return false
  }
}

/** Makes sure that one process installs at a time: two would delete each other's files. */
async function lockInstallation() {
  const file = join(tmpdir(), `apiq-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`)
  for (let said = false; ;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      const release = () => rmSync(file, { force: true })
      process.on('exit', release)
      return () => process.off('exit', release) && release()
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = readOwner(file)
    if (owner !== null && !isAlive(owner)) rmSync(file, { force: true })
    else if (!said) console.log(`Another process installs already${owner ? ` (${owner})` : ''}; waiting for it.`)
    said = true
    await new Promise((done) => setTimeout(done, 250))
  }
}

function readOwner(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || null
  } catch {
    return null
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function install() {
  process.stdout.write('Installing packages … ')
  const started = Date.now()
  let note = ''
  let { code, output } = await npm('ci')
  if (code !== 0 && lacksOptionalOnly(output)) {
    note = ' (with npm install: the lock file lacks optional packages of some platforms)'
    ;({ code, output } = await npm('install', '--no-save'))
  }
  if (code === 0) return console.log(`${((Date.now() - started) / 1000).toFixed(1)} s${note}`)
  console.log('failed')
  console.error(output)
  process.exit(code || 1)
}

function npm(...command) {
  // The Node of node_modules is about to be deleted: npm and its scripts must find another one.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !resolve(folder).startsWith(modules))
  const { npm_execpath: cli = '', npm_node_execpath: cliNode = '', ...rest } = process.env
  const args = [...command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=notice']
  const options = { env: { ...rest, PATH: path.join(delimiter) }, stdio: ['ignore', 'pipe', 'pipe'] }
  const known = basename(cli) === 'npm-cli.js' && existsSync(cliNode) && !resolve(cliNode).startsWith(modules)
  return known ? run(cliNode, [cli, ...args], options) : run('npm', args, options)
}

/**
 * Whether `npm ci` refuses the lock file for nothing but builds of a package for other platforms. A lock file lacks
 * these when a registry did not have them yet; every version that it does name is kept by `npm install`, too.
 */
function lacksOptionalOnly(output) {
  const lacking = [...output.matchAll(/^npm (?:error|ERR!) (Missing|Invalid): (.+?)@\S* /gm)]
  const packages = Object.values(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  const optional = new Set(packages.flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies)))
  return lacking.length > 0 && lacking.every(([, what, name]) => what === 'Missing' && optional.has(name))
}

async function verifyNode() {
  const { output } = await run(node, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] })
  if (Number(/^v(\d+)\./.exec(output)?.[1]) >= OWN_NODE) return
  console.error(`The package "node" should bring Node ${OWN_NODE}, but node_modules/.bin/node says: ${output.trim()}`)
  console.error('If npm is set to ignore install scripts, run: npm rebuild node --ignore-scripts=false')
  process.exit(1)
}

const [name = '', ...args] = process.argv.slice(2)
const [, ...command] = Object.hasOwn(commands, name) ? commands[name] : []
if (command.length === 0) {
  console.error(name === '' ? usage : `There is no command "${name}".\n\n${usage}`)
  process.exit(name === '--help' || name === '' ? 0 : 1)
}
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(`Node ${OLDEST_NODE} or newer is needed to begin with; this is ${process.version}.`)
  process.exit(1)
}
forwardSignals()
if (!isInstalled()) {
  const release = await lockInstallation()
  if (!isInstalled()) await install()
  release()
}
await verifyNode()
const env = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  // Nothing here may depend on a network: no version check, no look-up of the machine's place in the world.
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
}
const { code, output } = await run(node, [...command, ...args], { stdio: 'inherit', env })
if (output) console.error(output)
process.exit(code)
