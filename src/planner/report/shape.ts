import { singular, words } from '../../lib/words.ts'
import { orderAskedFor } from '../assemble/pick.ts'
import { amountOf } from '../assemble/result.ts'
import { tellingWords } from '../fill/fields.ts'
import type { Groups, ReportShape } from '../plan/report.ts'
import { understand } from '../understand/understand.ts'
import { TAKINGS } from './patterns.ts'
import type { Listing, Relation } from './relation.ts'
import type { Measure, ReportWish } from './wish.ts'

// What is sold is taken in by one of these.
const SALES = new Set('order sale invoice payment transaction purchase booking charge receipt'.split(' '))

/** Whether things are something that is sold by. */
export function isSale({ noun }: Listing): boolean {
  return SALES.has(words(noun).at(-1) ?? '')
}

/** What is worked out of things for a wish; null where they have no such field, or several that may be meant. */
export function shapeOf(wish: ReportWish, things: Listing, { owner }: Relation): ReportShape | null {
  switch (wish.kind) {
    case 'groups': {
      const measure = measured(wish.measure, wish.things, things)
      return measure && { kind: 'groups', measure, order: wish.order, limit: wish.limit }
    }
    case 'having':
      return { kind: 'having', least: wish.least, most: wish.most, counts: wish.counts }
    case 'share':
      // Its call is added last.
      return { kind: 'share', of: 1 }
    case 'joined': {
      const fields = owner ? fieldsNamed(owner.listing, wish.fields) : []
      return fields.length === 0 ? null : { kind: 'joined', fields }
    }
    case 'nested':
      return { kind: 'nested' }
    case 'best': {
      const order = orderWished(wish.order, wish.things, things)
      return order && { kind: 'best', ...order, limit: wish.limit }
    }
    default:
      return wish satisfies never
  }
}

/** The number of a thing that is meant; null where it has none of that name, or several that may be. */
function measured(measure: Measure, said: string | null, things: Listing): Groups['measure'] | null {
  if (measure.kind === 'count') return measure
  const { fields, noun } = things
  const name = words(measure.field).map(singular)
  const isThing = said === null && name.join(' ') === noun
  const isTaken = words(measure.field).some((word) => TAKINGS.test(word))
  if (said === null && !isThing && isTaken && !isSale(things)) return null
  const amount = amountOf(fields, isThing ? '' : measure.field)
  const isNamed = amount && tellingWords(amount).some((word) => name.includes(word))
  // "Average price by category": it is the field that tells which list is meant.
  if (!amount || (said === null && !isThing && !isTaken && !isNamed)) return null
  return { kind: measure.kind, path: amount.path, name: amount.slot.name }
}

/** By what things are put in order: the field that is named, when they came up, or for "the biggest" the only amount there is. */
function orderWished(
  order: string,
  said: string,
  { fields }: Listing,
): { path: string; name: string; descending: boolean } | null {
  const [clause] = understand(`list ${order} ${said}`)
  const asked = clause && orderAskedFor(fields, clause)
  if (asked) return { path: asked.path, name: asked.words, descending: asked.descending }
  const bySize = SIZES[order.toLowerCase()]
  const amount = bySize === undefined ? null : amountOf(fields, '')
  return amount && { path: amount.path, name: amount.slot.name, descending: bySize === 'descending' }
}

const SIZES: Record<string, 'ascending' | 'descending'> = {
  highest: 'descending',
  largest: 'descending',
  biggest: 'descending',
  lowest: 'ascending',
  smallest: 'ascending',
}

/** Fields of the owner by their names, each under a name that tells whose it is; none where one is not found. */
function fieldsNamed({ fields, noun }: Listing, said: string): { name: string; path: string }[] {
  const parts = said.split(/,\s*(?:and\s+)?|\s+and\s+/).map((part) => words(part).map(singular).join(' '))
  const found = parts.flatMap((part) => fields.find((field) => tellingWords(field).join(' ') === part) ?? [])
  if (found.length < parts.length) return []
  return found.map(({ path, slot }) => ({
    name: `${noun} ${slot.name}`.replaceAll(/\s+(\S)/g, (_, next: string) => next.toUpperCase()),
    path,
  }))
}
