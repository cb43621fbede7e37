import { ExpressionError, referencesOf } from '../../steps/expressions.ts'
import { conditionToJsonata, parseCondition } from './condition.ts'
import { jsonPathToJsonata } from './json-path.ts'
import { isRecord } from './json-schema.ts'
import { type ExpressionContext, isRuntimeExpression, type Read, readRuntime } from './runtime.ts'

const MAX_LENGTH = 2000

/** A Criterion Object as an expression in JSONata that says yes or no. */
export function readCriterion(criterion: unknown, context: ExpressionContext): Read<string> {
  if (!isRecord(criterion) || typeof criterion['condition'] !== 'string') return { reason: 'it has no condition' }
  const { condition, type: given, context: about } = criterion
  if (condition.length > MAX_LENGTH) return { reason: `it is longer than ${MAX_LENGTH} characters` }
  const type = isRecord(given) ? given['type'] : (given ?? 'simple')
  const found = type === 'simple' ? readSimple(condition, context) : readTyped(type, condition, about, context)
  if ('reason' in found) return found
  return parses(found.value) ? found : { reason: `${condition} has no form in JSONata` }
}

function readSimple(text: string, context: ExpressionContext): Read<string> {
  const condition = parseCondition(text)
  return condition ? conditionToJsonata(condition, context) : { reason: `${text} is not a simple condition` }
}

function readTyped(type: unknown, condition: string, about: unknown, context: ExpressionContext): Read<string> {
  if (type === 'xpath') return { reason: 'it is XPath, and answers are read as JSON' }
  if (type !== 'regex' && type !== 'jsonpath') return { reason: `the type ${JSON.stringify(type)} is not known` }
  if (typeof about !== 'string' || !isRuntimeExpression(about))
    return { reason: 'its context is no runtime expression' }
  const path = readRuntime(about, context)
  if ('reason' in path) return path
  if (type === 'regex')
    return { value: `$contains($string(${path.value}), /${condition.replaceAll(/(?<!\\)\//g, '\\/')}/)` }
  const query = jsonPathToJsonata(condition, path.value)
  return query === null ? { reason: `${condition} has no form in JSONata` } : { value: `$exists(${query})` }
}

function parses(expression: string): boolean {
  try {
    referencesOf(`{{ ${expression} }}`)
    return true
  } catch (error) {
    if (error instanceof ExpressionError) return false
    throw error
  }
}
