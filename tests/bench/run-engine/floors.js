// The Worker beside APIQ in the same workerd: what the same calls cost with nothing around them, with nothing but a
// disk around them, and as a Cloudflare Workflow. Read as text by `floors.ts`.
import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from 'cloudflare:workers'

const STEPS = 10

/** One call; `task` says where to and by which method. */
async function call({ upstream, key, path = '/items', method = 'GET' }, id) {
  const headers = { 'x-bench-key': key }
  const init =
    method === 'GET'
      ? { headers }
      : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ previous: id }) }
  const response = await fetch(`${upstream}${path}/${id}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`the upstream answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** Each call with the id that the one before gave. */
async function chain(task) {
  let body = { next: task.id }
  for (let step = 0; step < STEPS; step++) body = await call(task, body.next)
  return body
}

/** `count` calls that do not need each other, `concurrency` of them at a time. */
async function spread(task) {
  let index = 0
  const work = async () => {
    while (index < task.count) await call(task, `${task.id}-${index++}`)
  }
  await Promise.all(Array.from({ length: task.concurrency }, work))
  return { done: index }
}

const compiled = new Map()

/** Each expression with its value, compiled anew or as it was compiled the first time. */
async function evaluate({ expressions, input, once }) {
  const values = []
  for (const source of expressions) {
    let expression = once ? compiled.get(source) : undefined
    if (!expression) compiled.set(source, (expression = jsonata(source)))
    values.push(await expression.evaluate({ input }))
  }
  return { values }
}

/** An object per run, or one of a few that stay. */
export class Run extends DurableObject {
  /** Exists, and nothing else. */
  touch() {
    return { done: true }
  }

  /** A row for each step; the platform holds each call back until the row before it is on the disk. */
  async chain(task) {
    const { sql } = this.ctx.storage
    sql.exec('create table if not exists log (seq integer primary key, event text not null)')
    let body = { next: task.id }
    for (let step = 0; step < STEPS; step++) {
      body = await call(task, body.next)
      sql.exec('insert into log (event) values (?)', JSON.stringify(body))
    }
    return body
  }

  /** Says what it is about to do, waits for the disk, and does it. */
  async effects(task) {
    const { sql } = this.ctx.storage
    sql.exec('create table if not exists log (seq integer primary key, event text not null)')
    let body = { next: task.id }
    for (let step = 0; step < STEPS; step++) {
      sql.exec('insert into log (event) values (?)', JSON.stringify(body))
      await this.ctx.storage.sync()
      body = await call(task, body.next)
    }
    return body
  }
}

export class Chain extends WorkflowEntrypoint {
  async run(event, step) {
    const task = event.payload
    let body = { next: task.id }
    for (let index = 0; index < STEPS; index++) body = await step.do(`call ${index}`, () => call(task, body.next))
    return body
  }
}

const subjects = {
  chain,
  expressions: evaluate,
  spread,
  one: (task) => call(task, task.id),
  empty: (_, env) => fresh(env).touch(),
  object: (task, env) => fresh(env).chain(task),
  pooled: (task, env) => env.RUNS.getByName(`host ${Math.floor(Math.random() * 16)}`).chain(task),
  effects: (task, env) => fresh(env).effects(task),
  workflow: async (task, env) => {
    const { id } = await env.CHAIN.create({ params: task })
    // Miniflare tells when the instance is there, so that nobody has to ask again and again.
    await env.CHAIN.unsafeWaitForStatus(id, 'complete')
    return { done: true }
  },
}

function fresh(env) {
  return env.RUNS.get(env.RUNS.newUniqueId())
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const name = new URL(request.url).pathname.slice(1)
    return Response.json(await subjects[name](await request.json(), this.env))
  }
}
