import { isNounOf } from '../../links/short-nouns.ts'
import { stem } from '../../lib/stem.ts'
import { singular } from '../../lib/words.ts'
import { isAbout } from '../../links/outputs.ts'
import { isAnybody, roleOf } from '../../links/roles.ts'
import { resourceOf, type Slot, slotsOf } from '../../links/slots.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import { isOfCaller } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import { isBehindNoun } from '../understand/entities.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import { pickedByName } from './by-name.ts'
import { isOfThing } from './earlier.ts'
import { isFirstOfAll } from './first-of-all.ts'
import {
  givesSame,
  isAddressee,
  isNamedElsewhere,
  isOfOtherKind,
  isOfWhatever,
  isOwnedBy,
  isPickedItself,
  isToldElsewhere,
} from './picked-wrongly.ts'
import type { Producer } from './producers.ts'
import { COST, MAX_DEPTH } from './produce-costs.ts'
import { type Bind, inner, type Search } from './search.ts'
import { isFoundByItsName, isFoundByOwner } from './whose.ts'
import { isAround, isCallers, isFarFetched, isMine } from './within.ts'

// The id of what an item refers to, and not its own.
const REFERS = /\[0\]\.(?!(?:id|uuid|guid|key|slug)$)[^.[\]]+$/
// Before who or what something belongs to: "the presence of Olu", "what timezone is Olu in".
const SAYS_WHOSE = new Set(['of', 'is', 'was', 'does', 'did', 'has'])
// What a word of the message is worth that a producer is called by and the operation it is for is not.
const NAMED = 0.4
// And that the path of the one goes through that of the other.
const AROUND = 1
// And that it finds the thing by what is one's own name for it, rather than something else by a word.
const BY_NAME = 0.8
// And that it takes the thing that the clause is about.
const OF_THING = 2

/** A call that finds what the slot asks for by something the message says; null when none picks by anything said. */
export async function produceSelectively(
  slot: Slot,
  target: Endpoint,
  search: Search,
  attempt: Attempt,
  bind: Bind,
): Promise<{ attempt: Attempt; source: Source } | null> {
  const { producers, depth } = search
  if (slot.noun === null || depth >= MAX_DEPTH) return null
  const called = vocabularyOf(target)
  const isMeant = search.clause.terms.some((term) => (called.get(term) ?? 0) >= STRONG && !search.said.has(term))
  // What needs one of those it is to find helps only where it is asked for: "a film that is similar to Titanic".
  if (search.sought.includes(slot.noun) && (!isMeant || givesSame(slot, target))) return null
  const unsaid = search.clause.terms.filter((term) => (called.get(term) ?? 0) < STRONG && !attempt.covered.has(term))
  const isNamed = (endpoint: Endpoint, term: string) => (vocabularyOf(endpoint).get(term) ?? 0) >= STRONG
  const namedBy = (endpoint: Endpoint) => unsaid.filter((term) => isNamed(endpoint, term)).length
  let best: { attempt: Attempt; source: Source; worth: number } | null = null
  // What the message names comes first: not all of them can be tried.
  const own = await producers.within(target.connectionId, slot)
  // That ids are the same in two APIs is an assumption: nothing is deleted or paid on it.
  const isElsewhere = own.length === 0 && !IRREVERSIBLE.has(target.effect)
  // "My board Marketing" is one of whoever calls, and found as such.
  const isCalledSo = (entity: Entity) =>
    isNameLike(entity) &&
    isNounOf(slot.noun, entity.before.at(-1) ?? '') &&
    !/^(?:my|our)$/.test(entity.before.at(-2) ?? '')
  const isCalled = search.entities.some(isCalledSo)
  // What is named by its kind is found by its name, before any way by other things is tried.
  const byOthers = ({ endpoint }: Producer) =>
    Number(isCalled && slotsOf(endpoint).some((each) => each.required && each.noun !== null))
  // "Cancel my booking": of those that everybody has none is taken, where there is a list of one's own.
  const noun = slot.noun
  const ofCaller = search.reads ? [] : own.filter(({ endpoint }) => isMine(endpoint, search.clause, noun))
  // Nor is anything done to what is found among what everybody has published.
  const isOwnList = own.some(({ endpoint, output }) => isOfCaller(endpoint) && output.reason === 'own')
  const possible =
    ofCaller.length > 0
      ? ofCaller
      : !search.reads && isOwnList
        ? own.filter(({ output }) => output.reason !== 'part')
        : isElsewhere
          ? await producers.elsewhere(target.connectionId, slot)
          : own
  const found = possible.toSorted(
    (a, b) =>
      byOthers(a) - byOthers(b) ||
      namedBy(b.endpoint) - namedBy(a.endpoint) ||
      Number(isAround(b, target)) - Number(isAround(a, target)),
  )
  // "The customer of the latest payment" is called no payment: nothing is done to what such a word finds.
  const others = search.reads ? [] : search.readers.filter(({ path }) => resourceOf(path) !== slot.noun)
  const isOther = (term: string) => others.some(({ path }) => stem(resourceOf(path)) === term)
  // "Delete all downloads of Serial" deletes not just one of them.
  const isOfMany =
    IRREVERSIBLE.has(target.effect) &&
    search.depth === 0 &&
    !search.items &&
    (search.clause.many?.nouns.length ?? 0) > 0
  const telling = unsaid.filter((term) => found.some(({ endpoint }) => isNamed(endpoint, term)) || isOther(term))
  for (const { endpoint, output } of found) {
    if (
      endpoint.id === target.id ||
      attempt.calls.some((call) => call.endpoint.id === endpoint.id && call.bindings.length === 0)
    )
      continue
    if (search.budget.left-- <= 0) break
    const naming = new Set([...search.naming, ...telling.filter((term) => !isNamed(endpoint, term))])
    const sought = [...search.sought, slot.noun]
    const { entities, others } = namedAs(slot.noun, search)
    // No customer is picked by "order foo".
    const mayName = (entity: Entity) =>
      isNameLike(entity) &&
      !isAddressee(entity, slot, search.clause) &&
      (search.reads || !isBehindNoun(entity) || isNounOf(slot.noun, entity.before.at(-1) ?? ''))
    const isOwner = (entity: Entity) =>
      search.reads &&
      depth === 0 &&
      SAYS_WHOSE.has(entity.before.at(-1) ?? '') &&
      isOwnedBy(slot, target, search.clause)
    const bound = await bind(endpoint, { ...inner(search), entities, others, sought, naming }, attempt)
    const isOwn = output.fromList && (output.reason === 'own' || isAbout(resourceOf(endpoint.path), slot.noun))
    const made =
      isOwn && bound.used.size === attempt.used.size && !isOfWhatever(bound, attempt)
        ? pickedByName(bound, entities.filter(mayName), search.clause, isOwner)
        : bound
    const spent = made.used.size - attempt.used.size
    // "Mark the order as cancelled": what it is to be picks none.
    const picked = [...made.covered].filter((word) => !attempt.covered.has(word))
    const chosen = picked.filter((word) => search.reads || !search.said.has(word)).length
    const sources = made.calls
      .slice(attempt.calls.length)
      .flatMap(({ bindings }) => bindings.map(({ source }) => source))
    const asked = sources.some(({ kind }) => kind === 'input')
    const named = namedBy(endpoint)
    const ofThing = sources.some((source) => source.kind === 'step' && isOfThing(source, search))
    // To be looked at, any one of what is named will do; what is changed has to be picked by something said of it.
    const isIn = isAround({ endpoint }, target)
    const left = search.entities.filter((entity) => !attempt.used.has(entity))
    const callers = !output.fromList && isCallers(slot, endpoint, target, { clause: search.clause, left })
    // What is changed is not found by what was said of something that it merely has to do with.
    const isChosen = chosen > 0 && (search.reads || depth === 0)
    const isFirst = isOwn && depth === 0 && isFirstOfAll(endpoint, slot.noun, search.clause)
    const picks = spent > 0 || isChosen || callers || isFirst || ofThing || ((named > 0 || isIn) && search.reads)
    // Who is to have a role is nobody who has one where the name occurs.
    const isOneOf = output.reason === 'own' || isAnybody(resourceOf(endpoint.path))
    if (!search.reads && depth === 0 && roleOf(slot.noun) !== null && !isOneOf) continue
    if (!search.reads && isNamedElsewhere(slot, endpoint, output.path, made, attempt)) continue
    // What something else of that day has to do with is not what is to be changed.
    const isNamedAt = [...made.used].some(
      (entity) => !attempt.used.has(entity) && entity.kind !== 'date' && entity.kind !== 'number',
    )
    if (!search.reads && output.fromList && output.reason === 'reference' && !(isNamedAt && isPickedItself(made)))
      continue
    if (!search.reads && (await isOfOtherKind(slot, target, search, made, attempt))) continue
    if (isToldElsewhere(slot, endpoint, search, made, attempt)) continue
    if (isOfMany && output.fromList) continue
    if (asked || !picks || (!search.reads && isFarFetched(output, made.calls.length - attempt.calls.length))) continue
    const isNamedByOwner = made !== attempt && isFoundByOwner(made, search.entities, slot.noun)
    const cost = made.cost + (isElsewhere ? COST.elsewhere : 0) + (isNamedByOwner ? COST.owner : 0)
    const isOwnNamed = made !== bound && isMine(endpoint, search.clause, slot.noun)
    const mine = isOwnNamed ? AROUND : isMine(endpoint, search.clause) ? NAMED : 0
    // "The tag Urgent" is one of the tags, and not that of whatever is found by the word.
    const isItsName = (entity: Entity) => !attempt.used.has(entity) && isNounOf(slot.noun, entity.before.at(-1) ?? '')
    const ownName = isOwn && !search.reads && [...made.used].some(isItsName) ? AROUND : 0
    // Who wrote what the name occurs in is not who is named, nor is "the project Atlas" that of a task that speaks of it.
    const isReference =
      !isOwn &&
      REFERS.test(output.path) &&
      [...made.used].some((entity) => !attempt.used.has(entity) && (isOwner(entity) || isItsName(entity)))
    const byName = isOwn && !isNamedByOwner && isFoundByItsName(made, attempt) ? BY_NAME : 0
    const place = (isIn ? AROUND : 0) - (isReference ? AROUND : 0) + mine + ownName + byName + (ofThing ? OF_THING : 0)
    const words = NAMED * named + 0.5 * chosen + place
    const worth = made.fit - attempt.fit + words - (cost - attempt.cost)
    if (best && best.worth >= worth) continue
    const assumptions = [
      ...made.assumptions,
      ...(output.fromList && !isFirst ? [`the first ${slot.noun} that is found is the one meant`] : []),
      ...(callers ? [`the ${slot.noun} is whoever the credential belongs to`] : []),
      ...(isElsewhere ? [`the ${slot.noun} has the same id in both APIs`] : []),
    ]
    const source: Source = { kind: 'step', step: made.calls.length - 1, path: output.path, words: output.words }
    best = { attempt: { ...made, cost, assumptions: [...new Set(assumptions)] }, source, worth }
  }
  return best
}

/**
 * What is said to be a thing's name, where something is: of "add Teardrop to the playlist Focus" for a playlist only that, and
 * the rest for what it is found by. What names a thing that is looked for already names no other.
 */
function namedAs(
  noun: string,
  { entities, others = [], sought }: Search,
): Record<'entities' | 'others', readonly Entity[]> {
  const nounOf = (entity: Entity) => (isNameLike(entity) ? singular(entity.before.at(-1) ?? '') : '')
  const all = [...new Set([...entities, ...others])]
  const named = all.filter((entity) => isNounOf(noun, nounOf(entity)))
  if (named.length > 0) return { entities: named, others: all.filter((entity) => !named.includes(entity)) }
  // "The order Ada placed" is hers, and not called Ada.
  const isFree = (entity: Entity) => !sought.includes(nounOf(entity)) || isParticiple(entity.after[0] ?? '')
  return { entities: entities.filter(isFree), others }
}
