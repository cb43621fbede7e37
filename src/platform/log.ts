import type { Config } from '../config.ts'

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const

/** What a log line carries besides its message: flat, JSON-safe, never a secret. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes JSON lines; `child` adds fields to every line that follows. */
export type Log = {
  [Level in 'debug' | 'info' | 'warn' | 'error']: (message: string, fields?: LogFields) => void
} & { child(fields: LogFields): Log }

const SECRET_NAME = /authorization|cookie|password|secret|token|api[-_]?key|credential/i
const SECRET_SHAPE = /apiq_[a-z]+_[0-9A-Za-z]+|\bBearer\s+\S+/g

/** Replaces values that are secret by their name or by their shape, at any depth. */
export function mask(value: unknown, name = ''): unknown {
  if (SECRET_NAME.test(name) && (typeof value === 'string' || typeof value === 'number')) return '•••'
  if (typeof value === 'string') return value.replace(SECRET_SHAPE, '•••')
  if (Array.isArray(value)) return value.map((item) => mask(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, key)]))
}

/** An error as log fields: its message and stack, and those of its cause. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) }
  const { message, stack, cause } = error
  return {
    error: withoutValues(message),
    ...(stack ? { stack: withoutValues(stack) } : {}),
    ...(cause ? { cause: errorFields(cause) } : {}),
  }
}

/** A failed query tells its parameters, which may be anything that was to be stored. */
function withoutValues(text: string): string {
  return text.replaceAll(/^params: .*$/gm, 'params: •••')
}

/** A log at the configured level, one JSON object a line. */
export function createLog(level: Config['logLevel'], fields: LogFields = {}): Log {
  const write = (at: 'debug' | 'info' | 'warn' | 'error') => (message: string, more?: LogFields) => {
    if (LEVELS[at] < LEVELS[level]) return
    console[at](
      JSON.stringify({
        level: at,
        time: new Date().toISOString(),
        message,
        ...(mask({ ...fields, ...more }) as object),
      }),
    )
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => createLog(level, { ...fields, ...more }),
  }
}
