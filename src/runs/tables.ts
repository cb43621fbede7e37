import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { RunFailure } from './machine/events.ts'

/** What is known of every run without asking its object: written when it is accepted and when it ends. */
export const runs = sqliteTable(
  'runs',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflowId: text().notNull(),
    workflowVersion: integer().notNull(),
    /** A plan is confirmed once: the index refuses a second run of it. */
    planId: text().unique(),
    /** The run whose effects it takes back. */
    undoes: text(),
    name: text().notNull(),
    trigger: text({ enum: ['chat', 'api', 'schedule', 'webhook', 'batch'] }).notNull(),
    status: text({ enum: ['running', 'paused', 'needs_decision', 'succeeded', 'failed', 'cancelled'] }).notNull(),
    input: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    output: text({ mode: 'json' }).$type<unknown>(),
    error: text({ mode: 'json' }).$type<RunFailure>(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    finishedAt: text(),
    /** Of a run that never had an object: what `storeRun` wrote. */
    log: text(),
  },
  (table) => [
    index('runs_workspace').on(table.workspaceId, table.id),
    index('runs_workflow').on(table.workflowId, table.id),
    index('runs_open')
      .on(table.workspaceId)
      .where(sql`${table.status} = 'running'`),
    index('runs_undoes')
      .on(table.undoes)
      .where(sql`${table.undoes} is not null`),
    // A run is undone once; an undo that was cancelled may be begun anew.
    uniqueIndex('runs_undone_once')
      .on(table.undoes)
      .where(sql`${table.undoes} is not null and ${table.status} <> 'cancelled'`),
  ],
)

/** The limits of runs that a workspace has set; null is the default. */
export const runLimits = sqliteTable('run_limits', {
  workspaceId: text().primaryKey(),
  maxSteps: integer(),
  maxDurationMs: integer(),
  maxConcurrency: integer(),
  maxDataBytes: integer(),
})

/**
 * A number for each workspace that grows with every change to what its runs are made from: workflows, connections,
 * operations and limits. Triggers keep it, so that nobody who changes any of them can forget it; no row is 0.
 */
export const revisions = sqliteTable('revisions', {
  workspaceId: text().primaryKey(),
  revision: integer().notNull(),
})
