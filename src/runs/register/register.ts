import type { World } from '../../context.ts'
import type { RunRegister } from './run-register.ts'

/** The register of a workspace's runs. */
export function registerOf({ env }: World, workspaceId: string): DurableObjectStub<RunRegister> {
  return env.RUN_REGISTER.get(env.RUN_REGISTER.idFromName(workspaceId))
}
