import type { Ctx } from '../context.ts'
import { replayOverSocket } from '../platform/sockets.ts'
import { Watchers } from '../platform/watchers.ts'
import type { RunRow } from './accept.ts'
import type { RunEvent } from './machine/events.ts'
import { initialState, reduce } from './machine/machine.ts'
import type { RunHistory, RunRecord } from './record.ts'
import type { Refusal } from './register/conditions.ts'
import { readStoredRun } from './stored-log.ts'
import { stub } from './stub.ts'
import { type Course, courseOf } from './undo/made-calls.ts'
import { type RunView, viewOf } from './view.ts'

/** What can be asked of a run, wherever it is kept. */
export type RunReader = {
  /** Null when the run never reached its object. */
  view(): Promise<RunView | null>
  /** The events after the one numbered `after`, at most `limit`. */
  events(after: number, limit: number): Promise<readonly RunEvent[]>
  /** Server-sent events after the one numbered `after`. */
  watch(after: number): Promise<ReadableStream<Uint8Array>>
  /** A WebSocket of the events after the one numbered `after`. */
  socket(after: number): Promise<Response>
  /** A large value as JSON. */
  value(id: number): Promise<string | null>
  /** All of it, every value whole; with a path no events of steps that have nothing to do with it. Null when the run never reached its object. */
  history(path?: string): Promise<RunHistory | null>
  /** How it stands and what it did. Null when the run never reached its object. */
  course(): Promise<Course | null>
}

/** How to read a run: from its row, where it is kept whole, or from its object. */
export function readRun(ctx: Ctx, { id, log }: Pick<RunRow, 'id' | 'log'>): RunReader {
  if (!log) {
    const object = stub(ctx, id)
    return {
      view: async () => toViewOrNull(await object.view()),
      events: async (after, limit) => toEvents(await object.events(after, limit)),
      watch: (after) => object.watch(after),
      socket: async (after) => {
        const url = `https://run.internal/?after=${after}`
        const { webSocket } = await object.fetch(url, { headers: { upgrade: 'websocket' } })
        return new Response(null, { status: 101, webSocket })
      },
      value: (valueId) => object.value(valueId),
      history: async (path) => toHistory(await object.history(path)),
      course: async () => toCourse(await object.course()),
    }
  }
  const { record, events } = readStoredRun(log)
  return {
    view: async () => viewOf(record, events.reduce(reduce, initialState)),
    events: async (after, limit) => events.slice(after, after + limit),
    watch: async (after) => new Watchers<RunEvent>().watch(events.slice(after), after, true),
    socket: async (after) => replayOverSocket(events.slice(after), after),
    value: async () => null,
    history: async (path) => ({
      record,
      events: path === undefined ? events : events.filter((event) => !('step' in event) || path.startsWith(event.step)),
    }),
    course: async () => courseOf({ record, events }),
  }
}

// RPC types give up on `unknown`, which here is always JSON, so the types of what an object answers are put back.

export function toView(answer: unknown): RunView {
  return answer as RunView
}

export function toStarted(answer: unknown): RunView | Refusal {
  return answer as RunView | Refusal
}

export function toRecord(answer: unknown): RunRecord {
  return answer as RunRecord
}

function toViewOrNull(answer: unknown): RunView | null {
  return answer === null ? null : toView(answer)
}

function toHistory(answer: unknown): RunHistory | null {
  return answer as RunHistory | null
}

function toCourse(answer: unknown): Course | null {
  return answer as Course | null
}

function toEvents(answer: unknown): readonly RunEvent[] {
  return answer as readonly RunEvent[]
}
