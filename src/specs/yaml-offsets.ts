import { EVENT_ID, getScalarValue, parseEvents, type Event } from 'js-yaml'
import { forget, type Target } from './pointer-tree.ts'

type Open = { target: Target | null; list: boolean; index: number; name: string | null; at: number }

/** Finds places in a text that is valid YAML. What an alias stands for is written elsewhere and is not looked into. */
export function yamlOffsets(text: string, root: Target): void {
  const open: Open[] = []
  for (const event of eventsOf(text)) {
    if (event.type === EVENT_ID.POP) {
      open.pop()
      continue
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      open.push({ target: null, list: false, index: 0, name: null, at: 0 })
      continue
    }
    const top = open.at(-1)
    const offset = startOf(event)
    if (top && isName(event, top, open.length)) {
      top.name = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : ''
      top.at = offset
      continue
    }
    const target = open.length === 1 ? root : top ? enter(top, offset) : null
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING)
      open.push({ target, list: event.type === EVENT_ID.SEQUENCE, index: 0, name: null, at: 0 })
  }
}

/** The events of a text, none where it cannot be read. */
function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, { maxDepth: 250 })
  } catch {
    return []
  }
}

/** Whether an event is the name of a member; the outermost that is open is the document itself. */
function isName(event: Event, top: Open, depth: number): boolean {
  return depth > 1 && !top.list && top.name === null && event.type !== EVENT_ID.POP
}

function enter(top: Open, offset: number): Target | null {
  const name = top.list ? String(top.index++) : (top.name ?? '')
  const target = top.target?.inner.get(name) ?? null
  if (target) {
    forget(target)
    target.offset = top.list ? offset : top.at
  }
  top.name = null
  return target
}

/** Where an event starts; what is not there has the offset -1. */
function startOf(event: Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>): number {
  let first = Infinity
  const take = (offset: number) => {
    if (offset >= 0 && offset < first) first = offset
  }
  take(event.anchorStart)
  if (event.type === EVENT_ID.ALIAS) return first
  take(event.tagStart)
  take(event.type === EVENT_ID.SCALAR ? event.valueStart : event.start)
  return first === Infinity ? 0 : first
}
