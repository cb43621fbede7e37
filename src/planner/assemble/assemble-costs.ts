import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { resourceOf, slotsOf } from '../../links/slots.ts'
import { propertiesOf } from '../../specs/schema-members.ts'
import { isByTheWay } from '../fill/span-values.ts'
import { PEOPLE, SHELL_NOUNS } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { lastOf } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { isIntoIt } from '../settle/put-into.ts'
import { type Entity, isNameLike, isNumbered } from '../understand/entity.ts'
import { namesItem, nameTest } from './by-name.ts'
import type { Demands } from './demands.ts'
import { hasNarrowerTwin, hasSingleTwin, hasUsingTwin } from './twins.ts'
import { isFoundByOwner } from './whose.ts'

const ALIKE = 0.8
// Verbs that ask for a thing to be found rather than looked into.
const SEEKING = new Set(['find', 'search', 'look', 'lookup'].map(stem))
// What operations are called by that do something to anything they are given.
const ANYTHING = new Set([...SHELL_NOUNS, 'text', 'content', 'file', 'string', 'input', 'object', 'item'].map(stem))
const OF_ONE = /\b(?:details?|specific|particular|single|certain|individual|selected|chosen|given)\b/i
// Verbs that ask for one of several to be found, which a list does.
const LOCATING = new Set([...SEEKING, ...['identify', 'locate', 'discover', 'select', 'list', 'browse'].map(stem)])
const COST = {
  unusedEntity: 2,
  unusedNumber: 0.7,
  unusedId: 4,
  unusedRemark: 0.3,
  unusedOwner: 6,
  repeated: 1.5,
  seeking: 5,
  owner: 6,
  otherVerb: 4,
  several: 3,
  owned: 2,
  unusing: 3,
  wider: 8,
  looking: 4,
  batch: 6,
  elsewhere: 4,
  byOwner: 4,
}
type Candidates = readonly { endpoint: Endpoint }[]
type Around = Required<Pick<Demands, 'holds'>> & {
  done: readonly PlannedCall[]
  /** Whether an operation is called by what the clause is about. */
  isResource: boolean
}

/**
 * What counts against an attempt at a clause with one of some operations, beside what binding it costs: what it leaves unsaid,
 * and what it does otherwise than is said. In points of the ranking.
 */
export function costsOf(
  clause: Clause,
  candidates: Candidates,
  { done, holds, isResource }: Around,
): (endpoint: Endpoint, attempt: Attempt) => number {
  const doesOther = othersThan(clause, candidates)
  const head = clause.head ?? ''
  const into = placeOf(clause, done)
  const isToSomebody = tellsSomebody(clause) && candidates.some(({ endpoint }) => takesSomebody(endpoint))
  return (endpoint, attempt) => {
    const unused = clause.entities
      .filter((entity) => !attempt.used.has(entity) && !isTold(entity, attempt) && !isByTheWay(entity, clause.entities))
      .reduce((sum, entity) => sum + costOfUnused(entity, clause, attempt), 0)
    const repeated = done.some((call) => call.endpoint.id === endpoint.id) ? COST.repeated : 0
    const searched = attempt.calls.slice(done.length, -1).some((call) => lastOf(call.endpoint.path).includes(head))
    const turned = isResource && isAboutOwner(clause, endpoint) && !holds(endpoint) ? COST.owner : 0
    const seeking = searched && SEEKING.has(clause.action ?? '') ? COST.seeking : 0
    const other = doesOther(endpoint) ? COST.otherVerb : 0
    const several = isOfOne(clause) && hasSingleTwin(endpoint, candidates) ? COST.several : 0
    const isBatch =
      takesIds(endpoint) ||
      (isOneOnly(clause) && doesMany(endpoint) && candidates.some((other) => isSameForOne(other.endpoint, endpoint)))
    const batch = isBatch && clause.entities.filter(({ kind }) => kind === 'id').length < 2 ? COST.batch : 0
    const byOwner = isFoundByOwner(attempt, clause.entities, resourceOf(endpoint.path)) ? COST.byOwner : 0
    const looking = endpoint.effect === 'read' && isDone(clause, candidates) ? COST.looking : 0
    const owned = isOwned(clause) && takesOne(endpoint, head) ? COST.owned : 0
    const isMissed = isToSomebody ? !takesSomebody(endpoint) : into !== null && !isIn(endpoint, into)
    const elsewhere = isMissed ? COST.elsewhere : 0
    return unused + repeated + seeking + turned + other + several + owned + looking + batch + byOwner + elsewhere
  }
}

/** What counts against an attempt beside others at the same clause. */
export function costBeside(
  clause: Clause,
  answer: { attempt: Attempt },
  answers: readonly { attempt: Attempt }[],
): number {
  const unusing = hasUsingTwin(clause, answer, answers) ? COST.unusing : 0
  return unusing + (hasNarrowerTwin(answer, answers) ? COST.wider : 0)
}

// "The rating of Jaws", "of the film Jaws".
const OF_IT = /\bof(?: the)?(?: \p{L}+)?$/u
const ASKS = /^\s*(?:who|what|when|where|how)\b/i

/** What it costs that an operation takes nothing of what an entity says. */
function costOfUnused(entity: Entity, clause: Clause, { calls }: Attempt): number {
  const { effect, text, entities } = clause
  const { kind, until, possessive, before } = entity
  if (kind === 'number' || until !== undefined) return COST.unusedNumber
  if (kind === 'id' || kind === 'nested') return COST.unusedId
  // Why it is to be done may be told to nobody.
  if (kind === 'remark') return COST.unusedRemark
  // What is asked for belongs to nobody else: "the rating of Jaws" is no list of what is rated.
  const isSubject = ASKS.test(text) && entities.length === 1
  const isOwner = isNameLike(entity) && (possessive || OF_IT.test(before.join(' ')) || isSubject)
  const last = calls.at(-1)
  // It may be one of those that are listed.
  const isListed = last && nameTest(last.endpoint, entity) !== null && namesItem(last.endpoint, entity, clause, false)
  const isOfNone =
    isOwner && !isListed && effect === 'read' && !last?.bindings.some(({ source }) => source.kind === 'input')
  return isOfNone ? COST.unusedOwner : COST.unusedEntity
}

/** "Move the employees to Berlin": whether something is to be changed or deleted, and an operation does so to just that. */
function isDone({ effect, head }: Clause, candidates: readonly { endpoint: Endpoint }[]): boolean {
  if ((effect !== 'update' && effect !== 'delete') || head === null) return false
  return candidates.some(({ endpoint }) => endpoint.effect === effect && lastOf(endpoint.path).includes(head))
}

/** "Make a playlist and add the song to it": stem of what something is added to, which an earlier call made or found; or null. */
function placeOf(clause: Clause, done: readonly PlannedCall[]): string | null {
  const last = done.at(-1)
  if (!last || !isIntoIt(clause)) return null
  return stem(resourceOf(last.endpoint.path).split(' ').at(-1) ?? '')
}

function isIn({ path }: Endpoint, place: string): boolean {
  return words(path).some((word) => stem(singular(word)) === place)
}

/**
 * "Encrypt the random joke": where an operation does just what the verb says, and to what the clause names or to anything,
 * one that is called by the object alone does not do what is asked for.
 */
function othersThan(
  { verb, terms, head, effect, entities }: Clause,
  candidates: readonly { endpoint: Endpoint }[],
): (endpoint: Endpoint) => boolean {
  if (verb === null) return () => false
  const isSaid = (word: string) => ANYTHING.has(word) || terms.some((term) => relatedness(term, word) >= ALIKE)
  const doesJustThat = ({ path, operationId }: Endpoint) =>
    [lastOf(path), words(operationId ?? '').map(stem)].some(
      (name) => name.length > 1 && name.includes(verb) && name.every(isSaid),
    )
  // "Follow the user alice" asks for no followers where something follows.
  const opens = ({ summary }: Endpoint) => stem(words(summary)[0] ?? '') === verb
  const isAbout = (endpoint: Endpoint) =>
    head !== null && head !== verb && (vocabularyOf(endpoint).get(head) ?? 0) >= STRONG
  const isDone = candidates.some(({ endpoint }) => endpoint.effect !== 'read' && opens(endpoint) && isAbout(endpoint))
  // "Play the album Thriller" is not done by showing it, where something is called just that.
  const isNamed = entities.some(isNameLike) && terms.every((term) => term === verb || term === head)
  const isJustThat = (endpoint: Endpoint) =>
    endpoint.effect !== 'read' && lastOf(endpoint.path).join(' ') === verb && isNamed
  if (effect === 'unknown' && candidates.some(({ endpoint }) => isJustThat(endpoint)))
    return (endpoint) => !isJustThat(endpoint) && !opens(endpoint)
  if (effect === 'unknown' && isDone) return (endpoint) => !opens(endpoint)
  if (!candidates.some(({ endpoint }) => doesJustThat(endpoint))) return () => false
  return (endpoint) => (vocabularyOf(endpoint).get(verb) ?? 0) < STRONG
}

/** "Message Ada": whether what a message goes to is named right behind the verb, as people are. */
function tellsSomebody({ effect, entities }: Clause): boolean {
  return effect === 'message' && entities.some(({ kind, before }) => kind === 'name' && before.length === 1)
}

/** Whether an operation that changes something takes the id of somebody. */
function takesSomebody(endpoint: Endpoint): boolean {
  return endpoint.effect !== 'read' && slotsOf(endpoint).some(({ noun }) => noun !== null && PEOPLE.has(noun))
}

/** "The details of a specific order": whether one thing is asked for, and not the first or the latest of a list. */
function isOfOne({ text, action, head, content, ofOne, many, order, limit, effect }: Clause): boolean {
  if (effect !== 'read' || many || order || limit !== null || LOCATING.has(action ?? '')) return false
  return ofOne || (OF_ONE.test(text) && !content.some((word) => stem(word) === head && singular(word) !== word))
}

/** "The albums of Nina Simone": whether several things of somebody or something that is named are asked for. */
function isOwned({ effect, head, content, entities, order, limit }: Clause): boolean {
  const isPlural = content.some((word) => stem(word) === head && singular(word) !== word)
  const isOwner = ({ kind, before, possessive }: Entity) =>
    kind === 'name' && (possessive || before.at(-1) === 'of' || before.at(-1) === 'by')
  return effect === 'read' && isPlural && !order && limit === null && entities.some(isOwner)
}

/** `GET /tracks?ids=…`: whether an operation reads several things by their ids. */
function takesIds(endpoint: Endpoint): boolean {
  const readsThings = endpoint.effect === 'read' && propertiesOf(listOf(endpoint)?.items ?? {}).size > 0
  return readsThings && slotsOf(endpoint).some(({ required, name }) => required && name === 'ids')
}

/** "Cancel the mooring from boat 7": whether something is to be done to one thing. */
function isOneOnly({ head, many, content, entities }: Clause): boolean {
  const isPlural = content.some((word) => stem(word) === head && singular(word) !== word)
  return head !== null && many === null && !isPlural && entities.filter(isNumbered).length < 2
}

/** `POST /moorings/cancel` with `mooring_ids`: whether an operation does something to several things by their ids. */
function doesMany(endpoint: Endpoint): boolean {
  if (endpoint.effect === 'read' || endpoint.path.includes('{')) return false
  return slotsOf(endpoint).some(
    ({ required, words: own, in: place }) => required && place === 'body' && own.at(-1) === 'ids',
  )
}

const OF_MANY = new Set(['a', 'an', 'the', 'one', 'several', 'multiple', 'many', 'all', 'in', 'bulk', 'batch', 'of'])

/** "Cancel a mooring" beside "Cancel several moorings": whether an operation does to one what another does to many. */
function isSameForOne(one: Endpoint, many: Endpoint): boolean {
  const deedOf = ({ summary }: Endpoint) =>
    words(summary)
      .filter((word) => !OF_MANY.has(word))
      .map((word) => stem(singular(word)))
      .join(' ')
  return one.id !== many.id && one.effect !== 'read' && one.path.includes('{') && deedOf(one) === deedOf(many)
}

/** Whether an operation needs the id of what is asked for. */
function takesOne(endpoint: Endpoint, head: string): boolean {
  return slotsOf(endpoint).some(({ required, noun }) => required && noun !== null && stem(noun) === head)
}

/** "The customer of order 5": whether an operation answers with what is named as the owner, not with what is asked for. */
function isAboutOwner({ head, entities, action }: Clause, { path }: Endpoint): boolean {
  const last = lastOf(path)
  if (head === null || last.includes(head)) return false
  // In "cancel Ada's order" the verb stands before the name, which makes nobody its owner.
  return entities.some(({ before }) => {
    const owner = stem(before.at(-1) ?? '')
    return owner !== action && last.includes(owner)
  })
}

/** Whether the same is said elsewhere in the clause and used. */
function isTold({ kind, text }: Entity, { used }: Attempt): boolean {
  return [...used].some((other) => other.kind === kind && other.text === text)
}
