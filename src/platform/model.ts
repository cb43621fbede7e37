import OpenAI from 'openai'
import type { ModelConfig } from '../config.ts'

/** One forced function call: what the model is told, and the JSON Schema its answer has to fit. */
export type ModelRequest = {
  system: string
  messages: { role: 'user' | 'assistant'; content: string }[]
  /** `parameters` is within what structured outputs take, so that an endpoint can hold the model to it. */
  tool: { name: string; description: string; parameters: Record<string, unknown> }
}

/** The arguments as they were written, and what is in them; undefined when they are no JSON. */
export type ToolAnswer = { text: string; value: unknown }

/** A model that answered, but with nothing that can be used. */
export class ModelAnswerError extends Error {
  override readonly name = 'ModelAnswerError'
}

const MAX_ANSWER_CHARS = 200_000

/** What endpoints differ in: whether they hold a model to a schema, and whether they let one set the temperature. */
type Dialect = { strict: boolean; temperature: boolean }

/** The dialects that endpoints turned out to speak, by address and model. */
const spoken = new Map<string, Dialect>()

/** A client of an OpenAI-compatible endpoint that tries nothing again by itself. */
export function openClient(config: ModelConfig, fetcher: typeof fetch, timeout: number): OpenAI {
  return new OpenAI({ apiKey: config.apiKey, baseURL: config.baseUrl, fetch: fetcher, timeout, maxRetries: 0 })
}

/**
 * Asks a model for the arguments of one function, read as they are written: `onText` gets each piece. The endpoint is
 * asked to hold the model to the schema; where it answers 400 to that, the same call is made without.
 * @throws ModelAnswerError when it refuses, breaks off or answers at too great length; OpenAI.APIError and its kin when
 * the endpoint is down or refuses; what `signal` was aborted with.
 */
export async function callTool(
  config: ModelConfig,
  fetcher: typeof fetch,
  request: ModelRequest,
  { signal, timeoutMs, onText }: { signal: AbortSignal; timeoutMs: number; onText?: (piece: string) => void },
): Promise<ToolAnswer> {
  const client = openClient(config, fetcher, timeoutMs)
  const key = `${config.baseUrl} ${config.name}`
  let dialect = spoken.get(key) ?? { strict: true, temperature: true }
  for (;;) {
    try {
      const stream = await client.chat.completions.create(toParams(config.name, request, dialect), { signal })
      spoken.set(key, dialect)
      return await readStream(stream, signal, onText)
    } catch (error) {
      const simpler = error instanceof OpenAI.BadRequestError ? simplerThan(dialect, error.param) : null
      if (!simpler) throw error
      dialect = simpler
    }
  }
}

function simplerThan({ strict, temperature }: Dialect, param: string | null | undefined): Dialect | null {
  if (temperature && param === 'temperature') return { strict, temperature: false }
  return strict ? { strict: false, temperature } : temperature ? { strict, temperature: false } : null
}

function toParams(model: string, request: ModelRequest, { strict, temperature }: Dialect) {
  const { name, description, parameters } = request.tool
  return {
    model,
    stream: true as const,
    messages: [{ role: 'system' as const, content: request.system }, ...request.messages],
    tools: [{ type: 'function' as const, function: { name, description, parameters, ...(strict && { strict }) } }],
    tool_choice: { type: 'function' as const, function: { name } },
    ...(temperature && { temperature: 0 }),
    // Structured outputs know one call at a time only.
    ...(strict && { parallel_tool_calls: false }),
  }
}

async function readStream(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<ToolAnswer> {
  let text = ''
  let refusal = ''
  let reason: string | null = null
  for await (const chunk of whole(stream, signal)) {
    const choice = chunk.choices[0]
    const call = choice?.delta.tool_calls?.find(({ index }) => index === 0)
    // Some endpoints write the arguments as their answer, although a call is forced.
    const piece = call?.function?.arguments ?? choice?.delta.content ?? ''
    text += piece
    if (piece !== '') onText?.(piece)
    refusal += choice?.delta.refusal ?? ''
    reason = choice?.finish_reason ?? reason
    if (text.length > MAX_ANSWER_CHARS) throw new ModelAnswerError('it answered at too great length')
  }
  if (refusal !== '' || reason === 'content_filter') throw new ModelAnswerError('it refused')
  if (reason === 'length') throw new ModelAnswerError('its answer was cut off')
  const value = parse(text)
  if (value === undefined && reason === null) throw new ModelAnswerError('its answer broke off')
  return { text, value }
}

/** The chunks of a stream; whatever breaks it is told as a lost connection, unless it was broken off on purpose. */
async function* whole<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* stream
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OpenAI.APIError) throw error
    throw new OpenAI.APIConnectionError({ cause: error instanceof Error ? error : undefined })
  }
  // A stream that is aborted ends as if it were complete.
  signal.throwIfAborted()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
