import type { Endpoint } from '../catalog/service.ts'
import { once } from '../catalog/once.ts'
import { findWords, loadInOrder, type EndpointWords } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
import { stem } from '../lib/stem.ts'
import { words } from '../lib/words.ts'
import { FREE_TEXT } from './lexicon.ts'
import { isSearch } from './slot-kinds.ts'
import { itemNames, outputLike } from './likeness.ts'
import { outputFor, type Output } from './outputs.ts'
import { resourceOf, slotsOf, type Slot } from './slots.ts'

/** Finds the operations of a connection whose answers hold what a slot asks for, the likeliest first. */
export type Producers = (connectionId: string, slot: Slot) => Promise<Producer[]>

const SEARCHED = 60
const LOADED = 24
// Of those that answer with things of the same make, under whatever name.
const ALIKE = 16
const KEPT = 14

/** Whether calling an operation changes nothing and needs no body. */
export function isPlainRead(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET' && endpoint.effect === 'read'
}

type Producer = { endpoint: Endpoint; output: Output }
type Load = (ids: readonly string[]) => Promise<Endpoint[]>

/** A finder for one plan: each kind of id is looked up once a connection, each operation read once. */
export function createProducers(ctx: Ctx): Producers {
  const lists = new Map<string, Promise<Producer[]>>()
  const loaded = new Map<string, Endpoint>()
  const load: Load = async (ids) => {
    const missing = ids.filter((id) => !loaded.has(id))
    for (const endpoint of await loadInOrder(ctx, missing)) loaded.set(endpoint.id, endpoint)
    return ids.flatMap((id) => loaded.get(id) ?? [])
  }
  return async (connectionId, slot) => {
    const { noun } = slot
    if (noun === null) return []
    const key = `${connectionId} ${noun} ${slot.words.at(-1)}`
    const list = lists.get(key) ?? once(ctx, `produce ${key}`, () => listProducers(ctx, load, connectionId, slot, noun))
    lists.set(key, list)
    return list
  }
}

async function listProducers(
  ctx: Ctx,
  load: Load,
  connectionId: string,
  slot: Slot,
  noun: string,
): Promise<Producer[]> {
  const isOwn = (endpoint: Endpoint) => resourceOf(endpoint.path) === noun
  const rank = (endpoint: Endpoint) =>
    (isOwn(endpoint) ? 0 : 2) +
    endpoint.parameters.filter((parameter) => parameter.required).length +
    (endpoint.deprecated ? 1 : 0) -
    // What searches by words finds a thing by its name.
    (slotsOf(endpoint).some(isSearch) ? 2 : 0)
  const hits = await load(await lookUp(ctx, connectionId, noun))
  const model = hits.find((endpoint) => isOwn(endpoint) && outputFor(endpoint, slot)?.fromList)
  const modelled = model ? itemNames(model) : new Set<string>()
  const alike = modelled.size > 0 ? await load(await lookUpItems(ctx, connectionId, modelled)) : []
  return [...new Set([...hits, ...alike])]
    .flatMap((endpoint) => {
      const output = outputFor(endpoint, slot) ?? outputLike(endpoint, modelled, 'id', noun)
      // What answers with the thing itself needs its id to begin with; what merely refers to it does not.
      const circular = output && !output.fromList && isOwn(endpoint)
      return output && !circular ? [{ endpoint, output }] : []
    })
    .toSorted((a, b) => rank(a.endpoint) - rank(b.endpoint))
    .slice(0, KEPT)
}

/** Ids of the operations that may answer with what a noun names. Whole ones, schemas and all, are read of the likeliest only. */
async function lookUp(ctx: Ctx, connectionId: string, noun: string): Promise<string[]> {
  const wanted = words(noun).map(stem)
  const found = await findWords(ctx, [{ terms: words(noun), limit: SEARCHED }], { connectionId, orFew: false })
  return found
    .filter(({ method, effect }) => method === 'GET' && effect === 'read')
    .map((each) => ({ id: each.id, worth: likelihood(each, wanted) }))
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, LOADED)
    .map(({ id }) => id)
}

/** Ids of operations that answer with the properties of a thing, whatever they call it: the films of a collection are its parts. */
async function lookUpItems(ctx: Ctx, connectionId: string, names: ReadonlySet<string>): Promise<string[]> {
  const terms = words([...names].join(' '))
  const found = await findWords(ctx, [{ terms, limit: ALIKE }], { connectionId, orFew: false })
  return found.filter(({ method, effect }) => method === 'GET' && effect === 'read').map(({ id }) => id)
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
