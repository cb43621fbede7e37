import type { Ctx } from '../context.ts'
import { apisOf } from '../steps/catalogue.ts'
import type { Targets } from '../steps/execute.ts'
import type { StepResult } from '../steps/result.ts'
import type { Step } from '../steps/schema.ts'
import { created, type RunRow } from './accept.ts'
import { RunDriver, type RunHome } from './driver.ts'
import { isForQueue } from './for-queue.ts'
import type { RunEvent } from './machine/events.ts'
import { stepsOf } from './machine/machine.ts'
import type { RunState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import { requestIn } from './recovery.ts'
import type { Refusal } from './register/conditions.ts'
import { type Entry, toEntry } from './register/entry.ts'
import { ELSEWHERE_MS, type Handed } from './run-keeper.ts'
import type { stub } from './stub.ts'

// A run that takes longer than this gets an object of its own, where it can be seen.
const AGE_MS = 1000

/** Where a run lives that has no object of its own, until it ends, moves, or is refused. */
export type ShortHome = Pick<RunHome, 'ctx' | 'bytes'> & {
  /** When it was asked for. */
  began: number
  /** Whether it may be here: the answer, where somebody is asked. */
  admission: Promise<Refusal | null>
  /** Takes note of an event; false where it is too much by now to be kept here, or to be handed on later, and the run moves. */
  note(event: RunEvent): boolean
  /** As that of `RunHome`. */
  settle(): Promise<void>
  /** Whether a step may be carried out here; where not, the run moves. */
  takes(step: Step): boolean
  /** The object of the run, which is told how calls ended that were out when it moved. */
  object(): ReturnType<typeof stub>
}

/** A run that did all it was to do. */
export type Succeeded = Extract<RunState, { status: 'succeeded' }>

/** How a run came to leave. */
export type Leaving =
  | { why: 'succeeded'; state: Succeeded }
  | { why: 'refused'; refusal: Refusal }
  /** `arrived` says that its object can be told how calls ended; `back` is there once they all have. */
  | { why: 'moving'; handed: Handed; arrived: () => void; back: Promise<unknown> }

/** A run of which somebody takes note as it goes. */
export type ShortRun = { record: RunRecord; targets: Targets; events: RunEvent[] }

/** What of a definition's steps is never carried out but in an object of the run's own: it takes long. */
export function takesLong(step: Step): boolean {
  return step.type === 'delay' || step.type === 'approval' || step.type === 'ai'
}

/**
 * Carries a run out until it succeeds, or has to move to an object of its own: at a step that the home does not take, when
 * something has to be waited for, when it fails, or when it is a second old. `events` are those so far, and are added to.
 * @throws what the admission was rejected with.
 */
export async function liveShortly(home: ShortHome, { record, targets, events }: ShortRun): Promise<Leaving> {
  const { ctx, began } = home
  const outcome = Promise.withResolvers<'ended' | 'moving' | Refusal>()
  const moved = Promise.withResolvers<void>()
  /** Steps of which the log says that they have begun, and of which nothing has left yet. */
  const unsent = new Set<string>()
  const out = new Set<Promise<StepResult>>()
  const leave = (how: 'moving' | Refusal) => {
    driver.stop()
    outcome.resolve(how)
  }
  const move = () => leave('moving')
  const driver = new RunDriver(
    {
      ctx,
      keep: (event) => {
        events.push(event)
        if (event.type === 'step.started') unsent.add(event.step)
        if (!home.note(event)) move()
      },
      settle: () => home.settle(),
      bytes: home.bytes,
      requestOf: (path) => requestIn(events, path),
      takes: (step, path, state) => {
        const stays = home.takes(step) && !isForQueue(step, path, state)
        if (!stays) move()
        return stays
      },
      make: ({ path }, prepared, signal) => {
        unsent.delete(path)
        const call = prepared.execute(signal)
        const back = () => void out.delete(call)
        out.add(call)
        call.then(back, back)
        return call
      },
      wakeAt: move,
      finish: async () => outcome.resolve('ended'),
      isElsewhere: () => false,
      late: async (event) => {
        await moved.promise
        await home.object().deliver(event)
      },
    },
    record,
    targets,
    [...events],
  )
  home.admission.then((refusal) => refusal && leave(refusal), outcome.reject)
  const stay = ctx.setAlarm(Math.max(0, began + AGE_MS - ctx.now()), move)
  if (events.length === 0) driver.append({ type: 'run.started', at: began, input: record.input })
  driver.advance()
  try {
    const how = await outcome.promise
    if (how === 'ended' && driver.state.status === 'succeeded') return { why: 'succeeded', state: driver.state }
    driver.stop()
    if (how !== 'ended' && how !== 'moving') {
      driver.abort()
      return { why: 'refused', refusal: how }
    }
    const handed = handOver(events, driver.state, unsent)
    const arrived = () => {
      moved.resolve()
      if (out.size === 0) return
      // What a run that is cancelled has out is broken off wherever it is; what an object that dies had is not wanted less.
      home
        .object()
        .wait(ELSEWHERE_MS)
        .then(
          () => driver.abort(),
          () => undefined,
        )
    }
    return { why: 'moving', handed, arrived, back: Promise.allSettled(out) }
  } catch (error) {
    driver.stop()
    driver.abort()
    throw error
  } finally {
    stay()
  }
}

/** What an object goes on from: that a step has begun of which nothing has left, and now will not, is no part of it. */
function handOver(events: readonly RunEvent[], state: RunState, unsent: ReadonlySet<string>): Handed {
  const begun = [...stepsOf(state.steps)].flatMap(([path, step]) => (step.status === 'running' ? [path] : []))
  const forgotten = new Set(
    begun.filter((path) => unsent.has(path)).map((path) => events.findLastIndex((event) => isStart(event, path))),
  )
  return {
    events: events.filter((_, index) => !forgotten.has(index)),
    running: begun.filter((path) => !unsent.has(path)),
  }
}

function isStart(event: RunEvent, path: string): boolean {
  return event.type === 'step.started' && event.step === path
}

/** What the register takes down of a run that succeeded without an object, for whoever asked for it. */
export function toStoredEntry(ctx: Ctx, row: RunRow, record: RunRecord, state: Succeeded, log: string): Entry {
  const { status, output } = state
  const finishedAt = new Date(state.finishedAt).toISOString()
  const audits = [created(row), { action: `run.${status}`, resource: row.id }]
  return toEntry(ctx, { ...row, status, finishedAt, output, log }, audits, apisOf(record.definition.steps))
}
