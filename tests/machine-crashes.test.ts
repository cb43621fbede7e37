import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { initialState, isFinished, reduce } from '../src/runs/machine/machine.ts'
import { next } from '../src/runs/machine/next.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import type { Step, WorkflowDefinition } from '../src/steps/schema.ts'

/** A step as the simulation knows it: what it refers to by position, and how its calls turn out. */
type Model = {
  id: string
  kind: 'GET' | 'POST' | 'value'
  refersTo: string[]
  /** Attempts that fail before one succeeds; from three on the step fails for good. */
  failures: number
}

/** Where chance comes in, so that the crash-free run can be had from the same driver. */
type Chances = { seed: number; crash: number; flush: number; cancel: number }

type Outcome = { state: RunState; log: RunEvent[]; executed: string[]; crashes: number }

const MAX_ATTEMPTS = 3
const MAX_CRASHES = 20
const MAX_ROUNDS = 2000

const step = fc.record({
  kind: fc.constantFrom('GET' as const, 'POST' as const, 'value' as const),
  refersTo: fc.array(fc.nat({ max: 7 }), { maxLength: 3 }),
  failures: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
})

/** Up to eight steps that refer to earlier ones only. */
const models = fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) =>
  steps.map(({ kind, refersTo, failures }, index): Model => ({
    id: `s${index}`,
    kind,
    refersTo: index === 0 ? [] : [...new Set(refersTo.map((at) => `s${at % index}`))],
    failures: kind === 'value' ? 0 : failures,
  })),
)

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })

function definitionOf(steps: readonly Model[]): WorkflowDefinition {
  return {
    name: 'Simulated',
    steps: steps.map(({ id, kind, refersTo }): Step => {
      const value = refersTo.map((other) => `{{ steps.${other} }}`)
      if (kind === 'value') return { id, type: 'transform', value }
      return { id, type: 'api_call', api: 'store', operation: `${kind} /a`, body: value }
    }),
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The ids of all that must have succeeded before a step may start, from the model alone. */
function neededBy(steps: readonly Model[], id: string): string[] {
  const at = steps.findIndex((step) => step.id === id)
  const earlier = steps[at]?.kind === 'POST' ? steps.slice(0, at).map((step) => step.id) : []
  return [...earlier, ...(steps[at]?.refersTo ?? [])]
}

const rebuild = (log: readonly RunEvent[]) => log.reduce(reduce, initialState)
const outputOf = (state: RunState, id: string) => {
  const step = state.steps[id]
  return step?.status === 'succeeded' ? step.output : undefined
}

/**
 * Carries a definition out as the object that holds a run does: what `next` asks for is started, what runs ends in any
 * order, events reach the disk together and late — but always before an effect leaves — and a crash loses the others.
 */
function simulate(steps: readonly Model[], { seed, crash, flush, cancel }: Chances): Outcome {
  const definition = definitionOf(steps)
  const random = randomFrom(seed)
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]
  const executed: string[] = []
  let log: RunEvent[] = []
  let state = initialState
  let kept = 0
  let now = 0
  let crashes = 0
  let running: { model: Model; attempt: number; output: string }[] = []

  function append(event: RunEvent): void {
    log.push(event)
    state = reduce(state, event)
    if (random() < flush) kept = log.length
  }

  function start(id: string, attempt: number): void {
    const model = steps.find((step) => step.id === id)
    if (!model) throw new Error(`asked for ${id}, which is no step`)
    const missing = neededBy(steps, id).filter((other) => outputOf(state, other) === undefined)
    expect(missing, `${id} was asked for before what it needs`).toEqual([])
    expect(
      Object.values(state.steps).some(({ status }) => status === 'failed'),
      `${id} after a failure`,
    ).toBe(false)
    const earlier = log.filter((event) => event.type === 'step.succeeded' && event.step === id)
    expect(earlier, `${id} was asked for again though it had succeeded`).toEqual([])
    expect(running.map((one) => one.model.id)).not.toContain(id)
    append({ type: 'step.started', at: now, step: id, attempt, request: null })
    if (model.kind === 'POST') kept = log.length
    executed.push(`${id}#${attempt}`)
    const inputs = model.refersTo.map((other) => outputOf(state, other))
    running.push({ model, attempt, output: `${id}(${inputs.join(',')})` })
  }

  function end({ model, attempt, output }: (typeof running)[number]): void {
    running = running.filter((one) => one.model !== model)
    const at = ++now
    if (attempt > model.failures) return append({ type: 'step.succeeded', at, step: model.id, attempt, output })
    const error = { code: 'UPSTREAM_STATUS', message: 'no', retryable: true, retryAfterMs: null } as const
    const retryAt = attempt < MAX_ATTEMPTS ? at + Math.floor(random() * 5) : null
    append({ type: 'step.failed', at, step: model.id, attempt, error, retryAt })
  }

  function die(): void {
    crashes++
    const left = kept + Math.floor(random() * (log.length - kept + 1))
    log = log.slice(0, left)
    kept = log.length
    state = rebuild(log)
    running = []
    if (log.length === 0) append({ type: 'run.started', at: now, input: {} })
    append({ type: 'run.recovered', at: now })
  }

  append({ type: 'run.started', at: now, input: {} })
  for (let round = 0; !isFinished(state); round++) {
    if (round > MAX_ROUNDS) throw new Error('the run does not end')
    const actions = next(definition, state, now)
    for (const action of actions) {
      if (action.type === 'execute') start(action.step, action.attempt)
      if (action.type === 'succeed') append({ type: 'run.succeeded', at: now, output: null })
      if (action.type === 'fail') append({ type: 'run.failed', at: now, error: action.error })
      if (action.type === 'wait' && running.length === 0) now = action.until
    }
    if (isFinished(state)) break
    if (crashes < MAX_CRASHES && random() < crash) die()
    else if (random() < cancel) append({ type: 'run.cancelled', at: now })
    else {
      const one = pick(running)
      if (one) end(one)
      else if (actions.length === 0) throw new Error('nothing runs and nothing is asked for')
    }
  }
  return { state, log, executed, crashes }
}

const calm: Chances = { seed: 1, crash: 0, flush: 1, cancel: 0 }
const stormy = (seed: number): Chances => ({ seed, crash: 0.25, flush: 0.3, cancel: 0 })

/** What every step gives when nothing goes wrong. */
function expected(steps: readonly Model[]): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const { id, refersTo } of steps) outputs[id] = `${id}(${refersTo.map((other) => outputs[other]).join(',')})`
  return outputs
}

/** What the steps that succeeded gave. */
const outputs = (state: RunState) =>
  Object.fromEntries(
    Object.entries(state.steps).flatMap(([id, step]) => (step.status === 'succeeded' ? [[id, step.output]] : [])),
  )

it('ends with the result of the run without crashes, wherever it crashes and in whatever order its steps end', () => {
  let crashes = 0
  fc.assert(
    fc.property(models, seeds, (steps, seed) => {
      const outcome = simulate(steps, stormy(seed))
      const doomed = steps.some(({ failures }) => failures >= MAX_ATTEMPTS)
      expect(outcome.state.status).toBe(doomed ? 'failed' : 'succeeded')
      const given = outputs(outcome.state)
      expect(expected(steps)).toMatchObject(given)
      expect(Object.keys(given).length === steps.length).toBe(!doomed)
      crashes += outcome.crashes
    }),
    { numRuns: 3000 },
  )
  expect(crashes).toBeGreaterThan(1000)
})

it('fails at a step that fails for good, and only when there is one', () => {
  fc.assert(
    fc.property(models, seeds, (steps, seed) => {
      const { state } = simulate(steps, stormy(seed))
      const doomed = steps.filter(({ failures }) => failures >= MAX_ATTEMPTS).map(({ id }) => id)
      expect(state.status === 'failed' ? doomed : [null]).toContain(state.status === 'failed' ? state.error.step : null)
    }),
    { numRuns: 500 },
  )
})

it('sends an effect once per attempt when nothing crashes', () => {
  fc.assert(
    fc.property(models, (steps) => {
      const { executed } = simulate(steps, calm)
      expect(new Set(executed).size).toBe(executed.length)
      expect(executed.length).toBeLessThanOrEqual(steps.length * MAX_ATTEMPTS)
    }),
    { numRuns: 500 },
  )
})

it('repeats at most one effect for a crash when every event had been kept', () => {
  let repeatedAtAll = 0
  fc.assert(
    fc.property(models, seeds, (steps, seed) => {
      const { executed, crashes } = simulate(steps, { ...stormy(seed), flush: 1 })
      const writes = new Set(steps.flatMap(({ id, kind }) => (kind === 'POST' ? [id] : [])))
      const effects = executed.filter((name) => writes.has(name.split('#')[0] ?? ''))
      const repeated = effects.length - new Set(effects).size
      expect(repeated).toBeLessThanOrEqual(crashes)
      repeatedAtAll += repeated
    }),
    { numRuns: 500 },
  )
  expect(repeatedAtAll).toBeGreaterThan(0)
})

it('ends when it is cancelled, and then asks for nothing whatever still comes in', () => {
  let cancelled = 0
  fc.assert(
    fc.property(models, seeds, (steps, seed) => {
      const { state } = simulate(steps, { ...stormy(seed), cancel: 0.2 })
      if (state.status === 'cancelled') cancelled++
      for (const { id } of steps) {
        const late = reduce(state, { type: 'step.succeeded', at: 1e9, step: id, attempt: 1, output: 'late' })
        expect(late).toBe(state)
        expect(next(definitionOf(steps), late, 1e9)).toEqual([])
      }
    }),
    { numRuns: 1000 },
  )
  expect(cancelled).toBeGreaterThan(100)
})

it('is the same state whether read from the whole log or event by event', () => {
  fc.assert(
    fc.property(models, seeds, (steps, seed) => {
      const { state, log } = simulate(steps, stormy(seed))
      expect(rebuild(log)).toEqual(state)
      expect(rebuild(JSON.parse(JSON.stringify(log)))).toEqual(state)
    }),
    { numRuns: 500 },
  )
})
