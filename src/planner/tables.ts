import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Plan } from './schema.ts'

/** Plans that were shown, until confirmed or forgotten. A plan is confirmed once: then it names its run. */
export const plans = sqliteTable(
  'plans',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    createdBy: text().notNull(),
    plan: text({ mode: 'json' }).$type<Omit<Plan, 'executionId'>>().notNull(),
    runId: text(),
    createdAt: text().notNull(),
  },
  (table) => [index('plans_workspace').on(table.workspaceId, table.id), index('plans_created').on(table.createdAt)],
)
