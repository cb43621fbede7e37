import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from './terminal.ts'

const GRACE_MS = 5000
const KEPT_OUTPUT = 16_000
const TAIL_LINES = 30

/** A process that was started here, together with everything it started itself. */
export type ProcessGroup = {
  /** Of the first process. */
  pid: number
  /** Resolves with the exit code of the first process. */
  exited: Promise<number>
  /** What it printed; of much, the end. */
  output: () => string
  /** The last lines of that. */
  tail: () => string
  /** Resolves with the first match in its output. @throws CliError when it exits without one. */
  matched: (pattern: RegExp) => Promise<RegExpMatchArray>
  /** Ends all of it at once, as a power cut would. */
  kill: () => Promise<void>
  /** Ends all of it: by SIGINT, and what is left after a grace period by SIGKILL. */
  stop: () => Promise<void>
}

/** How to start one: what its environment has beyond ours, and whether its output is shown as it comes. */
export type GroupOptions = { env?: Record<string, string>; verbose?: boolean }

const running = new Map<number, ProcessGroup>()
let shuttingDown = false

// The last resort, for an exit that nobody planned.
process.on('exit', () => {
  for (const id of running.keys()) signal(id, 'SIGKILL')
})

/**
 * Starts a command as a group of its own, so that a Ctrl-C in the terminal reaches this process alone, which then ends
 * the group in order. Output is kept for when it is needed.
 */
export function startGroup(args: readonly string[], options: GroupOptions = {}) {
  if (shuttingDown) throw new CliError('Stopped.')
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-KEPT_OUTPUT)
      if (options.verbose) process.stderr.write(chunk)
    })
  }
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 128))
  })
  const { pid } = child
  if (pid === undefined) throw new CliError(`could not start ${args[0]}`)
  const group: ProcessGroup = {
    pid,
    exited,
    output: () => output.trim(),
    tail: () => output.trim().split('\n').slice(-TAIL_LINES).join('\n'),
    matched: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output)
          if (match) resolve(match)
        }
        child.stdout.on('data', look)
        void exited.then((code) => reject(new CliError(`${args[0]} exited with ${code}:\n${output}`)))
        look()
      }),
    kill: async () => {
      signal(pid, 'SIGKILL')
      await exited
      running.delete(pid)
    },
    stop: async () => {
      signal(pid, 'SIGINT')
      for (let waited = 0; waited < GRACE_MS && signal(pid, 0); waited += 50) await sleep(50)
      signal(pid, 'SIGKILL')
      await exited
      running.delete(pid)
    },
  }
  running.set(pid, group)
  return group
}

/** Runs a command to its end. @throws CliError with its output when it fails. */
export async function runToEnd(what: string, args: readonly string[], options: GroupOptions = {}): Promise<string> {
  const group = startGroup(args, options)
  const code = await group.exited
  await group.stop()
  // Wrangler takes being interrupted for success.
  if (shuttingDown) throw new CliError('Stopped.')
  if (code !== 0) throw new CliError(`${what} failed (exit code ${code}):\n${group.output()}`)
  return group.output()
}

/** Ends everything that was started here. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running.values()].map((group) => group.stop()))
}

/** Ends everything, for good: whatever is still on its way to start something fails. */
export function shutDown(): Promise<void> {
  shuttingDown = true
  return stopAll()
}

/** Whether the group was there to be signalled. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}
