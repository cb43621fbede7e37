import type { ModelLimits } from '../../config.ts'
import type { Ctx } from '../../context.ts'
import type { ModelRequest } from '../../platform/model.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { nowOf } from '../language/dates.ts'
import { type Callable, nameFunctions } from './functions.ts'
import { tokensOf } from './tokens.ts'
import { instructions, workflowTool } from './tool.ts'
import { askedWords, describeFunction } from './words.ts'

/** What was asked in a chat before, and what it came to. */
export type Earlier = { messages: readonly string[]; definition: WorkflowDefinition | null }

/** A request to a model, and the functions that it tells of. */
export type Prompt = { request: ModelRequest; functions: ReadonlyMap<string, Callable> }

// Of a prompt, what is kept for an answer that has to be corrected and for what is wrong with it.
const MAX_SHOWN_ANSWER = 2400
const MAX_PROBLEM = 1200
const CORRECTION = tokensOf('x'.repeat(MAX_SHOWN_ANSWER + MAX_PROBLEM)) + 50
// What the protocol puts around messages and functions.
const FRAME = 60
const MAX_EACH = 400
const MAX_EARLIER_CHARS = 2000
const MAX_DEFINITION_CHARS = 4000

/**
 * The prompt for a request, within `promptTokens`, room for one correction included: as many of the operations, the best
 * first, as there is room for. Null where the request by itself leaves no room for any.
 */
export function buildPrompt(
  ctx: Ctx,
  message: string,
  callables: readonly Callable[],
  earlier: Earlier | null,
  { promptTokens }: ModelLimits,
): Prompt | null {
  const head = instructions(nowOf(ctx))
  const messages = [...tellEarlier(earlier), { role: 'user' as const, content: message }]
  const fixed = [head, JSON.stringify(workflowTool([])), ...messages.map(({ content }) => content)]
  let left = promptTokens - CORRECTION - FRAME - fixed.reduce((sum, text) => sum + tokensOf(text), 0)
  const asked = askedWords([message, ...(earlier?.messages ?? [])].join(' '))
  const functions = new Map<string, Callable>()
  let described = ''
  for (const [name, callable] of nameFunctions(callables)) {
    // Its name stands in the schema once more.
    const around = tokensOf(`"${name}",`)
    const text = describeFunction(name, callable, asked, Math.min(MAX_EACH, left - around))
    if (text === null) continue
    left -= tokensOf(text) + around
    described += text
    functions.set(name, callable)
  }
  if (functions.size === 0) return null
  const system = `${head}\n<operations>\n${described}</operations>`
  return { request: { system, messages, tool: workflowTool([...functions.keys()]) }, functions }
}

/** The same request with an answer that does not hold, and what is wrong with it. */
export function askAgain(request: ModelRequest, answer: string, problem: string): ModelRequest {
  const correction = `This does not hold; propose it again, corrected: ${problem.slice(0, MAX_PROBLEM)}`
  const messages: ModelRequest['messages'] = [
    ...request.messages,
    { role: 'assistant', content: answer.slice(0, MAX_SHOWN_ANSWER) },
    { role: 'user', content: correction },
  ]
  return { ...request, messages }
}

function tellEarlier(earlier: Earlier | null): ModelRequest['messages'] {
  if (!earlier) return []
  const said = earlier.messages.join('\n').slice(-MAX_EARLIER_CHARS)
  const definition = earlier.definition ? JSON.stringify(earlier.definition.steps) : ''
  const shown = definition.length > MAX_DEFINITION_CHARS ? '' : definition
  return [
    { role: 'user', content: said },
    ...(shown ? [{ role: 'assistant' as const, content: `I planned these steps: ${shown}` }] : []),
  ]
}
