import type { Room } from '../context.ts'

/** How far a window reaches back: seconds that slide with the clock, or the calendar month (UTC). */
export type Span = Room['span']

/** Units counted by slot; a slot is a sixtieth of the span. Oldest first. */
export type Window = readonly (readonly [slot: number, units: number])[]

const SLOTS = 60

/**
 * The units that count against a limit at `now`. A slot counts whole until its last moment has left the span, so no
 * stretch of time as long as the span ever sees more than a limit that is held against this; the price is that room
 * comes back up to a sixtieth of the span late.
 */
export function usedIn(window: Window, span: Span, now: number): number {
  const gone = lastGone(span, now)
  let used = 0
  for (const [slot, units] of window) if (slot > gone) used += units
  return used
}

/** The window with `units` more (or, below zero, fewer) in the slot of `at`, and without what has left it by `now`. */
export function addTo(window: Window, span: Span, at: number, units: number, now: number): Window {
  const slot = slotOf(span, at)
  const gone = lastGone(span, now)
  const next: [slot: number, units: number][] = []
  let isIn = false
  for (const [other, held] of window) {
    if (other <= gone) continue
    if (other > slot && !isIn) {
      if (units > 0) next.push([slot, units])
      isIn = true
    }
    if (other !== slot) next.push([other, held])
    else {
      if (held + units > 0) next.push([slot, held + units])
      isIn = true
    }
  }
  if (!isIn && units > 0) next.push([slot, units])
  return next
}

/** The whole seconds, at least one, until `units` of what counts now have left the window. */
export function secondsUntilFree(window: Window, span: Span, units: number, now: number): number {
  if (span === 'month') return Math.max(1, Math.ceil((startOfMonth(slotOf(span, now) + 1) - now) / 1000))
  const gone = lastGone(span, now)
  const slotMs = (span * 1000) / SLOTS
  let freed = 0
  for (const [slot, held] of window) {
    if (slot <= gone) continue
    freed += held
    if (freed >= units) return Math.max(1, Math.ceil(((slot + SLOTS + 1) * slotMs - now) / 1000))
  }
  return span
}

function slotOf(span: Span, at: number): number {
  if (span !== 'month') return Math.floor((at * SLOTS) / (span * 1000))
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** The newest slot that does not count any more. */
function lastGone(span: Span, now: number): number {
  return slotOf(span, now) - (span === 'month' ? 1 : SLOTS + 1)
}

function startOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12)
}
