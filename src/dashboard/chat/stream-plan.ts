import type { ChatMessage, Plan, PlanProgress } from '../../planner/schema.ts'
import { api, asAnswered } from '../api/client.ts'
import { isProblem, ProblemError } from '../api/problem.ts'

/**
 * Asks for a plan and hears how far it is.
 * @throws ProblemError for everything that is no plan, a lost network included.
 */
export async function streamPlan(message: ChatMessage, onProgress: (progress: PlanProgress) => void): Promise<Plan> {
  const reply = await api.chat.$post({ json: message }, { headers: { accept: 'text/event-stream' } }).catch(lost)
  if (!reply.ok || !reply.body) {
    const body: unknown = await reply.json().catch(() => null)
    throw isProblem(body) ? new ProblemError(body) : lost(body)
  }
  for await (const { event, data } of readEvents(reply.body)) {
    if (event === 'progress') onProgress(asAnswered<PlanProgress>(data))
    if (event === 'plan') return asAnswered<Plan>(data)
    if (event === 'problem' && isProblem(data)) throw new ProblemError(data)
  }
  return lost(null)
}

/** The events of the Worker's own stream: a name and one line of JSON each. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read().catch(lost)
    if (done) return
    const blocks = (rest + value).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, event = ''] = /^event: (.*)$/m.exec(block) ?? []
      const [, data = 'null'] = /^data: (.*)$/m.exec(block) ?? []
      yield { event, data: JSON.parse(data) }
    }
  }
}

function lost(cause: unknown): never {
  const detail = 'APIQ did not answer, or its answer broke off. Check your network and try again.'
  throw new ProblemError({ status: 0, code: 'OFFLINE', title: 'No connection', detail }, cause)
}
