import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

type Process = { pid: number; parent: number; kilobytes: number; command: string }

/** The resident memory in MB of a process and everything below it; of what is below, only what `counts` says. */
export async function residentMemory(root: number, counts: (command: string) => boolean = () => true): Promise<number> {
  const all = await listProcesses()
  let kilobytes = 0
  const add = (pid: number) => {
    for (const process of all) {
      if (process.pid === pid && counts(process.command)) kilobytes += process.kilobytes
      if (process.parent === pid) add(process.pid)
    }
  }
  add(root)
  return kilobytes / 1024
}

/** Processor time that a process has had so far, of all its threads, in milliseconds; null where nothing tells it. */
export type CpuMeter = () => Promise<number | null>

// USER_HZ, in which Linux counts for whoever asks (proc(5)).
const TICK_MS = 10

/** A meter for the first process below another whose command `counts`. */
export async function openCpuMeter(root: number, counts: (command: string) => boolean): Promise<CpuMeter> {
  const all = await listProcesses()
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((process) => [process, ...below(process.pid)])
  const metered = below(root).find(({ command }) => counts(command))
  return async () => {
    const text = metered ? await readFile(`/proc/${metered.pid}/stat`, 'utf8').catch(() => null) : null
    if (text === null) return null
    // The name before may hold anything; `utime` and `stime` are the 14th and 15th field.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  }
}

async function listProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='])
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    if (!match) return []
    const [, pid, parent, kilobytes, command = ''] = match
    return { pid: Number(pid), parent: Number(parent), kilobytes: Number(kilobytes), command }
  })
}
