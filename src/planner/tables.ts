import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Plan } from './schema.ts'

/** Plans that were shown, until confirmed or forgotten. A plan is confirmed once: then it names its run; so is it scheduled. */
export const plans = sqliteTable(
  'plans',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    createdBy: text().notNull(),
    plan: text({ mode: 'json' }).$type<Omit<Plan, 'executionId' | 'workflowId'>>().notNull(),
    runId: text(),
    /** The workflow it became where it is scheduled. */
    workflowId: text(),
    /** The chat it belongs to; null for those of before there were chats, and for readings that a plan offers. */
    chatId: text(),
    turn: integer().notNull().default(1),
    /** Ids of operations that were turned down in the chat up to here. */
    without: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    createdAt: text().notNull(),
  },
  (table) => [
    index('plans_workspace').on(table.workspaceId, table.id),
    index('plans_chat').on(table.workspaceId, table.chatId, table.turn),
    index('plans_created').on(table.createdAt),
  ],
)
