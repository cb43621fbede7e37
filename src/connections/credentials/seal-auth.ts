import type { Ctx } from '../../context.ts'
import type { Sealed } from '../../platform/vault.ts'
import type { SecurityScheme } from '../../specs/operation.ts'
import { sealSecret } from '../../vault/service.ts'
import type { Auth, AuthSettings } from '../auth-schema.ts'
import { resolveAuth } from '../auth.ts'
import { writeCredential } from './credential.ts'

/** The columns of a connection that hold how it authenticates. */
export type AuthColumns = {
  auth: AuthSettings
  credential: Sealed | null
  authStatus: 'ready' | 'not_connected'
  authProblem: null
  account: null
}

/** Parts what the caller gave into settings and a secret, and seals the secret for the connection. */
export async function sealAuth(
  ctx: Ctx,
  connectionId: string,
  given: Auth,
  schemes: readonly SecurityScheme[],
): Promise<AuthColumns> {
  const { settings, credential, status } = await resolveAuth(ctx.config, given, schemes)
  const text = writeCredential(credential)
  const sealed = text === null ? null : await sealSecret(ctx, ctx.actor.workspaceId, connectionId, text)
  return { auth: settings, credential: sealed, authStatus: status, authProblem: null, account: null }
}
