import { isNounOf } from '../../links/short-nouns.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isAbout } from '../../links/outputs.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'
import { plainFields } from '../fill/fields.ts'
import { DETERMINERS, PEOPLE } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import { idOf } from './id-of.ts'
import type { Search } from './search.ts'

/**
 * "The presence of Olu", "her e-mail address": whether what is asked for belongs to what a slot takes, by the path of the
 * operation, or by what it answers with.
 */
export function isOwnedBy({ name, in: place }: Slot, { path, response }: Endpoint, { head }: Clause): boolean {
  if (place !== 'path' || head === null) return false
  if (path.endsWith(`{${name}}`))
    return response !== null && plainFields(response).some(({ slot }) => stem(slot.words.at(-1) ?? '') === head)
  const [, last] = path.split(`/{${name}}/`)
  return last !== undefined && !last.includes('/') && words(last).some((word) => stem(word) === head)
}

/** "Message Ada": whether an entity is whom something is sent to, and a slot takes no person: no channel is called so. */
export function isAddressee(entity: Entity, { noun }: Slot, { effect, action }: Clause): boolean {
  return effect === 'message' && stem(entity.before.at(-1) ?? '') === action && noun !== null && !PEOPLE.has(noun)
}

const ASSIGN = stem('assign')

/** Whether somebody is named whom something is given to. */
function isReceiver(entity: Entity): boolean {
  return isNameLike(entity) && entity.before.at(-1) === 'to'
}

/** "Message Ada": nobody is written to wherever a search by her name in other things leads. */
export function isToldElsewhere(
  { noun }: Slot,
  { path }: Endpoint,
  { clause }: Search,
  made: Attempt,
  before: Attempt,
): boolean {
  const resource = resourceOf(path)
  // "Assign it to Ada": she is no task.
  const isGiven = clause.action === ASSIGN && !PEOPLE.has(resource)
  if (isGiven && [...made.used].some((entity) => !before.used.has(entity) && isReceiver(entity))) return true
  if (clause.effect !== 'message' || resource === noun) return false
  const isWhom = (entity: Entity) => {
    const said = singular(entity.before.at(-1) ?? '')
    return isNameLike(entity) && (said !== resource || stem(said) === clause.action)
  }
  return [...made.used].some((entity) => !before.used.has(entity) && isWhom(entity))
}

/** "Rename the calendar Work" is not done to that of an event that is found by that name. */
export function isNamedElsewhere(
  { noun }: Slot,
  endpoint: Endpoint,
  path: string,
  made: Attempt,
  before: Attempt,
): boolean {
  const [first = ''] = words(path.split('.').at(-1) ?? '')
  const isOwnId = noun === null || isAbout(resourceOf(endpoint.path), noun) || first !== noun.split(' ')[0]
  if (isOwnId) return false
  const isItsName = (entity: Entity) => isNameLike(entity) && isNounOf(noun, entity.before.at(-1) ?? '')
  return [...made.used].some((entity) => !before.used.has(entity) && isItsName(entity))
}

/**
 * "My booking of the class Boxing" is none of a member who is called so: whether a name is used that is said to be that of
 * another kind of thing which the API has, and no call that was added finds one of those.
 */
export async function isOfOtherKind(
  slot: Slot,
  { connectionId }: Endpoint,
  { producers }: Search,
  made: Attempt,
  before: Attempt,
): Promise<boolean> {
  const added = made.calls.slice(before.calls.length)
  const takes = (noun: string) =>
    added.some(
      ({ endpoint, bindings, pick }) =>
        isAbout(resourceOf(endpoint.path), noun) ||
        bindings.some((bound) => bound.slot.noun === noun || bound.slot.words.includes(noun)) ||
        pick?.where.some(({ path }) => words(path).map(singular).includes(noun)) === true,
    )
  for (const entity of made.used) {
    const [article = '', said = ''] = entity.before.slice(-2)
    const noun = singular(said)
    // "The order Ada placed" is not called Ada.
    const isItsName = isNameLike(entity) && DETERMINERS.has(article) && !isParticiple(entity.after[0] ?? '')
    if (before.used.has(entity) || !isItsName || noun === slot.noun || takes(noun)) continue
    if ((await producers.within(connectionId, idOf(noun))).some(({ output }) => output.reason === 'own')) return true
  }
  return false
}

/** Whether the last of some calls lists what is picked by something said of it, and not whatever comes first of what another has. */
export function isPickedItself({ calls }: Attempt): boolean {
  const { bindings = [], pick } = calls.at(-1) ?? {}
  const isSaid = ({ slot, source }: PlannedCall['bindings'][number]) =>
    source.kind === 'literal' && typeof source.value === 'string' && !Array.isArray(slot.schema['enum'])
  return (pick?.where.length ?? 0) > 0 || bindings.some(isSaid)
}

/** Whether what calls list that were added is that of whichever thing came first: none of it is picked by its name. */
export function isOfWhatever({ calls }: Attempt, before: Attempt): boolean {
  const sources = calls.slice(before.calls.length).flatMap(({ bindings }) => bindings.map(({ source }) => source))
  return sources.some(
    (source) => source.kind === 'step' && source.step >= before.calls.length && source.path.includes('[0]'),
  )
}

/** Whether an operation answers with the very things whose ids it takes: `GET /albums?ids=…`. */
export function givesSame({ noun, name }: Slot, { path }: Endpoint): boolean {
  return resourceOf(path) === noun && !path.includes(`{${name}}/`)
}
