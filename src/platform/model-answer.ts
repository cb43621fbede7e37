import OpenAI from 'openai'
import type { ModelConfig } from '../config.ts'
import { openClient } from './model.ts'

/** A question whose answer has to fit a JSON Schema. `strict` says that the provider can hold the model to it. */
export type Question = {
  system: string
  messages: { role: 'user' | 'assistant'; content: string }[]
  schema: Record<string, unknown>
  strict: boolean
}

/** What a model answered: the text as it came, and what is in it; undefined when it is no JSON. */
export type ModelAnswer = { text: string; value: unknown }

const NAME = 'answer'
const TIMEOUT_MS = 120_000

/**
 * Asks the configured model once, over any OpenAI-compatible endpoint: by structured output, and where the endpoint does
 * not know that, by a forced function call. The answer stands in an object, since providers want one; it is not held
 * against the schema here.
 * @throws OpenAI.APIError and its kin when the endpoint is down, slow, or refuses.
 */
export async function askModel(
  config: ModelConfig,
  fetcher: typeof fetch,
  question: Question,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  // The step is tried again as a whole, and every attempt is in the log.
  const client = openClient(config, fetcher, TIMEOUT_MS)
  const { strict, messages: given } = question
  // References lead from the root of the whole, so what they lead to moves there.
  const { $defs, definitions, ...answer } = question.schema
  const schema = {
    type: 'object',
    properties: { [NAME]: answer },
    required: [NAME],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  }
  const base = {
    model: config.name,
    temperature: 0,
    messages: [{ role: 'system' as const, content: question.system }, ...given],
  }
  try {
    const completion = await client.chat.completions.create(
      { ...base, response_format: { type: 'json_schema', json_schema: { name: NAME, schema, strict } } },
      { signal },
    )
    return readAnswer(completion.choices[0]?.message.content)
  } catch (error) {
    if (!(error instanceof OpenAI.BadRequestError)) throw error
  }
  const completion = await client.chat.completions.create(
    {
      ...base,
      tools: [{ type: 'function', function: { name: NAME, description: 'Give the answer.', parameters: schema } }],
      tool_choice: { type: 'function', function: { name: NAME } },
    },
    { signal },
  )
  const call = completion.choices[0]?.message.tool_calls?.[0]
  return readAnswer(call?.type === 'function' ? call.function.arguments : null)
}

/** What a call of the model failed of: whether it may pass by itself, and when the endpoint said to come back. */
export type ModelFailure = { message: string; status: number | null; retryable: boolean; retryAfter: string | null }

/** Tells what was thrown by `askModel` without the endpoint's own words; null for what is not its. */
export function readModelFailure(error: unknown): ModelFailure | null {
  if (error instanceof OpenAI.APIConnectionTimeoutError)
    return { message: 'the model did not answer in time', status: null, retryable: true, retryAfter: null }
  if (error instanceof OpenAI.APIConnectionError)
    return { message: 'the model cannot be reached', status: null, retryable: true, retryAfter: null }
  if (!(error instanceof OpenAI.APIError)) return null
  const status = typeof error.status === 'number' ? error.status : null
  const retryable = status !== null && (status === 408 || status === 429 || status >= 500)
  const headers = error.headers instanceof Headers ? error.headers : null
  return {
    message: `the model's endpoint answered ${status}`,
    status,
    retryable,
    retryAfter: headers?.get('retry-after') ?? null,
  }
}

function readAnswer(content: string | null | undefined): ModelAnswer {
  const text = content ?? ''
  try {
    const value: unknown = JSON.parse(text)
    const inside = typeof value === 'object' && value !== null && NAME in value
    return { text, value: inside ? value[NAME] : undefined }
  } catch {
    return { text, value: undefined }
  }
}
