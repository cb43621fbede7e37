import type { Endpoint } from '../../catalog/service.ts'
import type { Slot } from '../../links/slots.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import type { Thing } from './demands.ts'
import type { Producers } from './producers.ts'

/** `bind`, for those it calls. */
export type Bind = (endpoint: Endpoint, search: Search, start: Attempt) => Promise<Attempt>

/** What a search carries down: the clause, the entities it may still take, and how many calls deep it is. */
export type Search = {
  clause: Clause
  /** Clauses that ask for nothing by themselves: what they say may be a value of this one. */
  context: readonly Clause[]
  entities: readonly Entity[]
  /** Entities that name other things, which calls further down may look for. */
  others?: readonly Entity[]
  producers: Producers
  /** What the clause may want to be told by another call, the likeliest first. */
  readers: readonly Endpoint[]
  depth: number
  /** What the clause is about, where calls before it find that. */
  of: Thing | null
  /** Stems by which others are called that may be meant instead: nothing to search by. */
  naming: ReadonlySet<string>
  /** What ids are looked for already, and the stems that the clause's own operation is called by. */
  sought: readonly string[]
  said: ReadonlySet<string>
  /** Whether the clause's own operation only reads: then the first of a list may stand for what nobody named. */
  reads: boolean
  /** What this call is to find something for. */
  within?: Within
  /** How many more calls may be tried: where every operation needs several ids, there is no end of ways to find them. */
  budget: { left: number }
  /** Of a call that is made for each item of a list: what comes from the item. */
  items?: Items
}

/** What an item of a list gives: to slots that ask for it by name, and to those that nothing else fills. */
export type Items = {
  bound: ReadonlyMap<string, { slot: Slot; source: Source }>
  sourceFor: (slot: Slot) => Source | null
}

/** A search one call deeper: for what the call above needs. */
export function inner({ items: _items, ...search }: Search): Search {
  return { ...search, depth: search.depth + 1 }
}

/** An operation that something is to be found for, by its path, with what its parameters are already. */
export type Within = { path: string; bound: ReadonlyMap<string, Bound> }

/** A slot with where its value comes from. */
export type Bound = { slot: Slot; source: Source }
