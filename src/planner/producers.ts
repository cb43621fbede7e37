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
export type Producers = (connectionId: string, slot: Slot) => Promise<{ endpoint: Endpoint; output: Output }[]>

const SEARCHED = 60
const LOADED = 24
const KEPT = 10

/** Whether calling an operation changes nothing and needs no body. */
export function isPlainRead(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET' && endpoint.effect === 'read'
}

/** A finder for one plan: each noun is looked up once a connection. */
export function createProducers(ctx: Ctx): Producers {
  const found = new Map<string, Promise<Endpoint[]>>()
  return async (connectionId, slot) => {
    if (slot.noun === null) return []
    const key = `${connectionId} ${slot.noun}`
    const { noun } = slot
    const search = found.get(key) ?? once(ctx, `produce ${key}`, () => lookUp(ctx, connectionId, noun))
    found.set(key, search)
    const rank = (endpoint: Endpoint) =>
      (resourceOf(endpoint.path) === slot.noun ? 0 : 2) +
      endpoint.parameters.filter((parameter) => parameter.required).length +
      (endpoint.deprecated ? 1 : 0) -
      // What searches by words finds a thing by its name.
      (slotsOf(endpoint).some(isSearch) ? 2 : 0)
    const hits = await search
    const model = hits.find(
      (endpoint) => resourceOf(endpoint.path) === slot.noun && outputFor(endpoint, slot)?.fromList,
    )
    const modelled = model ? itemNames(model) : new Set<string>()
    return hits
      .flatMap((endpoint) => {
        const output = outputFor(endpoint, slot) ?? outputLike(endpoint, modelled, 'id', slot.noun ?? '')
        // What answers with the thing itself needs its id to begin with; what merely refers to it does not.
        const circular = output && !output.fromList && resourceOf(endpoint.path) === slot.noun
        return output && !circular ? [{ endpoint, output }] : []
      })
      .toSorted((a, b) => rank(a.endpoint) - rank(b.endpoint))
      .slice(0, KEPT)
  }
}

async function lookUp(ctx: Ctx, connectionId: string, noun: string): Promise<Endpoint[]> {
  const wanted = words(noun).map(stem)
  const found = await findWords(ctx, [{ terms: words(noun), limit: SEARCHED }], { connectionId, orFew: false })
  // Whole operations, schemas and all, are read of the likeliest only.
  const likely = found
    .filter(({ method, effect }) => method === 'GET' && effect === 'read')
    .map((each) => ({ id: each.id, worth: likelihood(each, wanted) }))
    .toSorted((a, b) => b.worth - a.worth)
  return loadInOrder(
    ctx,
    likely.slice(0, LOADED).map(({ id }) => id),
  )
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
