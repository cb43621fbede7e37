import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Beside } from '../../../src/cli/isolate.ts'

/** The Worker of the floors and of Cloudflare Workflows, to stand beside APIQ. */
export async function readFloors(): Promise<Beside> {
  return {
    script: `${await readJsonata()}\n${await readFile(join(import.meta.dirname, 'floors.js'), 'utf8')}`,
    durableObjects: { RUNS: 'Run' },
    workflows: { CHAIN: 'Chain' },
  }
}

/** The library as it is, under its name: a Worker of one module takes nothing from elsewhere. */
async function readJsonata(): Promise<string> {
  const source = await readFile(fileURLToPath(import.meta.resolve('jsonata')), 'utf8')
  return `const jsonata = (() => { const module = { exports: {} }, { exports } = module; ${source}; return module.exports })()`
}
