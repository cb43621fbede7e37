import { holdsForStatus, parseCondition, type Condition } from './condition.ts'
import { isRecord } from './json-schema.ts'

/** Statuses that stand for a failure: those of RFC 9110 and of Cloudflare. `$statusCode >= 500` means some of them. */
export const failureStatuses: readonly number[] = [
  400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500,
  501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530,
]
export const successStatuses: readonly number[] = [200, 201, 202, 203, 204, 205, 206, 207, 208, 226]
export const redirectStatuses: readonly number[] = [300, 301, 302, 303, 304, 307, 308]

/** A criterion that asks for nothing but the status; null for any other. */
export function statusCondition(criterion: unknown): Condition | null {
  if (!isRecord(criterion)) return null
  const { condition, type } = criterion
  if (typeof condition !== 'string' || (type !== undefined && type !== 'simple')) return null
  const parsed = parseCondition(condition)
  return parsed && holdsForStatus(parsed, 200) !== null ? parsed : null
}

/** The statuses of a list for which all criteria hold; null where they ask for more than the status. */
export function statusesOf(criteria: readonly unknown[], among: readonly number[]): number[] | null {
  const tests = criteria.map((criterion) => {
    const condition = statusCondition(criterion)
    return condition ? (status: number) => holdsForStatus(condition, status) === true : patternTest(criterion)
  })
  if (tests.includes(null)) return null
  return among.filter((status) => tests.every((test) => test?.(status)))
}

// What is repeated within something repeated takes minutes even of three digits.
const SLOW = /\)[*+?{]/
const MAX_PATTERN = 100

/** A criterion that matches the status with a pattern, unless matching may take long. */
function patternTest(criterion: unknown): ((status: number) => boolean) | null {
  if (!isRecord(criterion) || criterion['type'] !== 'regex' || criterion['context'] !== '$statusCode') return null
  const { condition } = criterion
  if (typeof condition !== 'string' || condition.length > MAX_PATTERN || SLOW.test(condition)) return null
  try {
    const pattern = new RegExp(condition)
    return (status) => pattern.test(String(status))
  } catch {
    return null
  }
}
