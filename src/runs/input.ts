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

type InputCheck = (input: Record<string, unknown>) => CheckedInput

const made = new WeakMap<InputSchema, InputCheck>()

/** The input schema made ready once, to hold many inputs against it. @throws AppError INVALID_WORKFLOW */
export function inputCheck(schema: InputSchema | undefined): InputCheck {
  if (!schema) return (input) => ({ input })
  let check = made.get(schema)
  if (!check) made.set(schema, (check = makeCheck(schema)))
  return check
}

function makeCheck(schema: InputSchema): InputCheck {
  const type = toZod(schema)
  return (input) => {
    const result = type.safeParse(input)
    if (result.success) return { input: result.data as Record<string, unknown> }
    return { errors: fieldErrors(result.error) }
  }
}

function toZod(schema: InputSchema): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch (error) {
    throw new AppError('INVALID_WORKFLOW', '/inputs: the input schema cannot be used.', { cause: error })
  }
}
