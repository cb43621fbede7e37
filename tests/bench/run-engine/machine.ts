import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from '../../../src/cli/root.ts'

/** What everything runs on. `busy` is the share of the cores that others used in moments when nothing was measured. */
export type Machine = { cores: number; node: string; miniflare: string; busy: number }

const SAMPLE_MS = 300

/** Watches how busy others keep the machine: whoever compares figures must know. */
export function watchMachine() {
  const shares: number[] = []
  return {
    /** To be called while nothing of ours has anything to do. */
    sample: async () => {
      const before = times()
      await sleep(SAMPLE_MS)
      const after = times()
      shares.push((after.busy - before.busy) / Math.max(1, after.all - before.all))
    },
    describe: (): Machine => ({
      cores: cpus().length,
      node: process.versions.node,
      miniflare: readVersion('miniflare'),
      busy: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length),
    }),
  }
}

function times(): { busy: number; all: number } {
  const total = { busy: 0, all: 0 }
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq
    total.all += all
    total.busy += all - times.idle
  }
  return total
}

function readVersion(name: string): string {
  const text = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
