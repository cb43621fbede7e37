import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CliError, say } from '../terminal.ts'

/** What a command is told that learns from a folder of questions; null where it was asked for help, which is told. */
export async function readLearning(help: string): Promise<{ folder: string; write: boolean } | null> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { data, write } = values
  if (values.help || data === undefined) {
    say(help)
    return null
  }
  if (!(await stat(data).catch(() => null))?.isDirectory()) throw new CliError(`${data} is not a folder.`)
  return { folder: resolve(data), write }
}
