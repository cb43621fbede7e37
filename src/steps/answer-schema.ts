import { z } from 'zod'
import type { JsonSchema } from '../specs/operation.ts'

/** Holds an answer against a schema: the answer, or what is wrong with it in words. */
export type AnswerCheck = (answer: unknown) => { answer: unknown } | { problem: string }

const MAX_PROBLEM = 2000
const made = new WeakMap<JsonSchema, AnswerCheck>()

/** A JSON Schema made ready to hold answers against it, or null where it is none that can be used. */
export function answerCheck(schema: JsonSchema): AnswerCheck | null {
  const known = made.get(schema)
  if (known) return known
  const type = toZod(schema)
  if (!type) return null
  const check: AnswerCheck = (answer) => {
    const result = type.safeParse(answer)
    return result.success ? { answer: result.data } : { problem: z.prettifyError(result.error).slice(0, MAX_PROBLEM) }
  }
  made.set(schema, check)
  return check
}

function toZod(schema: JsonSchema): z.ZodType | null {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return null
  }
}

// What OpenAI's structured outputs take when they are strict; other keywords would refuse the request.
const STRICT = new Set([
  'type',
  'description',
  'title',
  'enum',
  'const',
  'anyOf',
  'properties',
  'required',
  'additionalProperties',
  'items',
])

/** Whether a model can be held to a schema by its provider: closed objects, every property required, plain keywords. */
export function isStrict(schema: unknown): boolean {
  if (!isObject(schema) || Object.keys(schema).some((key) => !STRICT.has(key))) return false
  const { type, properties, required, additionalProperties, items, anyOf } = schema
  if (type === undefined && anyOf === undefined && !('enum' in schema) && !('const' in schema)) return false
  if (type === 'object') {
    if (additionalProperties !== false || !isObject(properties) || !Array.isArray(required)) return false
    if (Object.keys(properties).some((name) => !required.includes(name))) return false
    if (!Object.values(properties).every(isStrict)) return false
  }
  if (type === 'array' && !isStrict(items)) return false
  return anyOf === undefined || (Array.isArray(anyOf) && anyOf.every(isStrict))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
