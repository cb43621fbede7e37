import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { AppError, type FieldError, problems } from '../errors.ts'
import { createLog, errorFields } from '../platform/log.ts'
import { makeAnswer } from './answer.ts'
import type { AppEnv } from './env.ts'

/** One place in the input that is wrong, as it goes over the wire. */
export const WrongPlace = z
  .object({
    path: z.string().openapi({ description: 'JSON pointer or parameter name' }),
    code: z.string(),
    message: z.string(),
    line: z.int().optional().openapi({ description: 'Of the source of the document, counted from 1' }),
    fix: z.string().optional(),
  })
  .openapi('WrongPlace')

/** A problem as it goes over the wire (RFC 9457), with APIQ's additions. */
export const Problem = z
  .object({
    success: z.literal(false),
    type: z.string().openapi({ example: '/api/errors/NOT_FOUND' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().openapi({ description: 'Stable code of the problem', example: 'NOT_FOUND' }),
    requestId: z.string(),
    errors: z.array(WrongPlace).optional(),
  })
  .openapi('Problem')
export type Problem = z.infer<typeof Problem>

const PROBLEM_TYPE = 'application/problem+json'

/** The answer to a request for anything thrown; what is our fault is written to the log. */
export function answerProblem(c: Context<AppEnv>, error: unknown): Response {
  const known =
    error instanceof HTTPException ? new AppError('MALFORMED_REQUEST', error.message, { cause: error }) : error
  if (!(known instanceof AppError) || known.status >= 500)
    createLog(c.env.LOG_LEVEL as 'info', { requestId: c.get('requestId') }).error('request failed', errorFields(known))
  const { status, body, headers } = describeProblem(known, c.get('requestId'), c.req.path)
  return makeAnswer(c, body, status, { ...headers, 'content-type': PROBLEM_TYPE })
}

/** The response for anything thrown; what is not an AppError becomes INTERNAL and says nothing of its inside. */
export function problemResponse(error: unknown, requestId: string, instance: string): Response {
  const { status, body, headers } = describeProblem(error, requestId, instance)
  return Response.json(body, { status, headers: { ...headers, 'content-type': PROBLEM_TYPE } })
}

function describeProblem(error: unknown, requestId: string, instance: string) {
  const known = error instanceof AppError ? error : new AppError('INTERNAL', 'Something went wrong on our side.')
  const [status, title] = problems[known.code]
  const body: Problem & Record<string, unknown> = {
    success: false,
    type: `/api/errors/${known.code}`,
    title,
    status,
    detail: known.message,
    instance,
    code: known.code,
    requestId,
    ...(known.errors ? { errors: [...known.errors] } : {}),
    ...known.extra,
  }
  return { status, body, headers: known.headers }
}

/** A zod error as field errors, each path a JSON pointer. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.map((token) => `/${String(token)}`).join(''),
    code: issue.code,
    message: issue.message,
  }))
}
