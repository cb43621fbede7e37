import { singular } from '../lib/words.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf } from '../specs/schema-members.ts'
import { listOf } from './lists.ts'
import { isSearch } from './slot-kinds.ts'
import { slotsOf, type Slot } from './slots.ts'

/** One search that finds things of many kinds: the parameter that says of which, and what may be said, as it is written. */
export type Hits = { slot: Slot; kinds: ReadonlyMap<string, unknown> }

const KIND = /^(?:(?:entity|resource|object|item|result|search)[_-]?)?(?:type|kind)s?$/i
// "Kinds of result to return: show, episode, host."
const WORD = String.raw`[\x60"']?[\p{Ll}_-]{3,}[\x60"']?`
const LISTED = new RegExp(
  String.raw`:\s*(${WORD}(?:(?:,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*\|\s*)${WORD})+)`,
  'u',
)
const FEWEST = 2

/**
 * What kinds of things one search finds, where its hits tell of each only its id and what it is: `GET /search?q=…&type=show`
 * answers with `{ items: [{ id, type, title }] }`. Null for any other operation.
 */
export function hitsOf(operation: Operation): Hits | null {
  const list = listOf(operation)
  const fields = list ? propertiesOf(list.items) : null
  const told = fields?.has('id') ? [...fields].find(([name]) => KIND.test(name))?.[1] : undefined
  if (!told) return null
  const slots = slotsOf(operation)
  const slot = slots.find((each) => each.in === 'query' && KIND.test(each.name))
  if (!slot || !slots.some(isSearch)) return null
  const choices =
    choicesIn(slot.schema) ?? choicesIn(told) ?? LISTED.exec(slot.description)?.[1]?.match(/[\p{Ll}_-]{3,}/gu)
  const kinds = (choices ?? []).filter((each) => each !== 'and' && each !== 'or')
  if (kinds.length < FEWEST) return null
  return { slot, kinds: new Map(kinds.map((each) => [singular(String(each).toLowerCase()), each])) }
}

function choicesIn(schema: JsonSchema): readonly unknown[] | undefined {
  const choices = schema['enum'] ?? itemsOf(schema)?.['enum']
  return Array.isArray(choices) ? choices : undefined
}
