import { randomBytes, randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { DEVELOPMENT_MARKS } from '../production-config.ts'
import { generateToken } from '../keys/token.ts'
import { ROOT } from './root.ts'

const EXAMPLE = join(ROOT, '.dev.vars.example')
const PLACEHOLDER = /^([A-Za-z_]\w*)=generate(?=[ \t]*\r?$)/gm
// Without the characters that are mistaken for one another.
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789'

/** The variables of a development stack, by name. */
export type DevVars = Record<string, string>

/** The text of a complete file of variables: the example, with a fresh value for every `generate`. */
export async function freshVars(): Promise<string> {
  return fill(await readFile(EXAMPLE, 'utf8'))
}

/** The variables in such a text, read as Wrangler reads them. */
export function parseVars(text: string): DevVars {
  const entries = Object.entries(parseEnv(text))
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/**
 * Makes a file of variables where there is none, readable by its owner alone, and completes one that lacks variables of
 * the example. A value that is there stays. Returns the variables and what was done.
 */
export async function ensureVars(path: string): Promise<{ vars: DevVars; did: 'made' | 'completed' | 'kept' }> {
  const wanted = await freshVars()
  try {
    await writeFile(path, wanted, { flag: 'wx', mode: 0o600 })
    return { vars: parseVars(wanted), did: 'made' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const found = await readFile(path, 'utf8')
  const filled = await fill(found)
  const has = parseVars(filled)
  const lacking = Object.entries(parseVars(wanted)).filter(([name]) => !Object.hasOwn(has, name))
  const lines = lacking.map(([name, value]) => `${name}=${value}\n`).join('')
  const complete = lines === '' ? filled : `${filled.replace(/(?<=[^\n])$/, '\n')}${lines}`
  if (complete === found) return { vars: has, did: 'kept' }
  await writeFile(path, complete)
  return { vars: parseVars(complete), did: 'completed' }
}

async function fill(text: string): Promise<string> {
  const values = new Map<string, string>()
  for (const [, name = ''] of text.matchAll(PLACEHOLDER)) values.set(name, await generate(name))
  return text.replace(PLACEHOLDER, (_, name: string) => `${name}=${values.get(name)}`)
}

async function generate(name: string): Promise<string> {
  if (name.endsWith('_API_KEY')) return generateToken('dev')
  if (name.endsWith('_PASSWORD')) return readablePassword()
  const { text, bytes } = DEVELOPMENT_MARKS
  if (name === 'ENCRYPTION_KEY')
    return Buffer.concat([Buffer.from(bytes), randomBytes(32 - bytes.length)]).toString('base64')
  return text + randomBytes(32).toString('base64')
}

/** Four groups of four, about 79 bits: to be typed by a person. */
function readablePassword(): string {
  const group = () => Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
