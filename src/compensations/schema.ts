import { z } from '@hono/zod-openapi'
import { operationName } from '../specs/operation.ts'
import type { Compensation } from './compensation.ts'
import type { Irreversible } from './created-id.ts'

/** What would take a step back, before it is made. */
export const StepUndo = z
  .object({
    operation: z.string().nullable().openapi({
      description: 'The operation that takes it back; null where none does',
      example: 'DELETE /orders/{id}',
    }),
    note: z.string().nullable().openapi({
      description: 'On which condition it does, or why nothing does',
      example: 'What was sent cannot be called back.',
    }),
  })
  .openapi('StepUndo')
export type StepUndo = z.infer<typeof StepUndo>

/** What is said of a call before it is made; null of one that only reads. */
export function toStepUndo(found: Compensation | Irreversible | null): StepUndo | null {
  if (!found) return null
  if ('reason' in found) return { operation: null, note: found.reason }
  return { operation: operationName(found.operation), note: conditionOf(found) }
}

function conditionOf({ id, onlyCreated }: Compensation): string | null {
  if (onlyCreated) return 'Only if it is answered with 201, which says that it was not there before.'
  return id?.field === null ? 'Only if a Location header of the answer says where the new one is.' : null
}
