import type { StepError, StepResult } from '../../src/steps/result.ts'
import type { ApiCallStep } from '../../src/steps/schema.ts'
import { hashOf } from './random.ts'
import { Violation } from './violation.ts'

/** One call as it arrives. */
export type Call = {
  step: ApiCallStep
  path: string
  attempt: number
  key: string
  body: string
  /** How often the run had been reopened: what failed may go well then. */
  round: number
}

/** An API that remembers what it did under which key, and fails in every way, the same for the same seed. */
export type Upstream = {
  receive: (call: Call) => StepResult
  /** How often something was done under each key. */
  effects: ReadonlyMap<string, number>
}

const BEHAVIOURS = [
  ['ok', 78],
  ['500', 7],
  ['404', 4],
  ['429', 3],
  ['timeout', 4],
  ['lost', 4],
] as const

/** An API that nothing has been sent to. */
export function createUpstream(seed: number): Upstream {
  const bodies = new Map<string, string>()
  const effects = new Map<string, number>()
  return {
    effects,
    receive: (call) => {
      const { step, path, attempt, key, body, round } = call
      const behaviour = behaviourOf(hashOf(`${seed} ${path} ${attempt} ${round}`) % 100)
      const does = behaviour === 'ok' || behaviour === 'lost'
      if (!step.operation.startsWith('GET')) {
        const known = bodies.get(key)
        if (known !== undefined && known !== body) throw new Violation('key', `${key} came with two different requests`)
        bodies.set(key, body)
        if (does && !effects.has(key)) effects.set(key, 1)
      }
      // When it was asked is no matter to what it answers.
      const [asked] = body.split(' at ')
      if (behaviour === 'ok')
        return { ok: true, output: { status: 200, headers: {}, body: hashOf(`${path} ${asked}`) } }
      return { ok: false, error: failure(step, behaviour) }
    },
  }
}

function behaviourOf(percent: number): (typeof BEHAVIOURS)[number][0] {
  let left = percent
  for (const [behaviour, share] of BEHAVIOURS) if ((left -= share) < 0) return behaviour
  return 'ok'
}

/** As the engine judges answers: what may have been done is tried again only where that does no harm. */
function failure(step: ApiCallStep, behaviour: '500' | '404' | '429' | 'timeout' | 'lost'): StepError {
  const repeatable = step.retry !== undefined || !step.operation.startsWith('POST')
  const base = { message: `the API: ${behaviour}`, retryAfterMs: null }
  if (behaviour === 'timeout') return { ...base, code: 'UPSTREAM_TIMEOUT', retryable: repeatable }
  if (behaviour === 'lost') return { ...base, code: 'UPSTREAM_UNREACHABLE', retryable: repeatable }
  const status = Number(behaviour)
  const retryable = step.retry?.on ? step.retry.on.includes(status) : status === 429 || (repeatable && status === 500)
  return { ...base, code: 'UPSTREAM_STATUS', status, retryable }
}
