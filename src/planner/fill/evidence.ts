import { singular } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { FUNCTION_WORDS } from '../language/lexicon.ts'
import type { Entity } from '../understand/entity.ts'

const set = (list: string): ReadonlySet<string> => new Set(list.split(' '))

// Words of a name that say how a value is written, not which one it is: people leave them out.
const MEASURES = set(
  'count number num quantity amount value name text string list array field param percentage percent rate index id code cent',
)
const MEASURED = 0.5
const STARTS = set('from start starting begin beginning since min minimum origin source departure base after old')
const ENDS = set('to end ending until till max maximum destination target arrival before new')
const JOINS = set('to from')
const FROM = new Set(['from', 'since', 'between', 'starting', 'after'])
const TO = new Set(['to', 'into', 'until', 'till', 'through', 'before', 'in', '→'])

// "Permissions on the board": another thing follows, rather than the value.
const APART = set('on in for from by with to')

/**
 * How clearly the words around an entity name a slot, from 0 to 1: "a basic salary of 1000", "10 rows", "title: Report".
 * The nearer the name stands, and the more of it is said, the clearer.
 */
export function namedness(slot: Slot, entity: Entity): number {
  const wanted = telling(slot)
  if (wanted.length === 0) return 0
  // What has a unit of its own is not named by that of the value before: "for 90 minutes within 300 meters".
  const isOthers = (word: string) => unitOf(entity) !== null && UNITS.some(([units]) => units.has(word))
  const lead = entity.lead
    .map(singular)
    .filter((word) => !isOthers(word))
    .toReversed()
  const content = lead.filter((word) => wanted.includes(word) || !(FUNCTION_WORDS.has(word) || MEASURES.has(word)))
  // What is nearest names it; what another thing is between speaks of that.
  const near = share(wanted, content.slice(0, wanted.length + 1))
  const named = wanted.includes(content[0] ?? '') ? 0.4 + 0.6 * near : near * 0.6
  // "A rate of 5": of a name said in part only how it is measured.
  const measure = measureOf(entity)
  const measured = measure !== null && slot.noun === null && slot.words.includes(measure) ? MEASURED : 0
  const apart = lead.slice(
    0,
    lead.findIndex((word) => wanted.includes(word)),
  )
  const before = apart.some((word) => APART.has(word)) ? 0.85 * named : named
  const behind = entity.trail.map(singular)
  // Behind quotes only the very next word: `the "View" permission`.
  const trail = entity.kind === 'quoted' ? behind : behind.filter((word) => !FUNCTION_WORDS.has(word))
  const mayFollow = slot.noun === null && ['number', 'name', 'quoted'].includes(entity.kind)
  const after = mayFollow ? share(wanted, trail.slice(0, wanted.length)) : 0
  return Math.max(before, 0.9 * after, measured)
}

/** How a value is said to be measured, by the word before it: "at a rate of 5"; null where it is not said. */
export function measureOf({ lead }: Entity): string | null {
  const last = lead.map(singular).findLast((word) => !FUNCTION_WORDS.has(word))
  return last !== undefined && MEASURES.has(last) ? last : null
}

/** The words of a slot's name that say which value it is: all of `rowCount` but "count"; all, where nothing else is left. */
function telling(slot: Slot): readonly string[] {
  // Of `on-behalf-of` that is "behalf".
  const content = slot.words.filter((word) => !FUNCTION_WORDS.has(word))
  const own = slot.words.length > 2 && content.length > 0 ? content : slot.words
  const kept = own.filter((word) => !MEASURES.has(word) && !/^\d+$/.test(word))
  return kept.length > 0 ? kept : slot.words
}

function share(wanted: readonly string[], said: readonly string[]): number {
  return wanted.filter((word) => said.includes(word)).length / wanted.length
}

/** Whether an entity stands at the side of a pair that a slot is for: 1 where "from" meets `origin`, -1 where "to" does. */
export function sideFit(slot: Slot, entity: Entity): -1 | 0 | 1 {
  // `append_to_response` is no end of anything.
  const telling = slot.words.filter((word, at, { length }) => !JOINS.has(word) || at === 0 || at === length - 1)
  const starts = telling.some((word) => STARTS.has(word))
  const ends = telling.some((word) => ENDS.has(word))
  if (starts === ends) return 0
  const before = entity.lead.at(-1) ?? ''
  const other = entity.lead.length === 0 && entity.before.at(-1) === 'and' && entity.before.length > 1
  if (FROM.has(before)) return starts ? 1 : -1
  if (TO.has(before) || other) return ends ? 1 : -1
  // "100 USD to EUR": what "to" follows is what it comes from.
  return entity.trail[0] === 'to' ? (starts ? 1 : -1) : 0
}

const WEIGHTS = set('weight mass')
// What a number is a number of, by the word behind it, with the words of slots that take it.
const UNITS: readonly (readonly [units: ReadonlySet<string>, slots: ReadonlySet<string>])[] = [
  [
    set('second minute hour day week month year sec min hr'),
    set('duration time period term length interval timeout age span second minute hour day week month year'),
  ],
  [
    set('meter metre kilometer kilometre km mile foot feet inch cm mm yard'),
    set('distance height length radius width depth'),
  ],
  [set('kilogram kg gram pound lb lbs ounce oz ton'), WEIGHTS],
]
const SPANS = set('duration time period term interval timeout age span')
const SHARES = set('rate percent percentage interest discount tax tip share ratio')
const SUMS = set('amount price cost principal salary revenue expense budget bill fee balance total pay income')
const PHONES = set('phone telephone mobile tel fax cell number recipient to')
const HOSTS = set('ip address host ipv4')
const RANGES = set('range cell')
const YEAR = /^(?:19|20)\d\d$/
const IP = /^\d{1,3}(?:\.\d{1,3}){3}/
const PHONE = /^\+?[\d() .-]{8,}$/
const CELLS = /^[A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?$/

/** What the making of an entity says of a slot: 1 where it is just what the slot is for, -1 where it is for others. */
export function makingFit(slot: Slot, entity: Entity): -1 | 0 | 1 {
  const has = (those: ReadonlySet<string>) => slot.words.some((word) => those.has(word))
  const isFor = (those: ReadonlySet<string>, ...others: ReadonlySet<string>[]) =>
    has(those) ? 1 : others.some(has) ? -1 : 0
  const { kind, text } = entity
  if (kind === 'number') {
    if (entity.percent) return isFor(SHARES, SPANS, SUMS)
    // "5 pounds" may be what something weighs.
    if (entity.currency === 'GBP' && has(WEIGHTS)) return 1
    if (entity.money) return isFor(SUMS, SPANS, SHARES)
    const unit = unitOf(entity)
    if (unit) return isFor(unit, SUMS, SHARES)
    return YEAR.test(text) && slot.words.includes('year') ? 1 : 0
  }
  if (CELLS.test(text)) return has(RANGES) ? 1 : text.includes(':') ? -1 : 0
  if (kind !== 'id') return 0
  if (IP.test(text)) return has(HOSTS) || slot.schema['format'] === 'ipv4' ? 1 : -1
  return PHONE.test(text) ? isFor(PHONES) || -1 : 0
}

/** The words of slots that take what a number is a number of, by the unit behind it; null where none is. */
export function unitOf({ trail, text }: Entity): ReadonlySet<string> | null {
  const behind = singular(trail[0] ?? '')
  const joined = /[a-z]+$/i.exec(text)?.[0].toLowerCase() ?? ''
  return UNITS.find(([units]) => units.has(behind) || units.has(joined))?.[1] ?? null
}

/** The slot of one element, where a slot takes a list of plain values; null for any other. */
export function elementOf(slot: Slot): Slot | null {
  const { items } = slot.schema
  if (!typesOf(slot.schema).includes('array') || typeof items !== 'object' || items === null) return null
  return { ...slot, schema: items as Slot['schema'], words: slot.words.map(singular) }
}
