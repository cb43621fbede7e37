import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import type { Operation } from '../specs/operation.ts'
import { endpoints } from './tables.ts'

/** An operation in the catalogue, with the connection it belongs to. */
export type Endpoint = Operation & {
  id: string
  connectionId: string
  /** Written by hand. */
  manual: boolean
}

/** The columns that make an `Endpoint`, for selects that join others. */
export const endpointColumns = {
  id: endpoints.id,
  connectionId: endpoints.connectionId,
  method: endpoints.method,
  path: endpoints.path,
  operationId: endpoints.operationId,
  summary: endpoints.summary,
  description: endpoints.description,
  tags: endpoints.tags,
  deprecated: endpoints.deprecated,
  effect: endpoints.effect,
  parameters: endpoints.parameters,
  requestBody: endpoints.requestBody,
  response: endpoints.response,
  security: endpoints.security,
  server: endpoints.server,
  pagination: endpoints.pagination,
  manual: endpoints.manual,
}

/** Limits a query to the operations of one connection of the workspace. */
export function ofConnection(ctx: Ctx, connectionId: string) {
  return and(eq(endpoints.workspaceId, ctx.actor.workspaceId), eq(endpoints.connectionId, connectionId))
}

/** Ids as index terms: the tokenizer splits at the underscore, so it goes. */
export function scopeTerms(workspaceId: string, connectionId?: string): string {
  return [workspaceId, connectionId].flatMap((id) => id?.replace('_', '') ?? []).join(' ')
}
