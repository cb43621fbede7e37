import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

/** One answer of a scripted upstream; `reset` breaks the connection instead. */
export type ScriptedAnswer = { status?: number; headers?: Record<string, string>; body?: string; reset?: boolean }

type Script = { answers: ScriptedAnswer[]; asked: IncomingHttpHeaders[] }

const scripts = new Map<string, Script>()

/**
 * An upstream that answers as it was told: `PUT /broken/scripted/<id>` gives it a list of answers, `GET` there takes
 * the next one (the last stays), and `GET /broken/scripted/<id>/asked` tells the headers of every request so far.
 */
export async function answerAsScripted(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , , id = '', detail] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const script = scripts.get(id) ?? { answers: [], asked: [] }
  scripts.set(id, script)
  if (request.method === 'PUT') {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    script.answers = JSON.parse(text) as ScriptedAnswer[]
    return void response.writeHead(204).end()
  }
  if (detail === 'asked') return void response.end(JSON.stringify(script.asked))
  script.asked.push(request.headers)
  const answer = (script.answers.length > 1 ? script.answers.shift() : script.answers[0]) ?? { status: 404 }
  if (answer.reset) return void request.socket.resetAndDestroy()
  response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
}
