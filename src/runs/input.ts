import { z } from 'zod'
import { AppError } from '../errors.ts'
import { fieldErrors } from '../http/problem.ts'
import type { InputSchema } from '../steps/schema.ts'

/**
 * The inputs of a run held against the workflow's input schema, defaults filled in.
 * @throws AppError MISSING_INPUT naming each input that is missing or does not fit.
 */
export function parseInput(schema: InputSchema | undefined, input: Record<string, unknown>): Record<string, unknown> {
  if (!schema) return input
  const result = toZod(schema).safeParse(input)
  if (result.success) return result.data as Record<string, unknown>
  const errors = fieldErrors(result.error).map((error) => ({ ...error, path: `/input${error.path}` }))
  const names = errors.map((error) => error.path.slice('/input/'.length)).join(', ')
  throw new AppError('MISSING_INPUT', `The workflow needs: ${names}.`, { errors })
}

function toZod(schema: InputSchema): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch (error) {
    throw new AppError('INVALID_WORKFLOW', '/inputs: the input schema cannot be used.', { cause: error })
  }
}
