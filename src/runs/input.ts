import { z } from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { fieldErrors } from '../http/problem.ts'
import type { InputSchema } from '../steps/schema.ts'

/**
 * The inputs of a run held against the workflow's input schema, defaults filled in.
 * @throws AppError MISSING_INPUT naming each input that is missing or does not fit.
 */
export function parseInput(schema: InputSchema | undefined, input: Record<string, unknown>): Record<string, unknown> {
  const checked = inputCheck(schema)(input)
  if ('input' in checked) return checked.input
  const errors = checked.errors.map((error) => ({ ...error, path: `/input${error.path}` }))
  const names = errors.map((error) => error.path.slice('/input/'.length)).join(', ')
  throw new AppError('MISSING_INPUT', `The workflow needs: ${names}.`, { errors })
}

/** An input with defaults filled in, or what is wrong with it. */
export type CheckedInput = { input: Record<string, unknown> } | { errors: FieldError[] }

/** The input schema made ready once, to hold many inputs against it. @throws AppError INVALID_WORKFLOW */
export function inputCheck(schema: InputSchema | undefined): (input: Record<string, unknown>) => CheckedInput {
  if (!schema) return (input) => ({ input })
  let type = types.get(schema)
  if (!type) types.set(schema, (type = toZod(schema)))
  return (input) => {
    const result = type.safeParse(input)
    if (result.success) return { input: result.data as Record<string, unknown> }
    return { errors: fieldErrors(result.error) }
  }
}

// A workflow that runs again and again keeps its schema.
const types = new WeakMap<InputSchema, z.ZodType>()

function toZod(schema: InputSchema): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch (error) {
    throw new AppError('INVALID_WORKFLOW', '/inputs: the input schema cannot be used.', { cause: error })
  }
}
