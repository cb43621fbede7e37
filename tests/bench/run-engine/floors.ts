import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Beside } from '../../../src/cli/isolate.ts'

/** The Worker of the floors and of Cloudflare Workflows, to stand beside APIQ. */
export async function readFloors(): Promise<Beside> {
  return {
    script: await readFile(join(import.meta.dirname, 'floors.js'), 'utf8'),
    durableObjects: { RUNS: 'Run' },
    workflows: { CHAIN: 'Chain' },
  }
}
