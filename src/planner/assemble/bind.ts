import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { isFreeText } from '../../links/slot-kinds.ts'
import { roleOf } from '../../links/roles.ts'
import { type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import { elementOf } from '../fill/evidence.ts'
import { fillFromClause, fillFromContext, REQUIRED_BONUS } from '../fill/fill.ts'
import { isToBecome, spokenText } from '../fill/fit-words.ts'
import { saidWords } from '../fill/minor-units.ts'
import { PEOPLE } from '../language/lexicon.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike, isNumbered } from '../understand/entity.ts'
import { available, isCalled, isLikened, namedAsId, reserve } from './available.ts'
import { namesItem, nameTest } from './by-name.ts'
import { isNamedOtherwise, kindSought, ofKind } from './choice-kinds.ts'
import { contentSlot, fromAnswer, isSomebodys, readerOf, told } from './contents.ts'
import { bindEach } from './each.ts'
import { fromEarlier, isOfThing } from './earlier.ts'
import { bindKind, bindReference, bindThing, isRepeated } from './of-kinds.ts'
import { produce } from './produce.ts'
import { COST } from './produce-costs.ts'
import { produceSelectively } from './produce-selectively.ts'
import { fillFromResults } from './results.ts'
import { inner, type Search } from './search.ts'
import { sharedWith } from './within.ts'

/** Binds every slot an operation needs, adding calls that produce what the message does not say. */
export async function bind(endpoint: Endpoint, search: Search, start: Attempt): Promise<Attempt> {
  const { clause, entities, depth, items } = search
  // "Follow somebody similar to Ada": nothing is done to Ada.
  const meant = depth === 0 && endpoint.effect !== 'read' ? entities.filter((entity) => !isLikened(entity)) : entities
  if (meant.length < entities.length) return bind(endpoint, { ...search, entities: meant }, start)
  if (depth === 0 && !items) {
    const looped = await bindEach(endpoint, search, start, bind)
    if (looped) return looped
  }
  const slots = slotsOf(endpoint)
  const bound = new Map([...sharedWith(search.within, endpoint), ...(items?.bound ?? [])])
  const used = new Set(start.used)
  const covered = new Set(start.covered)
  const assumptions = [...start.assumptions]
  let attempt: Attempt = start
  let fitted = start.fit

  const free = entities.filter((entity) => !used.has(entity))
  const said = depth === 0 ? clause : { ...clause, limit: null }
  // What is asked of a thing that is found already is nothing to search for.
  // How many are asked for is no number of what they are found by.
  const isCount = ({ kind, value }: Entity) => depth > 0 && kind === 'number' && value === clause.limit
  const ofKinds = free.filter(
    (entity) => !isCount(entity) && slots.every((slot) => !isNamedOtherwise(slot, entity, search)),
  )
  const takable = search.of === null ? available(endpoint, search, ofKinds, covered) : ofKinds
  for (const filling of fillFromClause(endpoint, said, takable)) {
    const { slot, value, entities: taken, note } = filling
    if (bound.has(slotKey(slot))) continue
    // "The events at the branch Central": its events are not searched for its name.
    const isPlace = (entity: Entity) => slots.some((each) => each.in === 'path' && isCalled(entity, each.noun))
    // "Ada's grades": hers are not searched for her name either.
    const isWhose = (entity: Entity) => isOwner(entity) && slots.some((each) => each.in === 'path' && isPerson(each))
    if (isFreeText(slot) && taken.some((entity) => isPlace(entity) || isWhose(entity))) continue
    // "How many tasks does Atlas have?" asks for no tasks called so.
    const isHolder = (entity: Entity) => isHolding(entity) && slots.some((each) => each.in === 'path' && each.required)
    if (!slot.required && taken.some(isHolder)) continue
    if (depth > 0 && !search.reads && taken.length === 0 && isToBecome(filling.words, clause)) continue
    bound.set(slotKey(slot), { slot, source: { kind: 'literal', value } })
    for (const entity of taken) used.add(entity)
    if (taken.length > 0) fitted += filling.score + (slot.required ? REQUIRED_BONUS : 0)
    const named = taken.some(isNumbered) ? words(slot.noun ?? '') : []
    for (const word of [...filling.words, ...named]) covered.add(stem(word))
    if (note !== null) assumptions.push(note)
  }
  attempt = { ...attempt, used, fit: fitted, covered, assumptions }

  if (depth === 0) {
    const unfilled = () => slots.filter((slot) => !bound.has(slotKey(slot)))
    for (const { slot, value } of fillFromContext(endpoint, unfilled(), search.context))
      bound.set(slotKey(slot), { slot, source: { kind: 'literal', value } })
    for (const given of search.of ? [] : fillFromResults(endpoint, clause, unfilled(), start.calls))
      bound.set(slotKey(given.slot), given)
    const content = items ? null : contentSlot(endpoint, unfilled())
    const said = content && (await tell(endpoint, content, search, attempt))
    if (content && said) {
      attempt = said.attempt
      bound.set(slotKey(content), { slot: content, source: said.source })
    }
  }
  for (const slot of slots) {
    const kind = depth > 0 && !bound.has(slotKey(slot)) ? kindSought(slot, search, endpoint) : null
    if (kind !== null) bound.set(slotKey(slot), { slot, source: { kind: 'literal', value: kind } })
  }
  // A list is bound also by what its first holds.
  const isBound = (slot: Slot) => bound.has(slotKey(slot)) || bound.has(slotKey({ ...slot, path: [...slot.path, 0] }))
  const take = (found: Awaited<ReturnType<typeof bindKind>>) => {
    if (!found) return
    attempt = found.attempt
    for (const binding of found.bindings) bound.set(slotKey(binding.slot), binding)
  }
  if (depth === 0 && !items) take(await bindKind(slots, isBound, { endpoint, search, attempt, bind }))
  if (depth === 0 && !items && endpoint.effect !== 'read' && search.of) {
    // `plantIds` that have to be told are of no kind by themselves.
    const places = search.of.many ? slots : slots.filter((slot) => slot.required && slot.noun === null)
    take(await bindThing(places, isBound, { endpoint, search, attempt, bind }))
  }
  const open = slots.filter((slot) => slot.required && !isBound(slot))
  const reserved = reserve(
    open,
    slots,
    entities.filter((entity) => !attempt.used.has(entity)),
  )
  for (const slot of open) {
    if (isRepeated(slot, endpoint, (key) => bound.has(key))) continue
    const item = items?.sourceFor(slot)
    if (item) {
      bound.set(slotKey(slot), { slot, source: item })
      continue
    }
    const others = new Set([...reserved].flatMap(([key, entity]) => (key === slotKey(slot) ? [] : [entity])))
    // "Assign it to Ada": she finds no task.
    for (const entity of depth === 0 && slot.in === 'path' ? entities : [])
      if (entity.before.at(-1) === 'to' && slots.some((each) => isRoleSet(each, clause))) others.add(entity)
    const allowed = entities.filter((entity) => !others.has(entity))
    const within = { ...search, entities: allowed, within: { path: endpoint.path, bound } }
    const whole = await produce(ofKind(slot, bound), endpoint, within, attempt, bind)
    // One thing that is named is a list of one.
    const isOne = slot.in === 'body' && allowed.some((entity) => isCalled(entity, slot.noun))
    const one = whole.source?.kind === 'input' && isOne ? elementOf(slot) : null
    const first = one && { ...one, path: [...slot.path, 0] }
    const alone = first && (await produce(ofKind(first, bound), endpoint, within, attempt, bind))
    if (first && alone?.source?.kind === 'step') {
      attempt = alone.attempt
      bound.set(slotKey(first), { slot: first, source: alone.source })
      continue
    }
    const found = whole
    const id = depth === 0 && found.source?.kind === 'input' ? namedAsId(slot, allowed, attempt) : null
    attempt = id ? { ...attempt, used: new Set([...attempt.used, id]) } : found.attempt
    const source: Source | null = id ? { kind: 'literal', value: id.value } : found.source
    if (source) bound.set(slotKey(slot), { slot, source })
  }
  if (depth === 0 && clause.refersBack)
    for (const slot of slots) {
      if (slot.in !== 'query' || slot.noun === null || bound.has(slotKey(slot))) continue
      if (endpoint.effect !== 'read' && search.of && slot.noun !== search.of.kind) continue
      const source = fromEarlier(slot, start)
      if (source) bound.set(slotKey(slot), { slot, source })
    }
  // "On the device Kitchen", "into the section Done": what is named by its kind goes where one of that kind may go.
  for (const slot of depth === 0 ? slots : []) {
    if (items && !isRoleSet(slot, clause)) continue
    // "Play the latest episode of The Moth", where what plays may be told an episode.
    const isObject = clause.effect === 'unknown' && slot.noun !== null && stem(slot.noun) === clause.head
    // "Put Ada on the waiting list", "book it for Ada", where a member may be told.
    const isPerson =
      endpoint.effect !== 'read' && slot.noun !== null && (PEOPLE.has(slot.noun) || isRoleSet(slot, clause))
    const named = entities.filter(
      (entity) =>
        !attempt.used.has(entity) &&
        (isCalled(entity, slot.noun) ||
          (isObject && isNameLike(entity)) ||
          (isPerson && (isWhom(entity) || (isRoleSet(slot, clause) && entity.before.at(-1) === 'to')))),
    )
    if (named.length === 0 || slot.required || bound.has(slotKey(slot))) continue
    // Where something is posted to is not set for what it is about.
    if (slot.in === 'body' && endpoint.effect !== clause.effect && !isObject && !isPerson) continue
    const found = await produceSelectively(slot, endpoint, { ...search, entities: named }, attempt, bind)
    // Whatever is played else is not what was named.
    if (!found && isObject) bound.set(slotKey(slot), { slot, source: { kind: 'input' } })
    if (!found) continue
    attempt = found.attempt
    bound.set(slotKey(slot), { slot, source: found.source })
  }
  const isGiven = [...bound.values()].some(({ source }) => isOfThing(source, search))
  if (depth === 0 && !items && endpoint.effect !== 'read' && !isGiven)
    take(await bindThing(slots, isBound, { endpoint, search, attempt, bind }))
  if (depth === 0 && !items && endpoint.effect !== 'read')
    take(await bindReference(slots, isBound, { endpoint, search, attempt, bind }))
  for (const slot of entities.some(isOwner) ? peopleFirst(slots) : slots) {
    const isOwn = (entity: Entity) =>
      nameTest(endpoint, entity) !== null && namesItem(endpoint, entity, clause, depth > 0)
    const left = entities.filter((entity) => !attempt.used.has(entity) && isNameLike(entity) && !isOwn(entity))
    if (left.length === 0 || slot.required || slot.noun === null || bound.has(slotKey(slot)) || slot.in === 'body')
      continue
    const found = await produceSelectively(slot, endpoint, { ...search, entities: left }, attempt, bind)
    if (!found) continue
    attempt = found.attempt
    bound.set(slotKey(slot), { slot, source: found.source })
  }
  for (const slot of unsaidChanges(endpoint, slots, bound, clause))
    bound.set(slotKey(slot), { slot, source: { kind: 'input' } })
  return {
    ...attempt,
    calls: [...attempt.calls, { endpoint, bindings: [...bound.values()] }],
    cost: attempt.cost + (depth > 0 ? COST.step : 0),
  }
}

/** "Ada's application", "the application of Ada Lovelace": whether a name is that of whose something is. */
function isOwner({ kind, possessive, before }: Entity): boolean {
  return kind === 'name' && (possessive || before.at(-1) === 'of' || before.at(-1) === 'by')
}

const DOES = new Set(['does', 'do', 'did'])

/** "How many tasks does Atlas have?": whether a name is that of what has something. */
function isHolding({ kind, before, after }: Entity): boolean {
  return (kind === 'name' || kind === 'quoted') && DOES.has(before.at(-1) ?? '') && after[0] === 'have'
}

function isPerson({ noun }: Slot): boolean {
  return noun !== null && PEOPLE.has(noun)
}

/** Slots in their order, those that take somebody before those that take a thing: whose it is, is rather a person. */
function peopleFirst(slots: readonly Slot[]): Slot[] {
  return slots.toSorted((a, b) => Number(isPerson(b)) - Number(isPerson(a)))
}

/** "Set the owner of project 3 to Ada": whether a slot takes who is to have the role that is set. */
function isRoleSet({ noun }: Slot, { head, effect }: Clause): boolean {
  const role = roleOf(noun)
  return role !== null && effect === 'update' && head === stem(role)
}

/** Whether somebody is named as whom, or for whom, something is done. */
function isWhom({ kind, before }: Entity): boolean {
  return kind === 'name' && (before.length === 1 || before.at(-1) === 'for')
}

/** "Change the price of product 5": what is to be changed, where no value for anything is said. */
function unsaidChanges(
  { effect }: Endpoint,
  slots: readonly Slot[],
  bound: ReadonlyMap<string, unknown>,
  clause: Clause,
): Slot[] {
  const body = slots.filter((slot) => slot.in === 'body')
  if (effect !== 'update' || body.some((slot) => bound.has(slotKey(slot)))) return []
  const spoken = spokenText(clause)
  return body.filter((slot) => spoken.includes(` ${saidWords(slot).join(' ')} `))
}

/** What a call that says something is to say: the answer of an earlier call, or of one that is added for it. */
async function tell(
  target: Endpoint,
  content: Slot,
  search: Search,
  attempt: Attempt,
): Promise<{ attempt: Attempt; source: Source } | null> {
  const { clause, readers } = search
  const earlier = fromAnswer(clause, target, attempt.calls)
  if (earlier) return { attempt, source: earlier }
  const reader = readerOf(clause, target, content, readers)
  if (!reader || search.budget.left-- <= 0) return null
  const made = await bind(reader, inner(search), attempt)
  const added = made.calls.slice(attempt.calls.length)
  if (added.some((call) => call.bindings.some(({ source }) => source.kind === 'input'))) return null
  const isPicked = made.used.size > attempt.used.size || added.length > 1
  if (isSomebodys(reader, clause) && !isPicked) return null
  return { attempt: made, source: told(reader, made.calls.length - 1, clause) }
}
