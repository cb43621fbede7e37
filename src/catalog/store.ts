import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import type { Operation } from '../specs/operation.ts'
import { endpointsFts } from './fts.ts'
import { indexWords } from './index-words.ts'
import { endpointColumns, ofConnection, scopeTerms, type Endpoint } from './queries.ts'
import { endpoints } from './tables.ts'

// D1 takes values of at most 2 MB; a chunk stays well under it.
const CHUNK_CHARS = 800_000

/** An operation to be stored, with the hash that tells whether it has changed (see `operationHash`). */
export type NewEndpoint = {
  operation: Operation
  hash: string
  /** That of the endpoint it takes the place of, or a new one. */
  id: string
  /** Written by hand. */
  manual?: boolean
  effectEdited?: boolean
}

/**
 * The statements that add operations of a connection and their index entries, for the caller's batch. Searches find
 * them only while they are active.
 */
export function insertEndpoints(ctx: Ctx, connectionId: string, added: readonly NewEndpoint[], active: boolean) {
  const { workspaceId } = ctx.actor
  const scope = scopeTerms(workspaceId, connectionId)
  const rows = added.map(({ operation, hash, id, manual = false, effectEdited = false }) => ({
    endpoint: JSON.stringify({
      ...operation,
      ...jsonColumns(operation),
      exampleTexts: undefined,
      id,
      hash,
      manual,
      effectEdited,
    }),
    entry: JSON.stringify({ ...indexWords(operation), id }),
  }))
  return chunk(rows).flatMap((rowsOfChunk) => [
    ctx.db.insert(endpoints).select(
      sql`select null, value ->> 'id', ${workspaceId}, ${connectionId}, value ->> 'method', value ->> 'path',
        value ->> 'operationId', value ->> 'summary', value ->> 'description', value ->> 'tags', value ->> 'deprecated',
        value ->> 'effect', value ->> 'parameters', value ->> 'requestBody', value ->> 'response', value ->> 'security',
        value ->> 'server', value ->> 'pagination', value ->> 'hash', ${active ? 1 : 0}, value ->> 'manual',
        value ->> 'effectEdited'
        from json_each(${arrayOf(rowsOfChunk.map(({ endpoint }) => endpoint))})`,
    ),
    ctx.db.insert(endpointsFts).select(
      sql`select e.rowid, ${scope}, value ->> 'path', value ->> 'name', value ->> 'summary', value ->> 'description',
        value ->> 'parameters', value ->> 'response', value ->> 'tags'
        from json_each(${arrayOf(rowsOfChunk.map(({ entry }) => entry))}) join ${endpoints} e on e.id = value ->> 'id'`,
    ),
  ])
}

/** The statement that removes a connection's operations; their index entries go with them. */
export function deleteEndpoints(ctx: Ctx, connectionId: string, ids?: readonly string[]) {
  return ctx.db.delete(endpoints).where(and(ofConnection(ctx, connectionId), ids && among(ids)))
}

/** The statement that removes what an interrupted ingestion left. */
export function deleteInactiveEndpoints(ctx: Ctx, connectionId: string) {
  return ctx.db.delete(endpoints).where(and(ofConnection(ctx, connectionId), eq(endpoints.active, false)))
}

/** The statement that lets searches find a connection's operations, or no longer. */
export function activateEndpoints(ctx: Ctx, connectionId: string, active: boolean) {
  return ctx.db.update(endpoints).set({ active }).where(ofConnection(ctx, connectionId))
}

/** What there is of a connection, in short: enough to tell what a new version of its document changes. */
export async function indexEndpoints(ctx: Ctx, connectionId: string) {
  const { id, method, path, hash, manual, effect, effectEdited } = endpoints
  return ctx.db
    .select({ id, method, path, hash, manual, effect, effectEdited })
    .from(endpoints)
    .where(ofConnection(ctx, connectionId))
}

/** The operations with these ids, whole. */
export async function loadEndpoints(ctx: Ctx, connectionId: string, ids: readonly string[]): Promise<Endpoint[]> {
  return ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(ofConnection(ctx, connectionId), among(ids)))
}

function among(ids: readonly string[]): SQL {
  return sql`${endpoints.id} in (select value from json_each(${JSON.stringify(ids)}))`
}

/** The columns that hold JSON, as their text: SQLite need not take them apart and write them again. */
function jsonColumns({ tags, parameters, requestBody, response, security, pagination }: Operation) {
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value))
  return {
    tags: text(tags),
    parameters: text(parameters),
    requestBody: text(requestBody),
    response: text(response),
    security: text(security),
    pagination: text(pagination),
  }
}

type Row = { endpoint: string; entry: string }

function chunk(rows: readonly Row[]): Row[][] {
  const chunks: Row[][] = []
  let size = Infinity
  for (const row of rows) {
    size += row.endpoint.length
    if (size > CHUNK_CHARS) {
      chunks.push([])
      size = row.endpoint.length
    }
    chunks.at(-1)?.push(row)
  }
  return chunks
}

const arrayOf = (items: readonly string[]) => `[${items.join(',')}]`
