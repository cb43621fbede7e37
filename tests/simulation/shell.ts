import { entering, isControl } from '../../src/runs/enter.ts'
import type { RunEvent } from '../../src/runs/machine/events.ts'
import { initialState, isFinished, reduce, stepAt, stepsOf } from '../../src/runs/machine/machine.ts'
import { isStillAsked, next } from '../../src/runs/machine/next.ts'
import { keyOf, moveOn, outcomeOf, toEvent } from '../../src/runs/machine/outcomes.ts'
import type { RunState } from '../../src/runs/machine/state.ts'
import type { RunRecord } from '../../src/runs/record.ts'
import { countLife, earlierOf, type Lives, recoveryOf, reopeningOf, requestIn } from '../../src/runs/recovery.ts'
import { scopeOf } from '../../src/runs/scope.ts'
import type { ExpressionScope } from '../../src/steps/expression-moment.ts'
import { ExpressionError } from '../../src/steps/expressions.ts'
import { isAtMostOnce } from '../../src/steps/order.ts'
import { stepsByPath } from '../../src/steps/paths.ts'
import { requestAgain } from '../../src/steps/request.ts'
import type { StepResult } from '../../src/steps/result.ts'
import type { ApiCallStep, Step, WorkflowDefinition } from '../../src/steps/schema.ts'
import { createAccounts } from './accounts.ts'
import { brief, isOnce } from './events.ts'
import { answerTo, digest, timeless, valuesOf } from './expressions.ts'
import { hashOf, randomFrom } from './random.ts'
import { checkEvent, checkLoops, checkRequest, checkTime, rulesOf } from './rules.ts'
import { createUpstream } from './upstream.ts'
import { Violation } from './violation.ts'

/** How likely each turn of fate is, at each moment. */
export type Chances = {
  crash: number
  /** How often what is in memory reaches the disk by itself. */
  flush: number
  pause: number
  cancel: number
  /** How likely a failed run is taken up again, and whether with other input. */
  reopen: number
  /** How likely an effect leaves before the log is written. The engine never does that; the rules must notice. */
  unwritten: number
}

/** Nothing goes wrong but what the API itself does. */
export const CALM: Chances = { crash: 0, flush: 0, pause: 0, cancel: 0, reopen: 0, unwritten: 0 }

/** How a simulated run went. */
export type Outcome = {
  state: RunState
  log: readonly RunEvent[]
  crashes: number
  events: number
  /** Why its results need not be those of the crash-free run; null when they must be. */
  incomparable: string | null
}

/** A step that something is sent for, as the call that it is; a question to the model is a read. */
function callOf(step: Step): ApiCallStep | null {
  if (step.type === 'api_call') return step
  if (step.type !== 'ai') return null
  const { id, retry } = step
  return { id, type: 'api_call', api: 'model', operation: 'GET /answer', ...(retry && { retry }) }
}

/** Whether a path is another or leads on from there. */
function isWithin(path: string, around: string): boolean {
  return path === around || path.startsWith(`${around}.`) || path.startsWith(`${around}[`)
}

type Task = {
  path: string
  step: Step
  attempt: number
  phase: 'preparing' | 'settling' | 'out' | 'received'
  asked: RunState
  scope: ExpressionScope
  key: string
  body: string
  answer: StepResult | null
}

const MAX_LIVES = 20
const MAX_ROUNDS = 20_000
const MAX_REOPENINGS = 2
const HEARTBEAT_MS = 10_000
const SAFE = /^(GET|HEAD) /

/**
 * Carries one run out as its object does — the same `next`, `reduce`, `moveOn`, `entering`, recovery and key — with time,
 * disk, API, people and death simulated. All that happens is drawn from the seed.
 * `script` takes down what happens, line by line. @throws Violation when a promise is broken
 */
export function carryOut(definition: WorkflowDefinition, seed: number, chances: Chances, script?: string[]): Outcome {
  const random = randomFrom(seed)
  const upstream = createUpstream(seed)
  const rules = rulesOf(definition)
  const steps = stepsByPath(definition.steps)
  const record: RunRecord = {
    runId: 'run',
    workspaceId: 'w',
    userId: 'u',
    requestId: 'r',
    definition,
    input: { n: seed % 7 },
  }
  const note = (line: string) => void script?.push(line)

  let log: RunEvent[] = []
  let state: RunState = initialState
  /** Positions in the log up to which everything was written together; a crash leaves one of them. */
  let flushed = [0]
  let tasks = new Map<string, Task>()
  let late: Task[] = []
  let succeeding: RunState | null = null
  let wakeAt = Infinity
  let now = 1_000_000
  let crashes = 0
  let events = 0
  let reopenings = 0
  let lives: Lives | undefined
  let incomparable: string | null = null
  const accounts = createAccounts()
  /** Calls that may go out once at most, and were broken off: nobody may send them again unasked. */
  const unknown = new Set<string>()

  function append(event: RunEvent): void {
    checkEvent(rules, state, event)
    const before = state
    state = reduce(state, event)
    if (state === before) throw new Violation('vain', `${JSON.stringify(event)} changed nothing`)
    log.push(event)
    events++
    if (script) note(brief(event))
    checkLoops(rules, state, event)
    checkTime(rules, before, state, event)
    if (event.type === 'step.failed') for (const path of event.aborted ?? []) abort(path)
    // How far the others in it had got is a matter of time, and so is whether somebody decided.
    if (
      event.type === 'step.failed' &&
      (stepAt(before, event.step).status === 'open' ||
        event.error.code === 'STEP_TIMEOUT' ||
        event.error.message.includes('in time'))
    )
      incomparable ??= `${event.step} was broken off`
  }

  /** A call in what has run out of time is broken off; whether it arrives all the same is not known. */
  function abort(path: string): void {
    const task = tasks.get(path)
    tasks.delete(path)
    if (!task || (task.phase !== 'out' && task.phase !== 'received')) return
    if (task.phase === 'out' && task.key !== '' && random.chance(0.5)) late.push(task)
    if (isAtMostOnce(task.step)) unknown.add(path)
    else accounts.excuse({ path, attempt: task.attempt, round: roundOf(path) })
  }

  /** How often a step has been taken up anew after it had failed, with the whole run or with what holds it. */
  function roundOf(path: string): number {
    const retried = log.filter((event) => event.type === 'step.retried' && event.steps.includes(path))
    return reopenings + retried.length
  }

  function flush(): void {
    if (flushed.at(-1) === log.length) return
    flushed.push(log.length)
    note('  (written)')
  }

  /** Everything so far is on the disk for sure. */
  function sync(): void {
    accounts.written(log.slice(flushed[0]))
    flushed = [log.length]
  }

  function advance(): void {
    for (let turns = 0; ; turns++) {
      if (turns > 1000) throw new Violation('endless', 'moving on never comes to an end')
      const actions = next(definition, state, now)
      const moves = actions.flatMap((action) => moveOn(action, now) ?? [])
      for (const event of moves) append(event)
      if (moves.length > 0) continue
      wakeAt = Infinity
      for (const action of actions) {
        if (action.type === 'execute') begin(action.step, action.attempt)
        else if (action.type === 'wait') wakeAt = action.until
        else if (action.type === 'succeed') succeeding ??= state
        else if (action.type === 'fail') {
          append({ type: 'run.failed', at: now, error: action.error })
          finish()
        }
      }
      return
    }
  }

  function begin(path: string, attempt: number): void {
    if (tasks.has(path)) return
    const step = steps.get(path)
    if (!step) throw new Violation('unknown', `asked for ${path}, which is no step`)
    const scope = scopeOf(record, steps, state, path)
    tasks.set(path, { path, step, attempt, phase: 'preparing', asked: state, scope, key: '', body: '', answer: null })
  }

  function proceed(task: Task): void {
    switch (task.phase) {
      case 'preparing':
        return prepared(task)
      case 'settling':
        if (chances.unwritten === 0 || !random.chance(chances.unwritten)) sync()
        if (isFinished(state)) return end(task, null)
        task.phase = 'out'
        return depart(task)
      case 'out':
        task.answer = receive(task)
        task.phase = 'received'
        return
      case 'received':
        return end(task, task.answer && outcome(task, task.answer))
      default:
        task.phase satisfies never
    }
  }

  function prepared(task: Task): void {
    const { step, path, attempt } = task
    const event = beginning(task)
    const still = isStillAsked(definition, { before: task.asked, state, now }, { step: path, attempt })
    if (!still) return end(task, null)
    const within = /(?:^|[^\]])\./.test(path) || step.type === 'workflow'
    if (!within && task.scope.input !== ('input' in state ? state.input : null))
      throw new Violation('input', `${path} begins with old input`)
    if (event) return end(task, event)
    if (step.type === 'ai') {
      task.body = String(digest(step.prompt, task.scope))
      append({ type: 'step.started', at: now, step: path, attempt, request: null })
      task.phase = 'out'
      return
    }
    if (step.type !== 'api_call') {
      append({ type: 'step.started', at: now, step: path, attempt, request: null })
      task.answer = { ok: true, output: digest(step.type === 'transform' ? step.value : null, task.scope) }
      task.phase = 'received'
      return
    }
    const key = keyOf(record.runId, path, stepAt(state, path))
    const written = {
      method: 'POST',
      url: '',
      headers: { 'idempotency-key': key },
      body: write(step, path, task.scope),
    }
    const earlier = SAFE.test(step.operation) ? null : earlierOf(stepAt(state, path), requestIn(log, path))
    const again = earlier && (earlier.asItWas ? earlier.request : requestAgain(earlier.request, written, key))
    const request = again ?? written
    if (!SAFE.test(step.operation)) checkRequest(log, path, request, written)
    task.key = request.headers['idempotency-key'] ?? ''
    task.body = request.body ?? ''
    append({ type: 'step.started', at: now, step: path, attempt, request })
    task.phase = SAFE.test(step.operation) ? 'out' : 'settling'
    if (task.phase === 'settling') flush()
  }

  /** The body of a call; that of some says when it was written, so that it is never written the same twice. */
  function write(step: ApiCallStep, path: string, scope: ExpressionScope): string {
    const body = String(digest(step.body, scope))
    return hashOf(`${seed} ${path} tells the time`) % 3 === 0 ? `${body} at ${now}` : body
  }

  /** What happens to a step without anything being called; null for one that is to be called. */
  function beginning({ step, path, attempt, asked, scope }: Task): RunEvent | null {
    const before = stepAt(asked, path)
    try {
      if (step.when !== undefined && before.status === 'pending' && digest(step.when, scope) % 4 === 0)
        return { type: 'step.skipped', at: now, step: path }
      if (step.type === 'transform') digest(step.value, scope)
      if (step.type === 'ai') digest(step.prompt, scope)
      if (step.type === 'api_call') digest(step.body, scope)
      if (!isControl(step)) return null
      return entering(step, path, before, answerTo(step, scope, before.status === 'open'), now)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const failure = { code: 'EXPRESSION', message: error.message, retryable: false, retryAfterMs: null } as const
      return { type: 'step.failed', at: now, step: path, attempt, error: failure, retryAt: null }
    }
  }

  function depart({ path, attempt, key, body }: Task): void {
    if (unknown.has(path)) throw new Violation('once', `${path} leaves again though nobody knows what it did`)
    accounts.leaves({ path, attempt, key, body, round: roundOf(path) }, state)
    note(`  → ${path} leaves, key ${key}`)
  }

  function receive(task: Task): StepResult {
    const { path, attempt, key, body } = task
    const step = callOf(task.step)
    if (!step) throw new Violation('unknown', `${path} is no call`)
    const result = upstream.receive({ step, path, attempt, key, body, round: roundOf(path) })
    note(`  ← ${path}: ${result.ok ? 'ok' : result.error.message}`)
    return result
  }

  function outcome({ step, path, attempt }: Task, result: StepResult): RunEvent | null {
    if (isControl(step)) return null
    return outcomeOf(step, { path, attempt }, result, now, random.next())
  }

  function end(task: Task, event: RunEvent | null): void {
    if (!isFinished(state) && event) append(event)
    tasks.delete(task.path)
    advance()
  }

  function succeed(): void {
    succeeding = null
    if (state.status !== 'running') return
    const scope = scopeOf(record, steps, state, '')
    const last = scope.steps[definition.steps.at(-1)?.id ?? ''] ?? null
    const output = timeless(definition.output === undefined ? last : valuesOf(definition.output, scope))
    append({ type: 'run.succeeded', at: now, output })
    finish()
  }

  function finish(): void {
    wakeAt = Infinity
    sync()
  }

  function resume(): void {
    if (state.status !== 'running') return
    const event = recoveryOf(steps, state, (path) => tasks.has(path), now)
    if (event) append(event)
    advance()
  }

  function crash(): void {
    crashes++
    const kept = random.pick(flushed)
    note(`✗ dies: ${log.length - kept} events lost`)
    late.push(...[...tasks.values()].filter(({ phase, key }) => phase === 'out' && key !== '' && random.chance(0.5)))
    tasks = new Map()
    succeeding = null
    wakeAt = Infinity
    log = log.slice(0, kept)
    state = log.reduce(reduce, initialState)
    accounts.written(log)
    flushed = [kept]
    for (const [path, step] of stepsOf(state.steps)) {
      if (step.status !== 'running' || isAtMostOnce(steps.get(path))) continue
      accounts.excuse({ path, attempt: step.attempt, round: roundOf(path) })
    }
    now += random.int(3 * HEARTBEAT_MS)
    if (log.length === 0) append({ type: 'run.started', at: now, input: record.input })
    const counted = countLife(definition, state, lives, now)
    if (counted) lives = counted
    if (counted && counted.lives > MAX_LIVES) {
      append({ type: 'run.failed', at: now, error: { step: null, message: 'deadly' } })
      incomparable ??= 'it was deadly'
      return finish()
    }
    resume()
  }

  /** What somebody may do just now, or null. */
  function intervene(): (() => void) | null {
    if (state.status === 'paused' && random.chance(0.2))
      return () => {
        append({ type: 'run.resumed', at: now })
        sync()
        resume()
      }
    if (state.status === 'running' && random.chance(chances.pause))
      return () => {
        append({ type: 'run.paused', at: now })
        sync()
      }
    if ((state.status === 'running' || state.status === 'paused') && random.chance(chances.cancel))
      return () => {
        append({ type: 'run.cancelled', at: now })
        incomparable ??= 'it was cancelled'
        for (const task of tasks.values()) if (task.phase === 'out') tasks.delete(task.path)
        finish()
      }
    return null
  }

  function reopen(): void {
    const event = reopeningOf(definition, state, random.chance(0.5) ? { n: random.int(7) } : undefined, now)
    if (!event) throw new Violation('reopen', 'a failed run cannot be taken up again')
    reopenings++
    incomparable ??= 'it was taken up again'
    append(event)
    sync()
    resume()
  }

  /** A person settles one step that waits for one. */
  function decide(): boolean {
    if (isFinished(state)) return false
    const asking = [...stepsOf(state.steps)].filter(
      ([, step]) => step.status === 'asking' || step.status === 'uncertain',
    )
    if (asking.length === 0) return false
    const [path, step] = random.pick(asking)
    const approves = hashOf(`${seed} ${path} ${reopenings}`) % 10 > 0
    const verdict =
      step.status === 'asking'
        ? approves
          ? 'approve'
          : 'refuse'
        : random.pick(['repeat', 'repeat', 'done', 'refuse'] as const)
    if (step.status === 'uncertain' && verdict === 'repeat')
      accounts.excuse({ path, attempt: step.attempt, round: roundOf(path) })
    unknown.delete(path)
    if (step.status === 'uncertain' && verdict !== 'repeat') incomparable ??= `somebody decided on ${path}`
    const event = toEvent(path, step, { verdict, by: 'somebody', comment: null }, now)
    if (!event) throw new Violation('decide', `${verdict} does nothing to ${path}, which is ${step.status}`)
    append(event)
    sync()
    resume()
    return true
  }

  function duplicate(): void {
    const since = log.findLastIndex((event) => event.type === 'run.reopened')
    // Attempts of a step that is taken up anew count anew.
    const anew = (event: RunEvent, at: number) =>
      'step' in event &&
      log
        .slice(at)
        .some((later) => later.type === 'step.retried' && later.steps.some((path) => isWithin(event.step, path)))
    const ends = log.filter((event, at) => at > since && isOnce(event) && !anew(event, at))
    if (ends.length === 0) return
    const event = random.pick(ends)
    if (reduce(state, event) !== state) throw new Violation('duplicate', `${brief(event)} counts twice`)
  }

  function rebuilds(): void {
    const rebuilt = (JSON.parse(JSON.stringify(log)) as RunEvent[]).reduce(reduce, initialState)
    if (JSON.stringify(rebuilt) !== JSON.stringify(state)) throw new Violation('rebuild', 'the log gives another state')
  }

  /** One thing that may happen next. */
  function turn(): boolean {
    if (chances.crash > 0 && !isFinished(state) && random.chance(chances.crash)) return (crash(), true)
    const intervention = intervene()
    if (intervention) return (intervention(), true)
    if (random.chance(chances.flush)) flush()
    if (random.chance(0.02)) duplicate()
    if (random.chance(0.01)) rebuilds()
    const [first] = late
    if (first && random.chance(0.2)) {
      late = late.slice(1)
      note(`  (late: ${first.path})`)
      receive(first)
      return true
    }
    const going = [...tasks.values()]
    if (going.length > 0 && !random.chance(0.1)) {
      now += random.int(20)
      proceed(random.pick(going))
      return true
    }
    if (succeeding) return (succeed(), true)
    if (random.chance(0.3) && decide()) return true
    if (wakeAt < Infinity && state.status === 'running' && (going.length === 0 || random.chance(0.2))) {
      now = Math.max(now, wakeAt) + (random.chance(0.2) ? random.int(HEARTBEAT_MS) : 0)
      advance()
      return true
    }
    if (going.length > 0) return true
    return decide() || state.status === 'paused'
  }

  append({ type: 'run.started', at: now, input: record.input })
  advance()
  for (let round = 0; ; round++) {
    if (round > MAX_ROUNDS) throw new Violation('end', `no end after ${MAX_ROUNDS} rounds`)
    if (isFinished(state) && tasks.size === 0) {
      if (state.status !== 'failed' || reopenings >= MAX_REOPENINGS || !random.chance(chances.reopen)) break
      reopen()
    } else if (state.status === 'failed' && reopenings < MAX_REOPENINGS && random.chance(chances.reopen / 4)) reopen()
    else if (!turn())
      throw new Violation(
        'end',
        `nothing is going on: ${brief(log.at(-1))}, ${next(definition, state, now).length} to do`,
      )
  }
  rebuilds()
  return { state, log, crashes, events, incomparable }
}
