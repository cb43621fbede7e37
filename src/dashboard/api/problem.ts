import type { Problem } from '../../http/problem.ts'

/** What went wrong, as the Worker says it (RFC 9457), or made up here where no answer came. */
export type Trouble = Pick<Problem, 'status' | 'code' | 'title' | 'detail'> & {
  requestId?: string | undefined
  errors?: Problem['errors']
  /** Of PLAN_ALREADY_EXECUTED. */
  executionId?: string | undefined
  /** Of PLAN_ALREADY_SCHEDULED. */
  workflowId?: string | undefined
}

/** A request that did not succeed. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Trouble

  constructor(problem: Trouble, cause?: unknown) {
    super(problem.detail, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

/** Whether a body is a problem document. */
export function isProblem(body: unknown): body is Trouble {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    'detail' in body &&
    'title' in body &&
    'status' in body
  )
}

/** Anything thrown, as a problem to show. */
export function toTrouble(error: unknown): Trouble {
  if (error instanceof ProblemError) return error.problem
  const detail = error instanceof Error ? error.message : String(error)
  return { status: 0, code: 'UNEXPECTED', title: 'Something went wrong', detail }
}

/** What is wrong with the input at one of the paths (JSON pointers), if anything. */
export function fieldError(error: unknown, ...paths: string[]): string | undefined {
  if (!(error instanceof ProblemError)) return undefined
  return error.problem.errors?.find(({ path }) => paths.includes(path))?.message
}
