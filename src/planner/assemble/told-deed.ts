import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { slotsOf } from '../../links/slots.ts'
import { SWITCHED } from '../language/everyday-words.ts'
import type { Clause } from '../understand/clause.ts'
import { isNumbered } from '../understand/entity.ts'

/**
 * "Lock the door 5", `/doors/{id}/commands`: whether what is to be done is one of the choices of what an operation is told, and
 * done to the thing of the path itself; null where it is no choice.
 */
export function toldDeed(clause: Clause, endpoint: Endpoint): boolean | null {
  const { action, effect } = clause
  if (action === null || effect === 'read' || endpoint.effect === 'read' || !/\}\/[^{}]+$/.test(endpoint.path))
    return null
  const deeds = [action, ...(SWITCHED[action] ?? [])]
  const isDeed = (choice: unknown) =>
    typeof choice === 'string' && words(choice).some((word) => deeds.includes(stem(word)))
  const isTold = slotsOf(endpoint).some(
    ({ in: place, schema }) => place === 'body' && Array.isArray(schema['enum']) && schema['enum'].some(isDeed),
  )
  return isTold ? isDoneToAll(clause, endpoint) : null
}

const EVERYTHING = /\b(?:everything|all (?:of it|the things)|the (?:whole|entire))\b/i
// "Stop showing the door 5".
const OTHERWISE = /^\W*(?:please\s+)?\p{L}+\s+(?!(?:every|any)thing\b)\p{L}{2,}ing\b/iu
const NEW = new Set(['a', 'an', 'new', 'another'])

/** Whether the deed is done to the thing of the path itself: "turn off the lights in room 8" is not for all that the room has. */
function isDoneToAll({ head, text, refersBack, entities, action }: Clause, { path }: Endpoint): boolean {
  const [segment = ''] = path.split('/').slice(-3)
  const noun = stem(singular(words(segment).at(-1) ?? ''))
  // "Perform a restart on server 4".
  const isOfNumbered =
    (head === null || head === action) &&
    entities.some((entity) => isNumbered(entity) && stem(entity.before.at(-1) ?? '') === noun)
  // "Start a new server".
  const said = words(text).map((word) => stem(singular(word)))
  const isNew = head !== action && NEW.has(said[said.indexOf(head ?? '') - 1] ?? '')
  return (
    !isNew &&
    !OTHERWISE.test(text) &&
    (head === noun || isOfNumbered || EVERYTHING.test(text) || (refersBack && head === null))
  )
}
