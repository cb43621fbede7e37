import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { loadKeyConfig } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { KeyAccess } from '../../vault/key-wrap.ts'
import { parseVars, type DevVars } from '../dev-vars.ts'
import { CliError } from '../terminal.ts'

/**
 * The keys that a set of variables names, and the way to KMS.
 * @throws CliError naming what is missing or malformed, and where it was looked for.
 */
export function keysIn(variables: Readonly<Record<string, string | undefined>>, where: string): KeyAccess {
  try {
    return { config: loadKeyConfig(variables), fetch }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const wrong = (error.errors ?? []).map(({ path, message }) => `  ${path} ${message}`)
    throw new CliError(`The keys in ${where} cannot be used:\n${wrong.join('\n')}`)
  }
}

/** The variables in a file. @throws CliError when it cannot be read. */
export async function readVars(file: string): Promise<DevVars> {
  return parseVars(await readText(file))
}

/**
 * Puts a fresh ENCRYPTION_KEY into a file of variables, and the one that was there in front of ENCRYPTION_KEYS_OLD. The
 * file is replaced in one go, so that nobody reads half of it and no key is ever in neither place.
 * @throws CliError when the file cannot be read or holds no good key.
 */
export async function putNewKey(file: string): Promise<void> {
  const text = await readText(file)
  const vars = parseVars(text)
  keysIn(vars, file)
  const former = [vars['ENCRYPTION_KEY'], vars['ENCRYPTION_KEYS_OLD']].filter(Boolean).join(',')
  const renewed = setVar(
    setVar(text, 'ENCRYPTION_KEYS_OLD', former),
    'ENCRYPTION_KEY',
    randomBytes(32).toString('base64'),
  )
  keysIn(parseVars(renewed), file)
  const made = `${file}.new`
  await writeFile(made, renewed, { mode: 0o600 })
  await chmod(made, 0o600)
  await rename(made, file)
}

function setVar(text: string, name: string, value: string): string {
  const line = `${name}=${value}`
  const place = new RegExp(`^${name}[ \\t]*=.*$`, 'm')
  if (place.test(text)) return text.replace(place, () => line)
  return `${text.replace(/(?<=[^\n])$/, '\n')}${line}\n`
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CliError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}). \`npm start\` makes .dev.vars.`,
    )
  }
}
