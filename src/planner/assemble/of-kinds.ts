import type { Endpoint } from '../../catalog/service.ts'
import { singular, words } from '../../lib/words.ts'
import { type Slot, slotKey } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { elementOf } from '../fill/evidence.ts'
import { takesIds } from '../fill/fit-ids.ts'
import { DETERMINERS, FUNCTION_WORDS } from '../language/lexicon.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Source } from '../plan/planned-call.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import { givenEarlier, isOfThing } from './earlier.ts'
import { produceSelectively } from './produce-selectively.ts'
import type { Bind, Search } from './search.ts'

type Bound = { slot: Slot; source: Source }
type Found = { attempt: Attempt; bindings: readonly Bound[] }

const KIND = /^(?:type|kind)$/i
const IDS = /^(?:id|uuid|guid)s?$/i
const REFERENCE = /^(?:id|uri|guid|uuid)s?$/
const MOST_KINDS = 12

/** What finds the things that a clause names, for an operation that takes things of several kinds. */
type Finding = { endpoint: Endpoint; search: Search; attempt: Attempt; bind: Bind }

/**
 * "Follow Ada" where `ids` are those of painters or of users, as `type` says: the first kind of which something finds what is
 * named. Null where the operation takes things of one kind, or nothing finds any.
 */
export async function bindKind(
  slots: readonly Slot[],
  isBound: (slot: Slot) => boolean,
  finding: Finding,
): Promise<Found | null> {
  const type = slots.find(({ name, required, schema }) => required && KIND.test(name) && Array.isArray(schema['enum']))
  const ids = slots.find(({ name, required }) => required && IDS.test(name))
  if (!type || !ids || isBound(type) || isBound(ids)) return null
  const values = Array.isArray(type.schema['enum']) ? type.schema['enum'].map(String) : []
  const found = await firstOfKinds(ids, values, namesLeft(finding), finding)
  if (!found) return null
  const kind: Bound = { slot: type, source: { kind: 'literal', value: found.kind } }
  return { attempt: found.attempt, bindings: [kind, { slot: ids, source: found.source }] }
}

/**
 * "Play Abbey Road" where a URI may be that of an album, an artist or a playlist, as its description says: the first kind of
 * which something finds what is named and nothing else takes.
 */
export async function bindReference(
  slots: readonly Slot[],
  isBound: (slot: Slot) => boolean,
  finding: Finding,
): Promise<Found | null> {
  const entities = namesLeft(finding).filter(isObject)
  // What a name tells the kind of, `device_id`, is of no other.
  const isOpen = ({ noun, words: [first = '', ...more] }: Slot) =>
    noun === null || (more.length === 0 && REFERENCE.test(first))
  const places = slots.filter((slot) => !isBound(slot) && isOpen(slot) && REFERENCE.test(slot.words.at(-1) ?? ''))
  for (const slot of places) {
    const own = elementOf(slot) ?? slot
    const reference = own === slot ? slot : { ...own, path: [...slot.path, 0], words: slot.words }
    const found = await firstOfKinds(reference, kindsTold(slot), entities, finding)
    if (found) return { attempt: found.attempt, bindings: [{ slot: reference, source: found.source }] }
  }
  return null
}

/** "Play the album" that calls before find: where a URI or an id may be that of one of its kind, it is that one's. */
export async function bindThing(
  slots: readonly Slot[],
  isBound: (slot: Slot) => boolean,
  { endpoint, search, attempt }: Finding,
): Promise<Found | null> {
  const { of } = search
  if (of === null) return null
  const bindings: Bound[] = []
  for (const slot of slots) {
    const own = elementOf(slot) ?? slot
    const isOfKind = slot.noun === null ? kindsTold(slot).includes(of.kind) : slot.noun === of.kind
    const isAgain = bindings.some((bound) => bound.slot.name === slot.name)
    if (isBound(slot) || isAgain || !isOfKind || !REFERENCE.test(slot.words.at(-1) ?? '')) continue
    const reference = own === slot ? slot : { ...own, path: [...slot.path, 0], words: slot.words }
    const source = await givenEarlier({ ...reference, noun: of.kind }, endpoint, search, attempt)
    if (!source || !isOfThing(source, search)) continue
    if (!of.many) return { attempt, bindings: [{ slot: reference, source }] }
    const all = own !== slot ? 'list' : takesSeveral(slot) ? 'text' : null
    if (all && source.kind === 'step' && source.path.includes('[0]'))
      bindings.push({ slot, source: { ...source, words: `of each ${of.kind} found`, all } })
  }
  return bindings.length > 0 ? { attempt, bindings } : null
}

const WITH_COMMAS = /\bcomma[- ]separated\b|\bseparated by commas\b/i

/** Whether a text is several with commas between them. */
function takesSeveral({ description, name }: Slot): boolean {
  return WITH_COMMAS.test(description) || /^(?:ids|uris)$/i.test(name)
}

async function firstOfKinds(
  slot: Slot,
  kinds: readonly string[],
  entities: readonly Entity[],
  finding: Finding,
): Promise<{ kind: string; attempt: Attempt; source: Source } | null> {
  const { endpoint, search, attempt, bind } = finding
  if (entities.length === 0) return null
  const said = new Set(entities.map(({ before }) => singular(before.at(-1) ?? '')))
  let first: { kind: string; attempt: Attempt; source: Source } | null = null
  for (const kind of kinds.toSorted((a, b) => Number(said.has(b)) - Number(said.has(a)))) {
    const noun = singular(kind.toLowerCase())
    const found = await produceSelectively({ ...slot, noun }, endpoint, { ...search, entities }, attempt, bind)
    if (!found) continue
    const name = entities.find((entity) => found.attempt.used.has(entity))
    if (!name) continue
    const note = `“${name.text}” is taken for what the ${noun} is called`
    const assumptions = said.has(noun) ? found.attempt.assumptions : [...found.attempt.assumptions, note]
    // Of whichever kind it may be, nothing is taken away or paid for.
    if (first) return null
    first = { kind, source: found.source, attempt: { ...found.attempt, assumptions } }
    if (said.has(noun) || !IRREVERSIBLE.has(endpoint.effect)) break
  }
  return first
}

function namesLeft({ search, attempt }: Finding) {
  return search.entities.filter((entity) => isNameLike(entity) && !attempt.used.has(entity))
}

/** "Play Thriller on Kitchen": whether a name is that of what something is done to, and not of where or for whom. */
function isObject({ before }: Entity): boolean {
  const last = before.at(-1) ?? ''
  return !FUNCTION_WORDS.has(last) || DETERMINERS.has(last)
}

/** The nouns of what a name and a description tell of, in their order: `plantIds` are plants'. */
function kindsTold(slot: Slot): string[] {
  const own = takesIds(slot) ? slot.words.slice(0, -1) : []
  const told = [...own, ...words(slot.description)].filter(
    (word) => word.length > 2 && !FUNCTION_WORDS.has(word) && !REFERENCE.test(word),
  )
  return [...new Set(told.map(singular))].slice(0, MOST_KINDS)
}

/** Whether a body repeats what a parameter of the same name gives already, and need not be sent. */
export function isRepeated(slot: Slot, { requestBody }: Endpoint, isBound: (key: string) => boolean): boolean {
  return slot.in === 'body' && requestBody?.required !== true && isBound(slotKey({ ...slot, in: 'query', path: [] }))
}
