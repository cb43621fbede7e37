import { and, eq, lt, ne } from 'drizzle-orm'
import type { Ctx, World } from '../context.ts'
import { RULES } from '../links/graph.ts'
import { rebuildGraph } from '../links/rebuild.ts'
import { linkGraphs } from '../links/tables.ts'
import { errorFields } from '../platform/log.ts'
import type { IngestMessage } from './documents/ingestion.ts'
import { connections } from './tables.ts'

// Up to so many operations nobody notices how long it takes.
const AT_ONCE = 300
const SENT_AT_ONCE = 50

/**
 * Makes the graph of an API anew whose operations somebody changed by hand: right away, or of a large one on the queue. Never
 * fails, for the change is stored by now; what could not be made here, the schedule makes.
 */
export async function relink(ctx: Ctx, connectionId: string, endpointCount: number): Promise<void> {
  const { workspaceId, userId } = ctx.actor
  const { requestId } = ctx
  try {
    if (endpointCount <= AT_ONCE) await rebuildGraph(ctx, connectionId)
    else
      await ctx.env.INGEST.send({ kind: 'link', workspaceId, userId, connectionId, requestId } satisfies IngestMessage)
  } catch (error) {
    ctx.log.warn('no graph until the schedule makes it', errorFields(error))
  }
}

/**
 * Has the graphs made that are not there: those of APIs connected before there were any or under other rules, and those
 * whose making was cut short. Of every workspace.
 */
export async function sendOutdatedGraphs(world: World): Promise<void> {
  const { id, workspaceId, createdBy } = connections
  const outdated = await world.db
    .select({ connectionId: id, workspaceId, userId: createdBy })
    .from(linkGraphs)
    .innerJoin(connections, and(eq(id, linkGraphs.connectionId), eq(workspaceId, linkGraphs.workspaceId)))
    .where(and(lt(linkGraphs.rules, RULES), ne(connections.status, 'DRAFT')))
    .limit(SENT_AT_ONCE)
  const { requestId } = world
  for (const row of outdated) await world.env.INGEST.send({ kind: 'link', ...row, requestId } satisfies IngestMessage)
}
