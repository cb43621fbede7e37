import { plus } from '../../lib/days.ts'
import { offsetAt } from '../../lib/time-zone.ts'
import type { Now } from '../language/dates.ts'
import { dayExpression, dayOf, type MovingDay, type MovingDays } from '../language/moving-days.ts'
import type { Planned } from '../schema.ts'
import { mapTexts } from './map-texts.ts'

/** How a day stands in a plan that is made now, what gives it on the day of each run, and how it is told. */
type Form = { literal: string; expression: string; words: string }

const DAY_MS = 86_400_000

/**
 * A plan in which days that count from today are worked out anew in each run: where the message says "yesterday", its date
 * becomes an expression. `now` is when the plan was made. Pure.
 */
export function withMovingDays(planned: Planned, days: readonly MovingDays[], now: Now): Planned {
  const forms = days.flatMap((moving) => formsOf(moving, now)).toSorted((a, b) => b.literal.length - a.literal.length)
  if (forms.length === 0 || !planned.definition) return planned
  const told = (text: string) => forms.reduce((all, { literal, words }) => all.replaceAll(literal, words), text)
  return {
    ...planned,
    explanation: told(planned.explanation),
    assumptions: planned.assumptions.map(told),
    definition: mapTexts(planned.definition, { shown: told, sent: (text) => inText(text, forms) }),
    steps: planned.steps.map((step) => ({
      ...step,
      title: told(step.title),
      bindings: step.bindings.map((binding) => {
        const value = told(binding.value)
        return value === binding.value ? binding : { ...binding, source: 'expression' as const, value }
      }),
    })),
  }
}

/** The ways in which the days of a phrase are written into calls and conditions. */
function formsOf({ text, from, until }: MovingDays, now: Now): Form[] {
  return [...dayForms(until, now, wordsOf(until, text)), ...dayForms(from, now, wordsOf(from, text))]
}

const NEAR = new Map([
  [-1, 'yesterday'],
  [0, 'today'],
  [1, 'tomorrow'],
])

function wordsOf({ count, unit, edge }: MovingDay, text: string): string {
  if (edge !== null) return `the ${edge} day of ${text}`
  const near = unit === 'day' || count === 0 ? NEAR.get(count) : undefined
  const size = Math.abs(count)
  return near ?? `${size} ${unit}${size === 1 ? '' : 's'} ${count < 0 ? 'ago' : 'from then'}`
}

function dayForms(moving: MovingDay, now: Now, words: string): Form[] {
  const { timeZone } = now
  const day = dayOf(moving, now)
  const expression = dayExpression(moving, timeZone)
  const zone = JSON.stringify(timeZone)
  const at = (date: string, time: string) => {
    const local = `${date}T${time}`
    return `${local}${offsetAt(local, timeZone)}`
  }
  const utc = (ms: number) => new Date(ms).toISOString().slice(0, 19)
  const begins = Date.parse(at(day, '00:00:00'))
  const midnight = `$atTime(${expression}, "00:00:00", ${zone})`
  const written = (on: number) => `$substring($fromMillis($toMillis(${midnight})${on === 0 ? '' : ` + ${on}`}), 0, 19)`
  return [
    { literal: day, expression, words },
    { literal: plus(day, 1, 'day'), expression: `$plus(${expression}, 1, "day")`, words: `the day after ${words}` },
    { literal: at(day, '00:00:00'), expression: midnight, words: `the start of ${words}` },
    {
      literal: at(day, '23:59:59'),
      expression: `$atTime(${expression}, "23:59:59", ${zone})`,
      words: `the end of ${words}`,
    },
    { literal: utc(begins), expression: written(0), words: `the start of ${words}` },
    { literal: utc(begins + DAY_MS), expression: written(DAY_MS), words: `the end of ${words}` },
  ]
}

/** A text that is a day becomes what gives it; so do the texts of an expression. */
function inText(text: string, forms: readonly Form[]): string {
  const whole = forms.find(({ literal }) => literal === text)
  if (whole) return `{{ ${whole.expression} }}`
  if (!text.includes('{{')) return text
  return forms.reduce((all, { literal, expression }) => all.replaceAll(JSON.stringify(literal), expression), text)
}
