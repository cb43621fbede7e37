import type { Endpoint } from '../../catalog/service.ts'
import { loadInOrder } from '../../catalog/words.ts'
import type { Ctx } from '../../context.ts'
import { plural } from '../../lib/words.ts'
import { listOf, quote } from '../../links/lists.ts'
import { resourceOf, type Slot, slotsOf } from '../../links/slots.ts'
import { isPlainRead, type Producers } from '../assemble/producers.ts'
import { plainFields } from '../fill/fields.ts'
import { nowOf } from '../language/dates.ts'
import type { Candidate } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import { understand } from '../understand/understand.ts'
import type { Listing } from './relation.ts'

const TRIED = 10
// Of how many lists of things, and how many of their fields, it is looked up what they refer to.
const BETWEEN = 2
const REFERENCES = 6

/** What lists are looked for with: those whose ids are in `without` are not used. */
export type Lists = { ctx: Ctx; without: ReadonlySet<string>; producers: Producers }

/** The operations that list something without needing to be told of what, the likeliest first. */
export async function listingsOf(lists: Lists, clause: Clause, candidates: readonly Candidate[]): Promise<Listing[]> {
  return (await likely(lists, candidates)).flatMap(({ endpoint, candidate }) => asListing(endpoint, candidate, clause))
}

/** The operations that list what belongs to an owner whom they have to be told, as lists of what belongs to every one. */
export async function listingsOfEach(
  lists: Lists,
  clause: Clause,
  candidates: readonly Candidate[],
): Promise<Listing[]> {
  const found = await likely(lists, candidates)
  const listed = await Promise.all(
    found.map(async ({ endpoint, candidate }) => {
      const [slot, ...others] = slotsOf(endpoint).filter(({ required }) => required)
      if (!slot || others.length > 0 || slot.in !== 'path' || slot.noun === null) return []
      const [owners] = await listsOfAll(lists, endpoint, slot, candidate)
      return owners ? asListing(endpoint, candidate, clause, { slot, ...owners }) : []
    }),
  )
  return listed.flat()
}

async function likely({ ctx, without }: Lists, candidates: readonly Candidate[]) {
  const reads = candidates.filter(({ found }) => found.effect === 'read' && !without.has(found.id)).slice(0, TRIED)
  const byId = new Map(reads.map((candidate) => [candidate.found.id, candidate]))
  const loaded = await loadInOrder(ctx, [...byId.keys()])
  return loaded.flatMap((endpoint) => {
    const candidate = byId.get(endpoint.id)
    return candidate ? [{ endpoint, candidate }] : []
  })
}

/** The lists of what things refer to: of a refund, the orders. */
export async function listingsBetween(lists: Lists, things: readonly Listing[]): Promise<Listing[]> {
  const references = things
    .slice(0, BETWEEN)
    .flatMap(({ endpoint, fields, candidate }) => fields.map(({ slot }) => ({ slot, endpoint, candidate })))
    .filter(({ slot }) => slot.noun !== null)
  const found = await Promise.all(
    references
      .slice(0, REFERENCES)
      .map(({ slot, endpoint, candidate }) => listsOfAll(lists, endpoint, slot, candidate)),
  )
  return found.flat().map(({ owners }) => owners)
}

/** The lists of all things that a slot may ask for, with the path of what it takes of one. */
async function listsOfAll(
  { ctx, without, producers }: Lists,
  { connectionId }: Endpoint,
  slot: Slot,
  candidate: Listing['candidate'],
): Promise<{ owners: Listing; id: string }[]> {
  const [clause] = understand(`list ${plural(slot.noun ?? '')}`, nowOf(ctx))
  if (!clause) return []
  const given = await producers.within(connectionId, slot)
  return given.flatMap(({ endpoint, output }) => {
    const item = `${listOf(endpoint)?.path}[0].`
    if (without.has(endpoint.id) || resourceOf(endpoint.path) !== slot.noun || !output.path.startsWith(item)) return []
    return asListing(endpoint, candidate, clause).map((owners) => ({ owners, id: output.path.slice(item.length) }))
  })
}

/** An operation as what it lists; nothing where it lists nothing, or has to be told of what and it is not known of whom. */
function asListing(
  endpoint: Endpoint,
  candidate: Listing['candidate'],
  clause: Clause,
  of?: NonNullable<Listing['of']>,
): Listing[] {
  const list = listOf(endpoint)
  if (!list || !isPlainRead(endpoint) || (!of && slotsOf(endpoint).some(({ required }) => required))) return []
  const own = of ? [{ path: quote(of.slot.name), slot: of.slot }] : []
  const fields = plainFields(list.items).filter(({ slot }) => slot.name !== of?.slot.name)
  return [
    { endpoint, candidate, clause, fields: [...own, ...fields], noun: resourceOf(endpoint.path), ...(of && { of }) },
  ]
}
