import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Reason } from './outputs.ts'

/** Whether the graph of a connected API is there. */
export const linkGraphs = sqliteTable(
  'link_graphs',
  {
    workspaceId: text().notNull(),
    connectionId: text().notNull(),
    /** Raised by every change to the operations: a graph that was made of earlier ones is not stored. */
    revision: integer().notNull(),
    /** The rules that it was made by (`RULES` of graph.ts); 0 while there is none. */
    rules: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.connectionId] }),
    index('link_graphs_rules').on(table.rules),
  ],
)

/** Fields of answers that fill a need, of each need the cheapest. */
export const linkProducers = sqliteTable(
  'link_producers',
  {
    workspaceId: text().notNull(),
    /** What is needed: the thing, and the word for the field that tells which. */
    noun: text().notNull(),
    key: text().notNull(),
    connectionId: text().notNull(),
    endpointId: text().notNull(),
    /** Of the field, under the result of a call. */
    path: text().notNull(),
    types: text({ mode: 'json' }).$type<string[]>().notNull(),
    format: text(),
    reason: text().$type<Reason>().notNull(),
    cost: real().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.noun, table.key, table.connectionId, table.endpointId] }),
    index('link_producers_endpoint').on(table.workspaceId, table.connectionId, table.endpointId),
  ],
)

/** Parameters and fields of bodies that take what fills a need. */
export const linkConsumers = sqliteTable(
  'link_consumers',
  {
    workspaceId: text().notNull(),
    noun: text().notNull(),
    key: text().notNull(),
    connectionId: text().notNull(),
    endpointId: text().notNull(),
    /** As `slotKey` writes it. */
    slot: text().notNull(),
    types: text({ mode: 'json' }).$type<string[]>().notNull(),
    format: text(),
    required: integer({ mode: 'boolean' }).notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.workspaceId, table.noun, table.key, table.connectionId, table.endpointId, table.slot],
    }),
    index('link_consumers_connection').on(table.workspaceId, table.connectionId),
  ],
)
