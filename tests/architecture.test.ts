import { describe, expect, it } from 'vitest'

/** Lowest first: a folder may import itself and what stands before it. */
const RANKS = [
  ['lib'],
  ['errors.ts'],
  ['mail-config.ts', 'production-config.ts'],
  ['config.ts'],
  ['platform'],
  ['context.ts'],
  ['http'],
  ['audit'],
  ['limits'],
  ['keys'],
  ['auth'],
  ['access'],
  ['notices'],
  ['vault'],
  ['specs'],
  ['catalog'],
  ['embeddings'],
  ['links'],
  ['connections'],
  ['oauth'],
  ['oidc'],
  ['steps'],
  ['compensations'],
  ['explorer'],
  ['workflows'],
  ['drift'],
  ['planner'],
  ['runs'],
  ['triggers', 'batches', 'query'],
  ['people', 'logs'],
  ['workspaces'],
  ['admin'],
  ['health'],
  ['app.ts', 'queues.ts', 'schedule.ts'],
  ['worker.ts', 'worker-configuration.d.ts'],
  ['dashboard', 'cli'],
]

/** The same within the planner, by folder; what is in none comes last but for the wire shapes. */
const PLANNER = [
  'schema.ts',
  'language',
  'understand',
  'rank',
  'settle',
  'retrieve',
  'fill',
  'plan',
  'assemble',
  'answer',
  'report',
  'show',
  'model',
]

const sources = import.meta.glob<string>('../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
const files = Object.entries(sources).map(([path, text]) => ({ path: path.replace('../src/', ''), text }))

/** What a file imports, as paths under src; `types` are imports that leave no trace at run time. */
function importsOf(file: { path: string; text: string }): { target: string; typeOnly: boolean }[] {
  const folder = file.path.split('/').slice(0, -1)
  return [...file.text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'/gm)].map((match) => {
    const parts = [...folder]
    for (const part of (match[2] ?? '').split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.') parts.push(part)
    }
    return { target: parts.join('/'), typeOnly: match[1] !== undefined }
  })
}

function rankOf(path: string): number {
  const top = path.split('/')[0] ?? ''
  return RANKS.findIndex((names) => names.includes(top))
}

describe('the house', () => {
  it('has a rank for everything in src', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => rankOf(file.path) === -1).map((file) => file.path)).toEqual([])
  })

  it('imports downwards only', () => {
    const upward = files.flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => rankOf(target) > rankOf(file.path))
        .map(({ target }) => `${file.path} → ${target}`),
    )
    expect(upward).toEqual([])
  })

  it('has floors in the planner, each taking from those below it only', () => {
    const planner = files.filter(({ path }) => path.startsWith('planner/'))
    const floorOf = (path: string) => {
      const at = PLANNER.indexOf(path.split('/')[1] ?? '')
      return at === -1 ? PLANNER.length : at
    }
    const taken = planner.flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => target.startsWith('planner/'))
        .map(({ target }) => ({ from: file.path, target })),
    )
    const upward = taken.filter(({ from, target }) => floorOf(target) > floorOf(from))
    expect(new Set(planner.map(({ path }) => floorOf(path))).size).toBe(PLANNER.length + 1)
    expect(upward).toEqual([])
  })

  it('has no circle of imports', () => {
    const taken = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]))
    // Takes away what takes from nothing that is left, until nothing goes: what stays is in a circle, or takes from one.
    for (let before = -1; before !== taken.size;) {
      before = taken.size
      for (const [path, targets] of taken) if (!targets.some((target) => taken.has(target))) taken.delete(path)
    }
    expect([...taken.keys()]).toEqual([])
  })

  it('lets the dashboard take types from the Worker and nothing else', () => {
    const taken = files
      .filter((file) => file.path.startsWith('dashboard/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target, typeOnly }) => !target.startsWith('dashboard/') && !typeOnly)
          .map(({ target }) => `${file.path} → ${target}`),
      )
    expect(taken).toEqual([])
  })

  it('keeps the database out of routes and of wire shapes', () => {
    const leaks = files.filter((file) => /(routes|schema)\.ts$/.test(file.path) && /from 'drizzle-orm/.test(file.text))
    expect(leaks.map((file) => file.path)).toEqual([])
  })

  it('lets lib and the run machine do no I/O', () => {
    const pure = files.filter(
      (file) =>
        file.path.startsWith('lib/') ||
        file.path.startsWith('runs/machine/') ||
        /^limits\/(window|ledger|purse|usage|tiers|costs)\.ts$/.test(file.path) ||
        /^connections\/(budget|quota|breaker|fair-queue|rate-headers)\.ts$/.test(file.path),
    )
    const doing = pure.filter(
      (file) =>
        /\bfetch\(|cloudflare:workers|drizzle-orm/.test(file.text) ||
        (file.path !== 'lib/ids.ts' && /Date\.now\(|Math\.random\(/.test(file.text)),
    )
    expect(doing.map((file) => file.path)).toEqual([])
  })
})
