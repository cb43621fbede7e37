import { searchEndpoints, type Endpoint } from '../catalog/service.ts'
import type { Ctx } from '../context.ts'
import { words } from '../lib/words.ts'
import { isSearch } from './fit.ts'
import { outputFor, type Output } from './outputs.ts'
import { resourceOf, slotsOf, type Slot } from './slots.ts'

/** Finds the operations of a connection whose answers hold what a slot asks for, the likeliest first. */
export type Producers = (connectionId: string, slot: Slot) => Promise<{ endpoint: Endpoint; output: Output }[]>

const SEARCHED = 30
const KEPT = 6

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
    const search = found.get(key) ?? lookUp(ctx, connectionId, slot.noun)
    found.set(key, search)
    const rank = (endpoint: Endpoint) =>
      (resourceOf(endpoint.path) === slot.noun ? 0 : 2) +
      endpoint.parameters.filter((parameter) => parameter.required).length +
      (endpoint.deprecated ? 1 : 0) -
      // What searches by words finds a thing by its name.
      (slotsOf(endpoint).some(isSearch) ? 2 : 0)
    return (await search)
      .flatMap((endpoint) => {
        const output = outputFor(endpoint, slot)
        // What answers with the thing itself needs its id to begin with; what merely refers to it does not.
        const circular = output && !output.fromList && resourceOf(endpoint.path) === slot.noun
        return output && !circular ? [{ endpoint, output }] : []
      })
      .toSorted((a, b) => rank(a.endpoint) - rank(b.endpoint))
      .slice(0, KEPT)
  }
}

async function lookUp(ctx: Ctx, connectionId: string, noun: string): Promise<Endpoint[]> {
  const hits = await searchEndpoints(ctx, words(noun), { connectionId, limit: SEARCHED })
  return hits.map((hit) => hit.endpoint).filter(isPlainRead)
}
