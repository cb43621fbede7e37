import type { IncomingMessage, ServerResponse } from 'node:http'

type Told = { answers: Record<string, unknown>; changes: string[] }

type ToldChange = { status: number; headers?: Record<string, string>; body?: unknown }

const all = new Map<string, Told>()

/**
 * An API whose `GET`s answer what it was told: `PUT /told/<id>` gives it values by path (`{"/invoices": [ … ]}`). Whatever
 * else is sent is taken with 200 and an id, or with status, headers and body where it was told these by method and path
 * (`{"PUT /stars/1": {"status": 201}}`); `GET /told/<id>/__changes` lists it as `<method> <path and query> <body>`.
 */
export async function answerAsTold(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, id = '', path = '/', query = ''] = /^\/told\/([^/?]+)([^?]*)(.*)/.exec(request.url ?? '') ?? []
  const told = all.get(id) ?? { answers: {}, changes: [] }
  all.set(id, told)
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const json = (status: number, value: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (request.method === 'PUT' && path === '') {
    told.answers = JSON.parse(body) as Told['answers']
    return json(200, {})
  }
  if (path === '/__changes') return json(200, told.changes)
  if (request.method === 'GET') return path in told.answers ? json(200, told.answers[path]) : json(404, {})
  told.changes.push(`${request.method} ${path}${query} ${body}`.trim())
  const answer = told.answers[`${request.method} ${path}`] as ToldChange | undefined
  if (!answer) return json(200, { id: `new_${told.changes.length}` })
  const { status, headers, body: answered } = answer
  const type = { 'content-type': 'application/json' }
  void response.writeHead(status, { ...type, ...headers }).end(answered === undefined ? '' : JSON.stringify(answered))
}
