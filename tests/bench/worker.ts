import { bundleWorker, startIsolate, type IsolateOptions } from '../../src/cli/isolate.ts'

// The floor: what two dependent calls cost when nothing stands between them and the upstream, and what it costs to
// take a document and do no more with it than parse it and write it again.
const BARE = `
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/__collect-garbage') return globalThis.gc?.(), new Response(null, { status: 204 })
    if (pathname === '/bare') return Response.json({ success: true })
    if (pathname === '/document') {
      const text = await (await fetch(searchParams.get('url'))).text()
      return new Response(String(JSON.stringify(JSON.parse(text)).length))
    }
    if (pathname === '/insert') {
      const rows = await request.text()
      const columns = ['id', 'method', 'path', 'summary', 'description', 'parameters', 'request_body', 'response']
      const create = env.DB.prepare('create table if not exists bare (rowid integer primary key, ' + columns.join(', ') + ')')
      const values = columns.map((column) => 'value -> ' + "'" + column + "'").join(', ')
      await env.DB.batch([create, env.DB.prepare('insert into bare select null, ' + values + ' from json_each(?)').bind(rows)])
      return new Response()
    }
    const headers = { 'x-store-key': searchParams.get('key') }
    const get = async (path) => (await fetch(searchParams.get('store') + path, { headers })).json()
    const found = await get('/customers?search=Ada+Lovelace')
    return Response.json(await get('/customers/' + found.items[0].id + '/orders'))
  },
}`

/** Starts the Worker as it is deployed and a bare one beside it, in one workerd; each answers on a socket of its own. */
export async function startBench(options: Partial<Omit<IsolateOptions, 'beside'>> = {}) {
  const { bundle = await bundleWorker(), ...rest } = options
  const isolate = await startIsolate({ ...rest, bundle, beside: { script: BARE } })
  return { ...isolate, bareUrl: isolate.besideUrl }
}
