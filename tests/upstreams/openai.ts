import type { IncomingMessage, ServerResponse } from 'node:http'
import { listOrders, proposals } from './openai-proposals.ts'

export type ChatRequest = {
  model: string
  stream?: boolean
  temperature?: number
  messages: { role: string; content: string }[]
  tools?: { function: { name: string; strict?: boolean; parameters: object } }[]
  response_format?: { type: string; json_schema: { strict: boolean; schema: object } }
}

type Message = { content?: string; refusal?: string; call?: string }

const received = new Map<string, ChatRequest[]>()

/**
 * A server that speaks OpenAI's chat completions, streamed or whole, and behaves in the way the model's name says, up to
 * a colon; `GET /openai/requests/<name>` gives what such a model was sent. It proves that the protocol is spoken and every
 * answer is survived; it says nothing of how well a model plans.
 */
export async function answerAsOpenAi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = /^\/openai\/requests\/(.+)$/.exec(request.url ?? '')?.[1]
  if (asked !== undefined)
    return void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(received.get(decodeURIComponent(asked)) ?? []))
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const body = JSON.parse(text) as ChatRequest
  received.set(body.model, [...(received.get(body.model) ?? []), body])
  const fail = (status: number, param: string | null = null) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: 'the endpoint’s own words', type: 'invalid_request_error', param } }))
  if (request.headers.authorization !== 'Bearer model-key') return fail(401)
  const say = (message: Message, reason?: string) => reply(response, body, message, reason)
  const call = (args: unknown) => say({ call: typeof args === 'string' ? args : JSON.stringify(args) })
  const told = body.messages.some((message) => message.content.includes('does not fit'))
  const corrected = body.messages.some((message) => message.content.includes('does not hold'))
  const strict = body.tools?.[0]?.function.strict === true
  const behaviour = body.model.split(':')[0] ?? ''
  const proposal = proposals[behaviour]
  if (proposal) return call(proposal(body, corrected))
  switch (behaviour) {
    case 'invalid-json':
      return call('{"steps": [')
    case 'answers-in-words':
      return say({ content: JSON.stringify(listOrders) })
    case 'knows-no-strict':
      return strict ? fail(400, 'tools[0].function.strict') : call(listOrders)
    case 'knows-no-temperature':
      return body.temperature === undefined ? call(listOrders) : fail(400, 'temperature')
    case 'answers':
      return say({ content: '{"answer": ["o1", "o2"]}' })
    case 'answers-wrong-once':
      return say({ content: told ? '{"answer": ["o1"]}' : '{"answer": "o1"}' })
    case 'answers-wrong':
      return say({ content: '{"answer": "o1"}' })
    case 'answers-text':
      return say({ content: told ? '{"answer": ["o1"]}' : 'The order o1.' })
    case 'knows-functions-only':
      return body.response_format ? fail(400) : call({ answer: ['o1'] })
    case 'repeats':
      return say({ content: JSON.stringify({ answer: [JSON.stringify(body)] }) })
    case 'says-nothing':
      return
    case 'refuses':
      return say({ refusal: 'I will not.' })
    case 'is-filtered':
      return say({ content: '' }, 'content_filter')
    case 'runs-out-of-room':
      return say({ call: '{"steps": [{"type": "call"' }, 'length')
    case 'rate-limited':
      return fail(429)
    case 'unknown':
      return fail(404)
    case 'cut':
      return void request.socket.resetAndDestroy()
    case 'cut-midway':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.write(event(body.model, { tool_calls: [piece('{"steps"')] }), () =>
        request.socket.resetAndDestroy(),
      )
    case 'stops-midway':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.end(event(body.model, { tool_calls: [piece('{"steps"')] }))
    case 'stalls-midway':
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      return void response.write(event(body.model, { tool_calls: [piece('{"steps"')] }))
    default:
      return fail(500)
  }
}

const PIECE = 20

function reply(
  response: ServerResponse,
  { model, stream, tools }: ChatRequest,
  { content, refusal, call }: Message,
  reason = call === undefined ? 'stop' : 'tool_calls',
): void {
  const name = tools?.[0]?.function.name
  if (!stream) {
    const tool_calls =
      call === undefined ? undefined : [{ id: 'call_1', type: 'function', function: { name, arguments: call } }]
    const message = { role: 'assistant', content: content ?? null, refusal, tool_calls }
    const choices = [{ index: 0, finish_reason: reason, message }]
    return void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model, choices }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(event(model, { role: 'assistant', content: null }))
  if (call !== undefined) {
    const first = { index: 0, id: 'call_1', type: 'function', function: { name, arguments: '' } }
    response.write(event(model, { tool_calls: [first] }))
  }
  for (const part of cut(call ?? content ?? refusal ?? ''))
    response.write(
      event(
        model,
        call !== undefined
          ? { tool_calls: [piece(part)] }
          : content !== undefined
            ? { content: part }
            : { refusal: part },
      ),
    )
  response.end(`${event(model, {}, reason)}data: [DONE]\n\n`)
}

function event(model: string, delta: object, finish_reason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices })}\n\n`
}

function piece(text: string) {
  return { index: 0, function: { arguments: text } }
}

function cut(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, n) => text.slice(n * PIECE, (n + 1) * PIECE))
}
