import OpenAI from 'openai'
import type { ModelConfig } from '../config.ts'

/** One forced function call: what the model is told, and the JSON Schema its answer has to fit. */
export type ModelRequest = {
  system: string
  messages: { role: 'user' | 'assistant'; content: string }[]
  tool: { name: string; description: string; parameters: Record<string, unknown> }
}

const TIMEOUT_MS = 30_000

/**
 * Asks the configured model for the arguments of one function, over any OpenAI-compatible endpoint.
 * Returns them parsed, and null when the model answered otherwise.
 * @throws OpenAI.APIError and its kin when the endpoint is down, slow, or refuses.
 */
export async function callModel(config: ModelConfig, fetcher: typeof fetch, request: ModelRequest): Promise<unknown> {
  const client = new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.baseUrl,
    fetch: fetcher,
    timeout: TIMEOUT_MS,
    maxRetries: 1,
  })
  const { name, description, parameters } = request.tool
  const completion = await client.chat.completions.create({
    model: config.name,
    temperature: 0,
    messages: [{ role: 'system', content: request.system }, ...request.messages],
    tools: [{ type: 'function', function: { name, description, parameters } }],
    tool_choice: { type: 'function', function: { name } },
  })
  const call = completion.choices[0]?.message.tool_calls?.[0]
  if (call?.type !== 'function') return null
  try {
    return JSON.parse(call.function.arguments)
  } catch {
    return null
  }
}
