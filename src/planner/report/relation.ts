import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { outputFor } from '../../links/outputs.ts'
import type { Slot } from '../../links/slots.ts'
import { type PlainField, tellingWords } from '../fill/fields.ts'
import { PEOPLE } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import type { Report } from '../plan/report.ts'
import type { Candidate } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import type { ReportWish } from './wish.ts'

/** A list that a phrase may mean. */
export type Listing = {
  endpoint: Endpoint
  candidate: Pick<Candidate, 'score' | 'sure'>
  clause: Clause
  fields: readonly PlainField[]
  noun: string
  /** Where each call lists what belongs to one of some owners: those, the slot that takes one, and the path of what it takes. */
  of?: { owners: Listing; slot: Slot; id: string }
}

/** What relates things to what they are put together by: their own field, or one that identifies an owner; `all` lists them all. */
export type Relation = {
  key: Report['key']
  owner: { listing: Listing; id: string } | null
  all?: Listing
  /** What a field of the things identifies, whose own field puts them together or tells the owner: orders by the city of their customers. */
  holder?: { listing: Listing; id: string; path: string }
}

// As near as "clients" is to "customers".
const ALIKE = 0.8
const CHARS: Record<string, number> = { day: 10, month: 7, year: 4 }

/** Whether what is listed is what the phrase is about. */
export function isCalled({ noun, clause }: Listing): boolean {
  const { head } = clause
  return head !== null && words(noun).some((word) => stem(word) === head || relatedness(head, stem(word)) >= ALIKE)
}

/**
 * What relates things so that what is wished can be worked out; null where nothing does. Lists of what stands `between`
 * things and owners are gone through where things do not tell their owner themselves. Pure.
 */
export function relate(
  wish: ReportWish,
  things: Listing,
  listed: readonly Listing[],
  between: readonly Listing[] = [],
): Relation | null {
  const { by } = wish
  // What belongs together is of one API rather than of two.
  const owners = listed.toSorted((a, b) => Number(isElsewhere(a, things)) - Number(isElsewhere(b, things)))
  if (wish.kind === 'groups' && by === null && wish.order === null) return { key: null, owner: null }
  if (wish.kind === 'share') {
    const all = owners.find(({ endpoint }) => endpoint.id === things.endpoint.id)
    return all ? { key: null, owner: null, all } : null
  }
  const groups = (wish.kind === 'groups' || wish.kind === 'best') && by !== null
  const own = groups ? (ownField(things, by) ?? timeField(things, by)) : null
  const alike = own ?? (wish.kind === 'best' ? referenceTo(things, wish.by) : null)
  if (alike) return { key: alike, owner: null }
  if (wish.kind === 'best') return relateByHolder(things, [...owners, ...between], wish.by, referenceTo)
  const called = owners.filter((owner) => (by === null ? isPeople(owner) : isCalled(owner)))
  const [first] = called.flatMap((owner) => {
    const related = ownerField(things, owner)
    return related && owner.endpoint.id !== things.endpoint.id ? [{ ...related, listing: owner }] : []
  })
  if (first) return { key: { path: first.field.path, chars: null, name: first.listing.noun }, owner: first }
  const through = RELATED_THROUGH.has(wish.kind) ? relateThrough(things, between, called) : null
  return through ?? (groups ? relateByHolder(things, owners, by) : null)
}

// What is told of owners alone.
const RELATED_THROUGH: ReadonlySet<ReportWish['kind']> = new Set(['groups', 'having', 'nested'])

/** "Customers with the most refunds": a refund is of an order, and that of a customer. */
function relateThrough(things: Listing, between: readonly Listing[], owners: readonly Listing[]): Relation | null {
  for (const listing of owners)
    for (const middle of between) {
      const [to, from] = [ownerField(things, middle), ownerField(middle, listing)]
      if (!to || !from || middle.endpoint.id === listing.endpoint.id) continue
      return {
        key: { path: to.field.path, chars: null, name: listing.noun },
        owner: { listing, id: from.id },
        holder: { listing: middle, id: to.id, path: from.field.path },
      }
    }
  return null
}

/** The field of a thing that identifies what a phrase names: "customer" → `customerId`. */
function referenceTo({ fields }: Listing, by: string): Report['key'] {
  const said = words(by).map(singular)
  const isNamed = (noun: string) => noun === said.join(' ') || (said.length === 1 && words(noun).at(-1) === said[0])
  const field = fields.find(({ slot }) => slot.noun !== null && isNamed(slot.noun))
  return field ? { path: field.path, chars: null, name: said.join(' ') } : null
}

/** Whether two lists are those of different APIs. */
export function isElsewhere(one: Listing, other: Listing): boolean {
  return one.endpoint.connectionId !== other.endpoint.connectionId
}

/** "Orders by customer city": things by a field of what they belong to. */
function relateByHolder(
  things: Listing,
  owners: readonly Listing[],
  by: string,
  refer: typeof referenceTo = () => null,
): Relation | null {
  for (const listing of owners) {
    const field = ownField(listing, by) ?? ownField(listing, withoutOwner(by, listing.noun)) ?? refer(listing, by)
    const related = field && listing.endpoint.id !== things.endpoint.id && ownerField(things, listing)
    if (!field || !related) continue
    const key = { path: related.field.path, chars: null, name: field.name }
    return { key, owner: null, holder: { listing, id: related.id, path: field.path } }
  }
  return null
}

/** "Customer city", "the customer's city", "the city of the customer" → city. */
function withoutOwner(by: string, noun: string): string {
  const owner = new Set(words(noun))
  return words(by)
    .filter((word) => !owner.has(singular(word)) && word !== 's' && word !== 'of' && word !== 'the')
    .join(' ')
}

function isPeople({ noun }: Listing): boolean {
  return words(noun).some((word) => PEOPLE.has(word))
}

/** The field of a thing that is called as the phrase is: "status". */
function ownField({ fields }: Listing, by: string): Report['key'] {
  const said = words(by).map(singular).join(' ')
  const field = fields.find((each) => tellingWords(each).join(' ') === said)
  return field ? { path: field.path, chars: null, name: field.slot.name } : null
}

/** The field that tells when a thing came up, where days, months or years are asked for. */
function timeField({ fields }: Listing, by: string): Report['key'] {
  const chars = CHARS[singular(by.toLowerCase())]
  if (chars === undefined) return null
  const times = fields.filter(({ slot }) => String(slot.schema['format']).startsWith('date'))
  const created = times.find(({ slot }) => /creat|order|placed|issued|opened/i.test(slot.name))
  const time = times.length === 1 ? times[0] : created
  return time ? { path: time.path, chars, name: singular(by.toLowerCase()) } : null
}

/** The field of a thing that identifies an owner, with what identifies it among the owners: `customerId` and `id`. */
export function ownerField(things: Listing, owner: Listing): { field: PlainField; id: string } | null {
  const list = listOf(owner.endpoint)
  for (const field of things.fields) {
    const { noun } = field.slot
    if (noun === null || (noun !== owner.noun && words(noun).at(-1) !== words(owner.noun).at(-1))) continue
    const path = outputFor(owner.endpoint, field.slot)?.path
    const first = `${list?.path}[0].`
    if (path?.startsWith(first)) return { field, id: path.slice(first.length) }
  }
  return null
}
