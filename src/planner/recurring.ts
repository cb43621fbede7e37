import { findTargets } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { dayAt } from '../lib/days.ts'
import { slotsOf } from '../links/slots.ts'
import { reviewDefinition } from '../workflows/runnable.ts'
import type { Asked } from './chats.ts'
import { type Now, nowOf } from './language/dates.ts'
import { type MovingDays, readMovingDays } from './language/moving-days.ts'
import { type Made, planByRules } from './make.ts'
import type { Planned } from './schema.ts'
import { withMovingDays } from './show/moving-days.ts'

// In another month, on another day of the week.
const LATER_MS = 45 * 86_400_000
const REPEATS = new Set(
  'recurrence recurring recurrent rrule repeat repeating frequency cadence cron interval schedule'.split(' '),
)

/**
 * A plan that is to run again and again: days that count from today are those of each run, which is said where it cannot
 * be had. Null where what is called repeats things by itself, so that the recurrence is told to it.
 */
export async function asRecurring(ctx: Ctx, asked: Asked, made: Made): Promise<Made | null> {
  const { planned } = made
  if (asked.schedule === null || planned.definition === null) return made
  if (await takesRecurrence(ctx, planned)) return null
  const now = nowOf(ctx)
  const days = readMovingDays(asked.request)
  const moved = withMovingDays(planned, days, now)
  const isHeld = await holdsLater(ctx, asked, made, { days, moved, now })
  const { findings } =
    isHeld && moved !== planned ? await reviewDefinition(ctx, moved.definition ?? planned.definition) : planned
  if (isHeld && findings.every(({ verdict }) => verdict !== 'wrong'))
    return { ...made, planned: { ...moved, findings } }
  const day = dayAt(now.at, now.timeZone)
  const note = `days that count from today are those of ${day} in every run: change them before it is scheduled`
  return { ...made, planned: { ...planned, assumptions: [...planned.assumptions, note] } }
}

/** The plan of another reading of what is asked, as it runs again and again. */
export function withDaysOfRun(ctx: Ctx, asked: Asked, planned: Planned): Planned {
  return asked.schedule === null ? planned : withMovingDays(planned, readMovingDays(asked.request), nowOf(ctx))
}

/** Whether a plan with moving days is the one that would be made on another day. */
async function holdsLater(
  ctx: Ctx,
  asked: Asked,
  { planned }: Made,
  { days, moved, now }: { days: readonly MovingDays[]; moved: Planned; now: Now },
): Promise<boolean> {
  const isSame = JSON.stringify(moved.definition) === JSON.stringify(planned.definition)
  // What a model would say another day is not asked.
  if (planned.planner === 'model') return days.length === 0 || !isSame
  const later = { ...now, at: now.at + LATER_MS }
  const then = await planByRules({ ...ctx, now: () => later.at }, asked)
  const expected = withMovingDays(then.planned, days, later).definition
  return JSON.stringify(expected) === JSON.stringify(moved.definition)
}

/** Whether an operation of a plan that changes something takes how often: a meeting that is repeated is made once. */
async function takesRecurrence(ctx: Ctx, { steps }: Planned): Promise<boolean> {
  const refs = steps.flatMap(({ api, operation, effect }) => {
    const [method = '', path = ''] = (operation ?? '').split(' ', 2)
    return api === null || operation === null || effect === 'read' ? [] : [{ api, method, path }]
  })
  const targets = refs.length > 0 ? await findTargets(ctx, refs) : []
  return targets.some(({ endpoint }) =>
    slotsOf(endpoint).some(
      ({ words, noun }) => noun === null && words.some((word) => REPEATS.has(word)) && !words.includes('id'),
    ),
  )
}
