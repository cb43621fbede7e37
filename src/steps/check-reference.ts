import type { JsonSchema } from '../specs/operation.ts'
import { type Checked, type Path, proved, unproven, wrong } from './checking.ts'
import { ExpressionError, hasExpression, type Reference, referencesOf } from './expressions.ts'
import { followPath } from './schema-path.ts'
import type { Step } from './schema.ts'

/** Holds every reference of a template against what is there; `earlier` are the ids that it may name. */
export function checkReferences(checked: Checked, template: unknown, path: Path, earlier: ReadonlySet<string>): void {
  if (typeof template === 'string') return checkText(checked, template, path, earlier)
  if (typeof template !== 'object' || template === null || !hasExpression(template)) return
  const isList = Array.isArray(template)
  for (const [key, value] of Object.entries(template))
    checkReferences(checked, value, [...path, isList ? Number(key) : key], earlier)
}

function checkText(checked: Checked, text: string, path: Path, earlier: ReadonlySet<string>): void {
  let references: Reference[]
  try {
    references = referencesOf(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return wrong(checked, path, 'expression', error.message)
  }
  const unique = new Map(references.map((reference) => [reference.join('\n'), reference]))
  for (const reference of unique.values()) {
    if (reference[0] === 'input') checkInput(checked, reference, path)
    if (reference[0] === 'steps') checkStepReference(checked, reference, path, earlier)
  }
}

function checkInput(checked: Checked, [, name]: Reference, path: Path): void {
  if (name === undefined) return
  if (Object.hasOwn(checked.definition.inputs?.properties ?? {}, name))
    proved(checked, path, 'input', `there is an input "${name}"`)
  else wrong(checked, path, 'unknown_input', `there is no input "${name}"`)
}

function checkStepReference(checked: Checked, reference: Reference, path: Path, earlier: ReadonlySet<string>): void {
  const [, id, part, ...rest] = reference
  if (id === undefined) return
  const step = checked.steps.get(id)
  if (!step) return wrong(checked, path, 'unknown_step', `there is no step "${id}"`)
  if (!earlier.has(id))
    return wrong(checked, path, 'later_step', `the step "${id}" comes later, or is within a loop: refer to the loop`)
  if (part === undefined || (part === 'error' && step.onError !== undefined))
    return proved(checked, path, 'step', `the step "${id}" comes before`)
  if (step.type === 'workflow') return checkCalleeReference(checked, step, reference, path)
  if (step.type !== 'api_call') return checkOtherReference(checked, step, reference, path)
  const known = part === 'status' || part === 'headers' || (step.paginate && (part === 'pages' || part === 'more'))
  if (known || (part === 'body' && rest.length === 0))
    return proved(checked, path, 'step', `the call "${id}" gives ${part}`)
  if (part !== 'body')
    return wrong(checked, path, 'unknown_field', `a call gives status, headers and body, not "${part}"`)
  checkResponsePath(checked, step.operation, responseOf(checked, step), rest, path)
}

function checkResponsePath(
  checked: Checked,
  operation: string,
  response: JsonSchema | null,
  rest: readonly string[],
  path: Path,
): void {
  const names = rest.join('.')
  switch (followPath(response, rest).verdict) {
    case 'proved':
      return proved(checked, path, 'response_path', `${operation} answers with ${names}`)
    case 'wrong':
      return wrong(checked, path, 'response_path', `${operation} cannot answer with ${names}`)
    default:
      return unproven(checked, path, 'response_path', `${operation} is not documented to answer with ${names}`)
  }
}

function checkOtherReference(checked: Checked, step: Step, reference: Reference, path: Path): void {
  if (step.type === 'ai') {
    const rest = reference.slice(2)
    const { verdict } = followPath(step.schema, rest)
    const names = rest.join('.')
    if (verdict === 'proved') return proved(checked, path, 'answer_path', `the answer has ${names}`)
    if (verdict === 'wrong') return wrong(checked, path, 'answer_path', `the answer cannot have ${names}`)
    return unproven(checked, path, 'answer_path', `the schema of the answer does not say that it has ${names}`)
  }
  unproven(checked, path, 'step_path', `what "${step.id}" gives shows only when it runs`)
}

/** What a called workflow gives is its output, where that is written out, or what its last step gives. */
function checkCalleeReference(
  checked: Checked,
  step: Extract<Step, { type: 'workflow' }>,
  [, id, part = '', ...rest]: Reference,
  path: Path,
): void {
  const { callee } = step
  if (!callee) return
  const last = callee.steps.at(-1)
  if (callee.output === undefined && last?.type === 'api_call' && !last.paginate)
    return checkResponsePath(checked, last.operation, responseOf(checked, last), [part, ...rest], path)
  const { output } = callee
  if (typeof output !== 'object' || output === null || Array.isArray(output))
    return unproven(checked, path, 'step_path', `what "${callee.name}" gives shows only when it runs`)
  if (!Object.hasOwn(output, part))
    return wrong(
      checked,
      path,
      'output_path',
      `"${callee.name}" gives ${Object.keys(output).join(', ')}, not "${part}"`,
    )
  if (rest.length === 0) return proved(checked, path, 'output_path', `"${callee.name}" gives ${part}`)
  unproven(checked, path, 'step_path', `what is in "${part}" of ${id} shows only when it runs`)
}

/** The schema that a plain path has where it comes from, or null where none is known. */
export function sourceSchema(checked: Checked, [root, id, part, ...rest]: Reference): JsonSchema | null {
  if (id === undefined) return null
  if (root === 'input') return part === undefined ? (checked.definition.inputs?.properties[id] ?? null) : null
  const step = checked.steps.get(id)
  if (step?.type === 'ai') return schemaAt(step.schema, part === undefined ? [] : [part, ...rest])
  if (step?.type !== 'api_call' || part !== 'body') return null
  return schemaAt(responseOf(checked, step), rest)
}

function schemaAt(schema: JsonSchema | null, rest: readonly string[]): JsonSchema | null {
  const found = followPath(schema, rest)
  // Over a list a path gives one value, many or none: of what type is not known.
  return found.verdict === 'proved' && !found.overList ? found.schema : null
}

function responseOf({ catalogue }: Checked, { api, operation }: { api: string; operation: string }): JsonSchema | null {
  return catalogue(api, operation)?.response ?? null
}
