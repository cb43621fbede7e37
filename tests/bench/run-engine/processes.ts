import { execFile } from 'node:child_process'
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

async function listProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='])
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    if (!match) return []
    const [, pid, parent, kilobytes, command = ''] = match
    return { pid: Number(pid), parent: Number(parent), kilobytes: Number(kilobytes), command }
  })
}
