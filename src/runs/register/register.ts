import type { Ctx, World } from '../../context.ts'

/** The register of a workspace's runs. */
export function registerOf({ env }: World, workspaceId: string): ReturnType<Env['RUN_REGISTER']['get']> {
  return env.RUN_REGISTER.get(env.RUN_REGISTER.idFromName(workspaceId))
}

/** Returns when D1 has what was told of the workspace's runs, theirs of the audit log too: before either is read there. */
export async function writtenRuns(ctx: Ctx): Promise<void> {
  await registerOf(ctx, ctx.actor.workspaceId).written()
}
