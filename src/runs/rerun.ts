import { type Ctx, requireScope } from '../context.ts'
import { AppError } from '../errors.ts'
import { loadExactAllowance, requireRoom } from './allowance.ts'
import { loadRunnable } from './runnable.ts'
import type { Execution, RerunRequest } from './schema.ts'
import { findRun, getExecution } from './service.ts'
import { prepareRun } from './start.ts'

/**
 * Runs the same version of the same workflow once more, with the same input or another, and waits for its end so long.
 * @throws AppError NOT_FOUND, CONFLICT for an undo, INVALID_WORKFLOW when what it calls is no longer there, TOO_MANY_EXECUTIONS, MISSING_INPUT.
 */
export async function rerunExecution(
  ctx: Ctx,
  id: string,
  request: RerunRequest,
  waitSeconds: number,
): Promise<Execution> {
  requireScope(ctx, 'execute')
  const { workflowId, workflowVersion, input, undoes } = await findRun(ctx, id)
  if (undoes)
    throw new AppError(
      'CONFLICT',
      `The execution ${id} undoes ${undoes}, which is done once: what is there by now under the same ids may be something else.`,
    )
  const workflow = await loadRunnable(ctx, workflowId, workflowVersion)
  requireRoom(await loadExactAllowance(ctx))
  const run = prepareRun(ctx, workflow, { input: request.input ?? input, trigger: 'api', source: id })
  await ctx.db.batch(run.insert)
  await run.start(waitSeconds * 1000)
  return getExecution(ctx, run.runId)
}
