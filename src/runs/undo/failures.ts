import { z } from '@hono/zod-openapi'
import type { Ctx } from '../../context.ts'
import { readRun } from '../read-run.ts'
import { findRun } from '../service.ts'
import type { FoundUndo } from './find-undo.ts'
import type { Undo } from './schema.ts'

const FAILED_CALL = /^undo\[(\d+)\]\.\w+$/
const MadeFor = z.object({ calls: z.array(z.looseObject({ step: z.string() })) })

/** The calls that an undo has made in vain, as it stands, in the order in which they were made. */
export async function findFailures(ctx: Ctx, undo: FoundUndo | null): Promise<Undo['failures']> {
  if (!undo || undo.status === 'succeeded') return []
  const row = await findRun(ctx, undo.id)
  const [view, input] = [await readRun(ctx, row).view(), MadeFor.safeParse(row.input)]
  if (!view || !input.success) return []
  return view.steps.flatMap(({ id, type, operation, error }) => {
    const call = input.data.calls[Number(FAILED_CALL.exec(id)?.[1])]
    if (type !== 'api_call' || !call || !error || operation === null) return []
    return [{ step: call.step, operation, status: error.status ?? null, code: error.code, reason: error.message }]
  })
}
