import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_readConfig as readConfig } from 'wrangler'
import { describe, expect, it } from 'vitest'
import { freshVars, parseVars } from '../src/cli/dev-vars.ts'
import { loadConfig } from '../src/config.ts'

const config = join(import.meta.dirname, '../wrangler.toml')

type Wrangler = {
  main?: string
  vars: Record<string, unknown>
  d1_databases: { binding: string; migrations_dir?: string }[]
  kv_namespaces: { binding: string }[]
  durable_objects: { bindings: { name: string; class_name: string }[] }
  queues: {
    producers?: { binding: string; queue: string }[]
    consumers?: { queue: string; dead_letter_queue?: string; max_retries?: number; max_batch_timeout?: number }[]
  }
  assets?: { binding?: string; run_worker_first?: string[] }
  triggers: { crons?: string[] }
  observability?: { enabled?: boolean }
}

/** What an environment binds, by kind and name, without the ids that differ. */
function bindingsOf(env?: string) {
  const { d1_databases, kv_namespaces, durable_objects, queues, assets, triggers, vars, main, observability } =
    readConfig({
      config,
      ...(env ? { env } : {}),
    }) as Wrangler
  const anonymous = (name: string) => name.replace(/^apiq(-staging|-production)?/, 'apiq')
  return {
    main,
    vars: Object.keys(vars).toSorted(),
    d1: d1_databases.map(({ binding, migrations_dir }) => [binding, migrations_dir]),
    kv: kv_namespaces.map(({ binding }) => binding),
    objects: durable_objects.bindings.map(({ name, class_name }) => [name, class_name]),
    producers: queues.producers?.map(({ binding, queue }) => [binding, anonymous(queue)]),
    consumers: queues.consumers?.map(({ queue, dead_letter_queue, max_retries, max_batch_timeout }) => [
      anonymous(queue),
      anonymous(dead_letter_queue ?? ''),
      max_retries,
      max_batch_timeout,
    ]),
    assets: assets?.binding,
    workerFirst: assets?.run_worker_first,
    crons: triggers.crons,
    observability: observability?.enabled,
  }
}

describe('wrangler.toml', () => {
  it.each(['staging', 'production'])('binds in %s what it binds in development', (env) => {
    expect(bindingsOf(env)).toEqual(bindingsOf())
  })

  it.each(['/api', '/hooks', '/openapi.json'])(
    'leaves %s to the Worker, so that no program is shown the dashboard',
    (path) => {
      expect(bindingsOf().workerFirst).toContain(path)
    },
  )

  it.each(['/api', '/hooks'])('leaves all that is below %s to the Worker', (path) => {
    expect(bindingsOf().workerFirst).toContain(`${path}/*`)
  })

  it('sends what a queue cannot deliver to a queue that is consumed too', () => {
    const { consumers = [] } = bindingsOf()
    const consumed = consumers.map(([queue]) => queue)
    const dead = consumers.flatMap(([queue, letters]) => (String(queue).endsWith('-dead') ? [] : [letters]))
    expect(consumed).toEqual(expect.arrayContaining(dead))
  })

  it('names in .dev.vars.example no setting that production refuses to be without', () => {
    const example = readFileSync(join(import.meta.dirname, '../.dev.vars.example'), 'utf8')
    for (const name of ['AUTH_SECRET', 'ENCRYPTION_KEY', 'DEV_API_KEY'])
      expect(example).toMatch(new RegExp(`^${name}=generate$`, 'm'))
  })
})

describe('secrets that `npm start` makes', () => {
  it('are good for development and refused in production, which is told which they are', async () => {
    const vars = parseVars(await freshVars())
    expect(loadConfig({ ...vars, ENVIRONMENT: 'dev' }).development).not.toBeNull()
    const { AUTH_SECRET, ENCRYPTION_KEY } = vars
    const taken = () => loadConfig({ ENVIRONMENT: 'production', AUTH_SECRET, ENCRYPTION_KEY })
    expect(taken).toThrow(/AUTH_SECRET was made for development.*ENCRYPTION_KEY was made for development/)
  })
})
