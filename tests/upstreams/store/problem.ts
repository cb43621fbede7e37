import { STATUS_CODES } from 'node:http'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** The body of every error answer (RFC 9457). */
export const problemShape = z
  .object({
    type: z.string().openapi({ description: 'Kind of problem, as a URI reference.', example: 'about:blank' }),
    title: z.string().openapi({ description: 'The name of the HTTP status.', example: 'Not Found' }),
    status: z.int().openapi({ description: 'The HTTP status again.', example: 404 }),
    detail: z.string().openapi({ description: 'What went wrong this time.', example: 'order ord_9999 not found' }),
    errors: z
      .array(
        z.object({
          path: z.string().openapi({ description: 'Where the fault is.', example: 'query.limit' }),
          message: z.string().openapi({ description: 'What is wrong there.', example: 'must be at most 100' }),
        }),
      )
      .optional()
      .openapi({ description: 'Every fault found in the request, when it did not match its schema.' }),
  })
  .openapi('Problem', { description: 'An error answer in the form of RFC 9457.' })

/** One fault found in a request. */
export interface FieldError {
  path: string
  message: string
}

/** Thrown anywhere below a route to answer with a problem document. */
export class StoreError extends Error {
  readonly status: ContentfulStatusCode
  readonly errors: FieldError[] | undefined

  constructor(status: ContentfulStatusCode, detail: string, errors?: FieldError[]) {
    super(detail)
    this.status = status
    this.errors = errors
  }
}

/** The error for an id that names nothing. */
export function notFound(kind: string, id: string): StoreError {
  return new StoreError(404, `${kind} ${id} not found`)
}

/** Answers with a problem document. */
export function answerProblem(c: Context, status: ContentfulStatusCode, detail: string, errors?: FieldError[]) {
  const problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, errors }
  return c.json(problem, status, { 'content-type': 'application/problem+json' })
}

/** Turns whatever a route threw into a problem document. */
export function answerError(error: Error, c: Context) {
  if (error instanceof StoreError) return answerProblem(c, error.status, error.message, error.errors)
  if (error instanceof HTTPException) return answerProblem(c, error.status as ContentfulStatusCode, error.message)
  return answerProblem(c, 500, error.message)
}

const places: Record<string, string> = { json: 'body', param: 'path' }

/** Rejects a request that does not match its schema, listing every fault. */
export function rejectInvalid(result: { target: string; success: boolean; error?: z.ZodError }): void {
  if (result.success) return
  const place = places[result.target] ?? result.target
  const errors = (result.error?.issues ?? []).map((issue) => ({
    path: [place, ...issue.path].join('.'),
    message: issue.message,
  }))
  throw new StoreError(400, 'the request does not match its schema', errors)
}
