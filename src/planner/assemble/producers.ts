import { once } from '../../catalog/once.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { type EndpointWords, findWords, loadInOrder } from '../../catalog/words.ts'
import type { Ctx } from '../../context.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { kindOf } from '../../links/answers.ts'
import { needKey } from '../../links/graph.ts'
import { canTake, inWords, type Need, needOf, type Output } from '../../links/outputs.ts'
import { type Giver, giverOf, isGiver, makeFor, producersOf } from '../../links/producers.ts'
import { readProducers, readProducersElsewhere, type StoredProducer } from '../../links/read.ts'
import { EVERYBODY, peopleFor, roleOf } from '../../links/roles.ts'
import { FREE_TEXT } from '../../links/slot-kinds.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'

/** Finds the operations whose answers hold what a slot of a connection asks for, the likeliest first. */
export type Producers = {
  /** Those of the same connection. */
  within: (connectionId: string, slot: Slot) => Promise<Producer[]>
  /** Those of the others that are in use, as far as their graphs are there. */
  elsewhere: (connectionId: string, slot: Slot) => Promise<Producer[]>
}

const SEARCHED = 60
const LOADED = 24
// Of those that answer with things of the same make, under whatever name.
const ALIKE = 16

/** Whether calling an operation changes nothing and needs no body. */
export function isPlainRead(endpoint: { method: string; effect: string }): boolean {
  return endpoint.method === 'GET' && endpoint.effect === 'read'
}

/** An operation with the field of its answer that holds what is asked for. */
export type Producer = { endpoint: Endpoint; output: Output }
type Load = (ids: readonly string[]) => Promise<Endpoint[]>

/** A finder for one plan: each need is looked up once a connection, each operation read once. */
export function createProducers(ctx: Ctx): Producers {
  const lists = new Map<string, Promise<Producer[]>>()
  const loaded = new Map<string, Endpoint>()
  const load: Load = async (ids) => {
    const missing = ids.filter((id) => !loaded.has(id))
    for (const endpoint of await loadInOrder(ctx, missing)) loaded.set(endpoint.id, endpoint)
    return ids.flatMap((id) => loaded.get(id) ?? [])
  }
  const find = async (slot: Slot, of: string, read: (need: Need) => Promise<Producer[]>) => {
    const need = needOf(slot)
    if (!need) return []
    const key = `${of} ${needKey(need)}`
    const list = lists.get(key) ?? once(ctx, `produce ${key}`, () => read(need))
    lists.set(key, list)
    const kind = kindOf(slot.schema)
    return (await list).filter(({ output }) => canTake(kind, output))
  }
  const within = (id: string, slot: Slot) => find(slot, `in ${id}`, (need) => findProducers(ctx, load, id, need))
  return {
    // Whoever has a role is one of everybody, where nothing lists those who have it.
    within: async (id, slot) => {
      const own = await within(id, slot)
      if (roleOf(slot.noun) === null || own.some(({ output }) => output.reason === 'own')) return own
      const [people] = peopleFor(slot.noun ?? '', await listedPeople(ctx, id))
      return people === undefined ? own : [...(await within(id, { ...slot, noun: people, words: ['id'] })), ...own]
    },
    elsewhere: (id, slot) =>
      find(slot, `beside ${id}`, async (need) =>
        loadProducers(load, need, await readProducersElsewhere(ctx, id, need)),
      ),
  }
}

/** What lists of everybody an API has, by what they are of. */
function listedPeople(ctx: Ctx, connectionId: string): Promise<string[]> {
  return once(ctx, `everybody in ${connectionId}`, async () => {
    const terms = [...EVERYBODY]
    const found = await findWords(ctx, [{ terms, limit: SEARCHED, by: 'path' }], { connectionId, orFew: false })
    return [
      ...new Set(
        found
          .filter(isPlainRead)
          .filter(({ path }) => !path.includes('{'))
          .map(({ path }) => resourceOf(path)),
      ),
    ]
  })
}

async function findProducers(ctx: Ctx, load: Load, connectionId: string, need: Need): Promise<Producer[]> {
  const stored = await readProducers(ctx, connectionId, need)
  return stored ? loadProducers(load, need, stored) : searchProducers(ctx, load, connectionId, need)
}

async function loadProducers(load: Load, need: Need, stored: readonly StoredProducer[]): Promise<Producer[]> {
  const endpoints = new Map((await load(stored.map(({ endpointId }) => endpointId))).map((one) => [one.id, one]))
  return stored.flatMap(({ endpointId, path, types, format, reason }) => {
    const endpoint = endpoints.get(endpointId)
    if (!endpoint || !isPlainRead(endpoint)) return []
    const output = { path, types, format, reason, ...inWords(path, need.noun, resourceOf(endpoint.path)) }
    return [{ endpoint, output }]
  })
}

/** What the graph does not tell, as far as words find it: of an API whose graph is not there yet, and of what only a message speaks of. */
async function searchProducers(ctx: Ctx, load: Load, connectionId: string, need: Need): Promise<Producer[]> {
  const hits = await loadGivers(load, await lookUp(ctx, connectionId, need.noun))
  const make = makeFor(need, hits)
  const alike = make ? await loadGivers(load, await lookUpItems(ctx, connectionId, make.names)) : []
  const givers = new Map([...hits, ...alike].map((giver) => [giver.endpoint.id, giver]))
  return producersOf(need, [...givers.values()], make).map(({ giver, output }) => ({
    endpoint: giver.endpoint,
    output,
  }))
}

async function loadGivers(load: Load, ids: readonly string[]): Promise<(Giver & { endpoint: Endpoint })[]> {
  return (await load(ids)).filter(isGiver).map((endpoint) => ({ ...giverOf(endpoint), endpoint }))
}

/** Ids of the operations that may answer with what a noun names. Whole ones, schemas and all, are read of the likeliest only. */
async function lookUp(ctx: Ctx, connectionId: string, noun: string): Promise<string[]> {
  const wanted = words(noun).map(stem)
  const found = await findWords(ctx, [{ terms: words(noun), limit: SEARCHED }], { connectionId, orFew: false })
  return found
    .filter(isPlainRead)
    .map((each) => ({ id: each.id, worth: likelihood(each, wanted) }))
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, LOADED)
    .map(({ id }) => id)
}

/** Ids of operations that answer with the properties of a thing, whatever they call it: the films of a collection are its parts. */
async function lookUpItems(ctx: Ctx, connectionId: string, names: ReadonlySet<string>): Promise<string[]> {
  const terms = words([...names].join(' '))
  const found = await findWords(ctx, [{ terms, limit: ALIKE }], { connectionId, orFew: false })
  return found.filter(isPlainRead).map(({ id }) => id)
}

/** How likely an operation answers with what some stems name, by its words alone. */
function likelihood({ path, parameters }: EndpointWords, wanted: readonly string[]): number {
  const parts = path.split('/').filter((part) => part !== '')
  const has = (text: string) => words(text).some((word) => wanted.includes(stem(word)))
  const fixed = parts.filter((part) => !part.startsWith('{'))
  const searches = words(parameters).some((word) => FREE_TEXT.has(word))
  const needed = parts.length - fixed.length
  return (has(fixed.at(-1) ?? '') ? 3 : has(fixed.join(' ')) ? 1.5 : 0) + (searches ? 1 : 0) - needed
}
