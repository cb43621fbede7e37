import { z } from '@hono/zod-openapi'
import { EndpointView } from '../../catalog/schema.ts'
import { Execution } from '../schema.ts'

const step = {
  step: z.string().openapi({ description: 'Path of the step in the execution', example: 'each[3].customer' }),
  name: z.string().nullable(),
  api: z.string(),
}

const UndoCall = z
  .object({
    ...step,
    undoes: z.string().openapi({ example: 'POST /customers' }),
    operation: z.string().openapi({ example: 'DELETE /customers/{customerId}' }),
    parameters: z.record(z.string(), z.unknown()),
    request: z.object({ method: z.string(), url: z.string() }),
    covers: z.array(z.string()).openapi({
      description: 'Paths of steps that changed or deleted the same thing, of which nothing stays either',
    }),
  })
  .openapi('UndoCall')

const Remaining = z
  .object({
    ...step,
    operation: z.string(),
    effect: EndpointView.shape.effect
      .nullable()
      .openapi({ description: 'null where the operation is not there any more' }),
    reason: z.string().openapi({ example: 'What was sent cannot be called back.' }),
  })
  .openapi('UndoRemaining')

const Failure = z
  .object({
    step: step.step,
    operation: z.string().openapi({ example: 'DELETE /customers/{customerId}' }),
    status: z.int().nullable().openapi({ description: 'What the API answered; null where it did not', example: 409 }),
    code: z.string().openapi({ example: 'UPSTREAM_STATUS' }),
    reason: z.string().openapi({ example: 'the API answered 409: it has open orders' }),
  })
  .openapi('UndoFailure')

export const Undo = z
  .object({
    executionId: z.string(),
    undoneBy: Execution.shape.undoneBy,
    calls: z.array(UndoCall).openapi({ description: 'What is called, in this order: the last effect goes first' }),
    remaining: z.array(Remaining).openapi({ description: 'What cannot be taken back, the last first, and why' }),
    failures: z.array(Failure).openapi({
      description:
        'Calls of undoneBy that failed, each by the step that it was to take back; resuming that execution makes these again',
    }),
  })
  .openapi('Undo')
export type Undo = z.infer<typeof Undo>
