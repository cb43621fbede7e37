import type { Config } from '../config.ts'
import { words } from '../lib/words.ts'

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const

/** What a log line carries besides its message: flat, JSON-safe, never a secret. */
export type LogFields = Readonly<Record<string, unknown>>

type Level = 'debug' | 'info' | 'warn' | 'error'

/** Writes JSON lines; `child` adds fields to every line that follows. */
export type Log = {
  [At in Level]: (message: string, fields?: LogFields) => void
} & {
  child(fields: LogFields): Log
  /** Whether a line of a level is written at all. */
  writes(level: Level): boolean
}

const MASKED = '•••'
const MAX_CAUSES = 8
// Most names come again with every line; those of others' documents are without end.
const MAX_JUDGED = 1000
const judged = new Map<string, boolean>()
// Matched against the end of each word of a name, so that `accesstoken` counts and `tokens`, which are counted, do not.
const SECRET_WORD =
  /(?:authorization|cookies?|passwords?|passwd|passphrase|secrets?|token|apikeys?|credentials?)(?= |$)|\b(?:api|private|access) keys?\b/
// What is handed back for the next page or tells of a token is no secret, and people must see it.
const HARMLESS_NAME = /\b(?:next|page|continuation|sync) token$|\btoken (?:type|count|limit|usage)$/
const SECRET_SHAPE = /apiq_[a-z]+_[0-9A-Za-z]+|\bBearer\s+\S+/g
const BASIC = /\bBasic\s+([\w+/-]{4,}={0,2})/gi
const SECRET_PARAMETER =
  /(?<![\w.%-])([\w.%-]{0,64}?(?:key|token|secret|password|passwd|credentials?))=(?:"[^"]*"|["']?[^&\s"'#;,)\]}]+)/gi

/** Replaces values that are secret by their name or by their shape, at any depth; errors and dates become text. */
export function mask(value: unknown, name = ''): unknown {
  return maskWithin(value, name, [])
}

function maskWithin(value: unknown, name: string, trail: readonly object[]): unknown {
  if (hasContent(value) && isSecretName(name)) return MASKED
  if (typeof value === 'string') return maskText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toJSON()
  if (value instanceof Error) return maskText(withoutValues(value.message))
  if (trail.includes(value)) return '(circular)'
  const inner = [...trail, value]
  if (Array.isArray(value)) return value.map((item) => maskWithin(item, '', inner))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskWithin(item, key, inner)]))
}

/** Whether a value can hold a secret: that there is none, or whether there is one, may be told. */
function hasContent(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean'
}

function isSecretName(name: string): boolean {
  if (name === '') return false
  let isSecret = judged.get(name)
  if (isSecret === undefined) {
    const text = words(name).join(' ')
    judged.set(name, (isSecret = SECRET_WORD.test(text) && !HARMLESS_NAME.test(text)))
    if (judged.size > MAX_JUDGED) judged.delete(judged.keys().next().value ?? '')
  }
  return isSecret
}

function maskText(text: string): string {
  return text
    .replace(SECRET_SHAPE, MASKED)
    .replace(BASIC, (whole, credentials: string) => (isBasicCredentials(credentials) ? MASKED : whole))
    .replace(SECRET_PARAMETER, (whole, name: string) =>
      name.toLowerCase() === 'key' || isSecretName(name) ? `${name}=${MASKED}` : whole,
    )
}

/** Whether a text is the Base64 of `user:password` (RFC 7617), and not just the word behind "Basic". */
function isBasicCredentials(text: string): boolean {
  try {
    return /^[ -~\u0080-\u00ff]*:[ -~\u0080-\u00ff]*$/.test(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return false
  }
}

/** An error as log fields: its message and stack, and those of its causes. */
export function errorFields(error: unknown): LogFields {
  return fieldsOf(error, MAX_CAUSES)
}

function fieldsOf(error: unknown, causes: number): LogFields {
  if (!(error instanceof Error)) return { error: String(error) }
  const { message, stack, cause } = error
  return {
    error: withoutValues(message),
    ...(stack ? { stack: withoutValues(stack) } : {}),
    ...(cause && causes > 0 ? { cause: fieldsOf(cause, causes - 1) } : {}),
  }
}

/** A failed query tells its parameters, which may be anything that was to be stored. */
function withoutValues(text: string): string {
  return text.replaceAll(/^params: .*$/gm, 'params: •••')
}

/** A log at the configured level, one JSON object a line. */
export function createLog(level: Config['logLevel'], fields: LogFields = {}): Log {
  return new JsonLog(level, fields)
}

// A class, for every request has a log and most write nothing: its methods are made once.
class JsonLog implements Log {
  readonly #level: Config['logLevel']
  readonly #fields: LogFields

  constructor(level: Config['logLevel'], fields: LogFields) {
    this.#level = level
    this.#fields = fields
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields)
  }

  child(fields: LogFields): Log {
    return new JsonLog(this.#level, { ...this.#fields, ...fields })
  }

  writes(level: Level): boolean {
    return !(LEVELS[level] < LEVELS[this.#level])
  }

  #write(level: Level, message: string, fields?: LogFields): void {
    if (!this.writes(level)) return
    const shown = mask({ ...this.#fields, ...fields }) as object
    console[level](JSON.stringify({ level, time: new Date().toISOString(), message, ...shown }))
  }
}
