import { readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from './terminal.ts'

/**
 * Claims a folder of local data for this process until it exits. Two Workers on the same data would both carry out the
 * same runs, so a second `npm start` is refused rather than moved to another port.
 */
export async function claimData(folder: string): Promise<void> {
  const file = `${folder}.owner`
  await mkdir(dirname(file), { recursive: true })
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      process.on('exit', () => rmSync(file, { force: true }))
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = ownerOf(file)
    if (owner !== null && isAlive(owner))
      throw new CliError(
        `The local data in ${folder} is in use by another \`npm start\` (process ${owner}), and only one may run on it.\n` +
          `End that one with Ctrl-C, or give this one data of its own: npm start -- --persist-to .wrangler/second\n` +
          `(Should process ${owner} be something else, delete ${file}.)`,
      )
    rmSync(file, { force: true })
  }
}

function ownerOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
