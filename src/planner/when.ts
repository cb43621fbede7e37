import type { Ctx } from '../context.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { readEvent } from './language/events.ts'
import { readRecurrence } from './language/recurrence.ts'
import type { Plan, PlanEvent, PlanSchedule } from './schema.ts'

/** When what a message asks for is to be done, apart from what that is. */
export type When = {
  /** The message without it; empty where that is all it says: "every Monday instead". */
  message: string
  /** Null where it is done once. */
  schedule: PlanSchedule | null
  /** What nobody said of it, and what was said and no timetable tells. */
  notes: string[]
  /** Whether it says anything of when. */
  isTold: boolean
  /** What it is to be done each time for; null where it is done once, or at set times. */
  event: PlanEvent | null
}

/** A message that says nothing of when, or of which that is not heeded. */
export function atOnce(message: string): When {
  return { message, schedule: null, notes: [], isTold: false, event: null }
}

// What stands for what was planned before: "run this every day", "make it weekly".
const SAME =
  /^\W*(?:(?:please|do|run|make|repeat|schedule|it|this|that|so|the\s+same|instead|rather|but|and|now|set|up)\b\W*)*$/i
const ONCE = /^\W*(?:(?:no|please|do|run|it|this|that|just|only)\b\W*)*once\b\W*(?:(?:only|instead|please|now)\b\W*)*$/i

/** Reads when a message wants done what it asks for; `last` is the plan before it in its chat. Pure but for the zone. */
export function readWhen(ctx: Ctx, message: string, last: Pick<Plan, 'schedule'> | null): When {
  if (last?.schedule && ONCE.test(message)) return { ...atOnce(''), isTold: true }
  const event = readEvent(message)
  if (event) {
    const { said, noun, request } = event
    return { ...atOnce(request), isTold: true, event: { said, noun } }
  }
  const found = readRecurrence(message)
  if (!found || (last === null && SAME.test(found.rest))) return atOnce(message)
  const { cron, words, timeZone: named, said, assumptions } = found
  const rest = SAME.test(found.rest) ? '' : found.rest
  if (cron === null) {
    const why = `“${said}” is not scheduled: no cron expression tells “${words}”`
    return { ...atOnce(rest), notes: [why], isTold: true }
  }
  const timeZone = named !== null && isTimeZone(named) ? named : (ctx.timeZone ?? 'UTC')
  return { ...atOnce(rest), schedule: { cron, timeZone, words }, notes: assumptions, isTold: true }
}
