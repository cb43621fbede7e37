import type { IncomingMessage, ServerResponse } from 'node:http'

type ChatRequest = {
  model: string
  messages: { role: string; content: string }[]
  tools?: { function: { name: string } }[]
  response_format?: { type: string; json_schema: { strict: boolean; schema: object } }
}

/**
 * A server that speaks OpenAI's chat completions, and behaves in the way the model's name says. It proves that the
 * protocol is spoken and every answer is survived; it says nothing of how well a model plans.
 */
export async function answerAsOpenAi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const body = JSON.parse(text) as ChatRequest
  const fail = (status: number) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { message: 'no' } }))
  if (request.headers.authorization !== 'Bearer model-key') return fail(401)
  const call = (args: unknown) => {
    const tool = {
      name: body.tools?.[0]?.function.name,
      arguments: typeof args === 'string' ? args : JSON.stringify(args),
    }
    reply(response, body.model, {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: tool }],
    })
  }
  const say = (content: string) => reply(response, body.model, { role: 'assistant', content })
  const told = body.messages.some((message) => message.content.includes('does not fit'))
  const good = {
    steps: [{ id: 'orders', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { status: 'late' } }],
  }
  const invented = { steps: [{ id: 'a', type: 'api_call', api: 'store', operation: 'DELETE /everything' }] }
  switch (body.model) {
    case 'good':
      return call(good)
    case 'invents-once':
      return call(body.messages.some((message) => message.content.includes('does not hold')) ? good : invented)
    case 'invents':
      return call(invented)
    case 'invalid-json':
      return call('{"steps": [')
    case 'empty':
      return call({ steps: [] })
    case 'answers':
      return say('{"answer": ["o1", "o2"]}')
    case 'answers-wrong-once':
      return say(told ? '{"answer": ["o1"]}' : '{"answer": "o1"}')
    case 'answers-wrong':
      return say('{"answer": "o1"}')
    case 'answers-text':
      return say(told ? '{"answer": ["o1"]}' : 'The order o1.')
    case 'knows-functions-only':
      return body.response_format ? fail(400) : call({ answer: ['o1'] })
    case 'repeats':
      return say(JSON.stringify({ answer: [JSON.stringify(body)] }))
    case 'says-nothing':
      return
    case 'refuses':
      return reply(response, body.model, { role: 'assistant', content: null, refusal: 'I will not.' })
    case 'rate-limited':
      return fail(429)
    case 'cut':
      return void request.socket.resetAndDestroy()
    case 'echo':
      return call({
        steps: [{ id: 'said', type: 'transform', value: body.messages[0]?.content.replaceAll('{{', '((') }],
      })
    default:
      return fail(500)
  }
}

function reply(response: ServerResponse, model: string, message: object): void {
  const choices = [{ index: 0, finish_reason: 'stop', message }]
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model, choices }))
}
