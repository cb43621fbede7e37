import { join, resolve } from 'node:path'

/** The folder of the project. */
export const ROOT = resolve(import.meta.dirname, '../..')

/** The scripts of the tools that are started from here, for the Node that runs this. */
export const tools = {
  wrangler: join(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
  vite: join(ROOT, 'node_modules/vite/bin/vite.js'),
  vitest: join(ROOT, 'node_modules/vitest/vitest.mjs'),
  tsc: join(ROOT, 'node_modules/typescript/bin/tsc'),
  oxfmt: join(ROOT, 'node_modules/oxfmt/bin/oxfmt'),
  oxlint: join(ROOT, 'node_modules/oxlint/bin/oxlint'),
  drizzleKit: join(ROOT, 'node_modules/drizzle-kit/bin.cjs'),
} as const
