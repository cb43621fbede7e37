import type { Ctx } from '../../context.ts'
import type { OpenedSpec, SpecSource } from '../../specs/load.ts'
import { nameConnection } from '../naming.ts'
import type { ConnectionInput } from '../schema.ts'
import { sealAuth } from '../credentials/seal-auth.ts'

/** The columns of a connection that its document and its caller decide together. */
export async function describeConnection(
  ctx: Ctx,
  id: string,
  input: ConnectionInput,
  spec: OpenedSpec,
  servers: Iterable<string | null>,
) {
  const naming = await nameConnection(ctx, input, spec, id)
  return {
    ...naming,
    ...(await sealAuth(ctx, id, input.auth ?? spec.importedAuth ?? { type: 'none' }, spec.securitySchemes)),
    description: spec.description.slice(0, 1000),
    origins: otherOrigins(servers, naming.baseUrl),
    specHash: spec.hash,
  }
}

/** Where a connection's document is from, as its row says. */
export function sourceKind(source: SpecSource): 'url' | 'document' {
  return 'specUrl' in source ? 'url' : 'document'
}

function otherOrigins(servers: Iterable<string | null>, baseUrl: string): string[] {
  const origins = new Set<string>()
  for (const server of servers) if (server) origins.add(new URL(server).origin)
  origins.delete(new URL(baseUrl).origin)
  return [...origins]
}
