import type { Ctx } from '../context.ts'
import { Watchers } from '../platform/watchers.ts'
import type { RunRow } from './accept.ts'
import { initialState, reduce, type RunEvent } from './machine.ts'
import type { RunRecord } from './record.ts'
import { readStoredRun } from './stored-log.ts'
import { stub } from './stub.ts'
import { viewOf, type RunView } from './view.ts'

/** What can be asked of a run, wherever it is kept. */
export type RunReader = {
  /** Null when the run never reached its object. */
  view(): Promise<RunView | null>
  /** The events after the one numbered `after`, at most `limit`. */
  events(after: number, limit: number): Promise<readonly RunEvent[]>
  /** Server-sent events after the one numbered `after`. */
  watch(after: number): Promise<ReadableStream<Uint8Array>>
  /** A large value as JSON. */
  value(id: number): Promise<string | null>
}

/** How to read a run: from its row, where it is kept whole, or from its object. */
export function readRun(ctx: Ctx, { id, log }: RunRow): RunReader {
  if (!log) {
    const object = stub(ctx, id)
    return {
      view: async () => toViewOrNull(await object.view()),
      events: async (after, limit) => toEvents(await object.events(after, limit)),
      watch: (after) => object.watch(after),
      value: (valueId) => object.value(valueId),
    }
  }
  const { record, events } = readStoredRun(log)
  return {
    view: async () => viewOf(record, events.reduce(reduce, initialState)),
    events: async (after, limit) => events.slice(after, after + limit),
    watch: async (after) => new Watchers<RunEvent>().watch(events.slice(after), after, true),
    value: async () => null,
  }
}

// RPC types give up on `unknown`, which here is always JSON, so the types of what an object answers are put back.

export function toView(answer: unknown): RunView {
  return answer as RunView
}

export function toRecord(answer: unknown): RunRecord {
  return answer as RunRecord
}

function toViewOrNull(answer: unknown): RunView | null {
  return answer === null ? null : toView(answer)
}

function toEvents(answer: unknown): readonly RunEvent[] {
  return answer as readonly RunEvent[]
}
