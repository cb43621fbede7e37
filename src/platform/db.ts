import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1'

/** The D1 database behind drizzle; tables are named where they are used. */
export type Db = DrizzleD1Database

const opened = new WeakMap<D1Database, Db>()

/** The one drizzle instance of a D1 binding. */
export function openDb(binding: D1Database): Db {
  let db = opened.get(binding)
  if (!db) opened.set(binding, (db = drizzle(binding, { casing: 'snake_case' })))
  return db
}
