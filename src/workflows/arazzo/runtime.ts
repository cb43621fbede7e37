import { formatPath, formatTail, parsePath, parseTail, type Tokens } from './paths.ts'

/** What was read, or why it could not be. */
export type Read<T> = { value: T } | { reason: string }

/** A step as the runtime expressions of its workflow see it. */
export type KnownStep = {
  id: string
  outputs: Readonly<Record<string, unknown>>
  /** Of a step that calls a workflow: the names of what that one is known to give. */
  gives?: ReadonlySet<string>
  /** That it is looked at where it has failed: of what it was answered then, only the status is there. */
  failed?: boolean
}

/** Where a runtime expression stands. */
export type ExpressionContext = {
  /** The steps of the workflow by stepId; `id` is what a step is called in the definition. */
  steps: ReadonlyMap<string, KnownStep>
  /** Names of the workflow's inputs. */
  inputs: ReadonlySet<string>
  /** The step whose response `$response` is; null outside of steps. */
  current: KnownStep | null
  /** The workflows that this one depends on, by workflowId, as the steps that carry them out. */
  workflows?: ReadonlyMap<string, KnownStep>
}

const RUNTIME =
  /^\$(?:url|method|statusCode|request|response|message|inputs|outputs|steps|workflows|sourceDescriptions|components)(?![\w$-])/
const EMBEDDED = /\{(\$[^{}]+)\}/g
const MAX_DEPTH = 20

/** Whether a text is nothing but a runtime expression (Arazzo 1.0.1, Runtime Expressions). */
export function isRuntimeExpression(text: string): boolean {
  return RUNTIME.test(text) && !/\s/.test(text.trimEnd())
}

/** A runtime expression as a plain path in JSONata. */
export function readRuntime(expression: string, context: ExpressionContext, depth = 0): Read<string> {
  const { current } = context
  // What the API refused has its status in the error; what was answered and did not pass a check, in the answer.
  if (current?.failed && expression.trim() === '$statusCode') {
    const refused = `steps.${current.id}.error.status`
    return { value: current.gives ? refused : `[${refused}, steps.${current.id}.status][0]` }
  }
  const found = locate(expression.trim(), context, depth)
  if ('reason' in found) return found
  const [root = '', ...tokens] = found.value
  const path = formatPath(String(root), tokens)
  return path === null ? { reason: `${expression} has a name that cannot be written in JSONata` } : { value: path }
}

/** A text with runtime expressions in it as a template; a text that is one keeps its value's type. */
export function readText(text: string, context: ExpressionContext): Read<string> {
  if (isRuntimeExpression(text)) {
    const path = readRuntime(text, context)
    return 'reason' in path ? path : { value: `{{ ${path.value} }}` }
  }
  let reason: string | null = null
  let template = ''
  let at = 0
  for (const match of text.matchAll(EMBEDDED)) {
    const [whole, expression = ''] = match
    if (!RUNTIME.test(expression)) continue
    const path = readRuntime(expression, context)
    if ('reason' in path) reason ??= path.reason
    else template += `${escapeBraces(text.slice(at, match.index))}{{ ${path.value} }}`
    at = match.index + whole.length
  }
  return reason === null ? { value: template + escapeBraces(text.slice(at)) } : { reason }
}

/** Braces of a text that is no template, so that they stay what they are. */
function escapeBraces(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}')
}

function locate(expression: string, context: ExpressionContext, depth: number): Read<Tokens> {
  const unknown = { reason: `${expression} is not known to a workflow here` }
  if (depth > MAX_DEPTH) return { reason: `${expression} refers to itself` }
  const inputs = /^\$inputs(?:\.(.+))?$/s.exec(expression)
  if (inputs) return locateInput(expression, inputs[1] ?? '', context)
  const step = /^\$steps\.([A-Za-z0-9_-]+)\.(.+)$/s.exec(expression)
  if (step) return locateOutput(expression, step[1] ?? '', step[2] ?? '', context, depth)
  const called = /^\$workflows\.([A-Za-z0-9_-]+)\.outputs\.(.+)$/s.exec(expression)
  if (called) {
    const workflow = context.workflows?.get(called[1] ?? '')
    return workflow ? locateGiven(`$outputs.${called[2]}`, workflow.id, workflow.gives ?? new Set()) : unknown
  }
  const { current } = context
  if (current?.failed) return { reason: `${expression} is not kept of a call that has failed` }
  if (current?.gives) return locateGiven(expression, current.id, current.gives)
  if (current && expression === '$statusCode') return { value: ['steps', current.id, 'status'] }
  const response = /^\$response\.(header|body)(.*)$/s.exec(expression)
  if (!current || !response) return unknown
  const [, part, rest = ''] = response
  if (part === 'header') {
    const name = rest.slice(1).toLowerCase()
    return name === '' ? unknown : { value: ['steps', current.id, 'headers', name] }
  }
  const tail = parseTail(rest)
  return tail ? { value: ['steps', current.id, 'body', ...tail] } : unknown
}

function locateInput(expression: string, rest: string, { inputs }: ExpressionContext): Read<Tokens> {
  if (rest === '') return { value: ['input'] }
  const { name, tail } = splitName(rest, inputs)
  const tokens = parseTail(tail)
  return tokens ? { value: ['input', name, ...tokens] } : { reason: `${expression} is not a runtime expression` }
}

/** `$outputs.total` of a step that calls a workflow: it has no response, only what that workflow gives. */
function locateGiven(expression: string, id: string, gives: ReadonlySet<string>): Read<Tokens> {
  const [, rest] = /^\$outputs\.(.+)$/s.exec(expression) ?? []
  const { name, tail } = splitName(rest ?? '', gives)
  const tokens = parseTail(tail)
  return name === '' || !tokens
    ? { reason: `${expression} is not known of a workflow that is called` }
    : { value: ['steps', id, name, ...tokens] }
}

function locateOutput(
  expression: string,
  stepId: string,
  rest: string,
  context: ExpressionContext,
  depth: number,
): Read<Tokens> {
  const step = context.steps.get(stepId)
  if (!step) return { reason: `${expression} refers to a step that is not there or was left out` }
  // Some leave the word out; the name of an output then follows at once.
  const named = rest.startsWith('outputs.') ? rest.slice('outputs.'.length) : rest
  const { name, tail } = splitName(named, new Set(Object.keys(step.outputs)))
  const output = Object.hasOwn(step.outputs, name) ? step.outputs[name] : undefined
  // Some take what a workflow gives without naming it an output of the step.
  if (output === undefined && step.gives?.has(name)) return locateGiven(`$outputs.${named}`, step.id, step.gives)
  const tokens = parseTail(tail)
  if (typeof output !== 'string' || !tokens) return { reason: `the step ${stepId} has no output "${name}"` }
  const found = locate(output.trim(), { ...context, current: step }, depth + 1)
  return 'reason' in found ? found : { value: [...found.value, ...tokens] }
}

/** The name that a text begins with, the longest known one, and what follows it. */
function splitName(text: string, known: ReadonlySet<string>): { name: string; tail: string } {
  const [best] = [...known]
    .filter((name) => text === name || (text.startsWith(name) && /^[.#[]/.test(text.slice(name.length))))
    .toSorted((one, other) => other.length - one.length)
  const name = best ?? /^[^.#[]*/.exec(text)?.[0] ?? text
  return { name, tail: text.slice(name.length) }
}

/** The calls of a workflow on export, each with the outputs it gets: what later steps take from what it answers or gives. */
export type Outputs = Map<string, KnownStep & { outputs: Record<string, string> }>

/**
 * A plain path in JSONata as a runtime expression, or null where there is none. What it takes from a step's answer, or
 * of what a workflow gives, becomes an output of the step.
 */
export function writeRuntime(path: string, outputs: Outputs): string | null {
  const [root, first, part, ...rest] = parsePath(path) ?? []
  if (root === 'input' && typeof first === 'string' && /^[A-Za-z0-9_-]+$/.test(first))
    return `$inputs.${first}${formatTail(part === undefined ? [] : [part, ...rest])}`
  if (root !== 'steps' || typeof first !== 'string') return null
  const step = outputs.get(first)
  const source = step?.gives ? writeGiven(part, rest) : writeSource(part, rest)
  if (!step || source === null) return null
  const known = Object.entries(step.outputs).find(([, expression]) => expression === source)?.[0]
  const name = known ?? newName(step.outputs, [part ?? '', ...rest])
  step.outputs[name] = source
  return `$steps.${first}.outputs.${name}`
}

function writeSource(part: string | number | undefined, rest: Tokens): string | null {
  if (part === 'status' && rest.length === 0) return '$statusCode'
  if (part === 'body') return `$response.body${formatTail(rest)}`
  const [header, ...deeper] = rest
  const plain = part === 'headers' && typeof header === 'string' && deeper.length === 0
  return plain && /^[a-z0-9!$%&'*+.^_|~-]+$/.test(header) ? `$response.header.${header}` : null
}

/** What a called workflow gives; `error` is what a step has that failed, which no document knows. */
function writeGiven(part: string | number | undefined, rest: Tokens): string | null {
  const named = typeof part === 'string' && part !== 'error' && /^[A-Za-z0-9_-]+$/.test(part)
  return named ? `$outputs.${part}${formatTail(rest)}` : null
}

function newName(step: Readonly<Record<string, string>>, tokens: Tokens): string {
  const base = tokens.join('_').replaceAll(/[^A-Za-z0-9_-]/g, '_') || 'output'
  let name = base
  for (let count = 2; Object.hasOwn(step, name) || name in Object.prototype; count++) name = `${base}_${count}`
  return name
}
