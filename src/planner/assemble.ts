import type { Endpoint } from '../catalog/service.ts'
import { singular, words } from '../lib/words.ts'
import { SHELL_NOUNS } from './lexicon.ts'
import type { Thing } from './earlier.ts'
import type { Producers } from './producers.ts'
import { relatedness } from './related-words.ts'
import { coverage, STRONG, vocabularyOf } from './relevance.ts'
import { isByTheWay } from './span-values.ts'
import type { Change } from './relative.ts'
import { listOf } from '../links/lists.ts'
import { resourceOf, slotsOf, type Slot } from '../links/slots.ts'
import { propertiesOf } from '../specs/schema-members.ts'
import type { Entity } from './entities.ts'
import { nameTest, namesItem } from './by-name.ts'
import { bind } from './bind.ts'
import type { Only } from './conditions.ts'
import type { Told } from './contents.ts'
import type { Each } from './each.ts'
import type { Pick } from './pick.ts'
import type { Report } from './report.ts'
import { stem } from '../lib/stem.ts'
import type { Clause } from './understand.ts'
import {
  hasChangingTwin,
  hasCreatingTwin,
  hasNarrowerTwin,
  hasReadingTwin,
  hasSingleTwin,
  hasUsingTwin,
} from './twins.ts'
import { isFoundByOwner, isNameLike } from './produce.ts'
import {
  isOfAnother,
  isOfItsOwner,
  isOfNone,
  isUncalledFor,
  setsSomethingOf,
  setsWhatIsNamed,
  isUnsaid,
  lastOf,
} from './uncalled-for.ts'

/** Where the value of a slot comes from. */
export type Source =
  | { kind: 'literal'; value: unknown }
  /** `like` is the input of an earlier call that is the same value. */
  | { kind: 'input'; like?: { step: number; slot: Slot } }
  /** `step` is the position in the attempt; `path` goes under its result. A number that goes where text does is written out;
   * where `all` of a list go, `path` is that of the first, and they are a list or a text with commas. */
  | {
      kind: 'step'
      step: number
      path: string
      words: string
      asText?: boolean
      change?: Change
      all?: 'list' | 'text'
    }
  /** All that an earlier call answers, as text: what a message is to say. */
  | { kind: 'answer'; step: number; fields: readonly Told[]; words: string }
  /** Of the item at hand, for a call that is made for each of a list. */
  | { kind: 'item'; path: string; words: string; asText?: boolean; change?: Change }

/** One call of a plan in the making. */
export type PlannedCall = {
  endpoint: Endpoint
  bindings: readonly { slot: Slot; source: Source }[]
  /** Which of the items that it lists are meant, where not all as they come. */
  pick?: Pick
  /** It is made once for each item of an earlier list. */
  each?: Each
  /** It is made only if something holds. */
  only?: Only
  /** What is worked out of what it lists and calls before it list: that stands for its answer. */
  report?: Report
  /** The call itself, where this one tells later calls what is worked out instead of what is answered. */
  called?: PlannedCall
}

/** A way to do what was asked, as far as it is worked out. The call that does it comes last. */
export type Attempt = {
  calls: readonly PlannedCall[]
  used: ReadonlySet<Entity>
  /** How well the used entities fit where they went, added up. */
  fit: number
  /** Stems that a value was chosen by. */
  covered: ReadonlySet<string>
  assumptions: readonly string[]
  cost: number
}

/** What else is asked of an attempt. */
export type Demands = {
  /** The thing that the clause is about, where calls that are done find that. */
  of?: Thing | null
  /** Whether an attempt will do. */
  accepts?: (attempt: Attempt) => boolean
  /** Whether an operation answers with what is looked for, though it is called by whose that is. */
  holds?: (endpoint: Endpoint) => boolean
  /** How many calls are tried to find what one operation needs. */
  tries?: number
}

/** The best attempt at a clause with its worth; null when nothing connected answers it. */
export type Answer = {
  attempt: Attempt
  score: number
  sure: number
  margin: number
  /** The part of the clause that the last call answers, where the calls before find what the rest tells of. */
  about?: Clause
} | null

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
  byOwner: 4,
}
// How many calls are tried to find what one operation needs.
const MAX_TRIED = 40
// What a point of the ranking is worth beside the costs of binding.
const SCALE = 1

/**
 * Works out one clause: tries to bind its candidates and keeps the one that answers best with what it takes. Clauses of the
 * `context` ask for nothing by themselves, and may say what it takes.
 */
export async function assemble(
  clause: Clause,
  candidates: readonly { endpoint: Endpoint; score: number; sure: number }[],
  done: readonly PlannedCall[],
  producers: Producers,
  context: readonly Clause[] = [],
  { of = null, accepts = () => true, holds = () => false, tries = MAX_TRIED }: Demands = {},
): Promise<Answer> {
  const answers: { attempt: Attempt; score: number; sure: number }[] = []
  const isResource = candidates.some(
    ({ endpoint }) => clause.head !== null && lastOf(endpoint.path).includes(clause.head),
  )
  const isOwners = candidates.some(({ endpoint }) => isOfItsOwner(clause, endpoint))
  const setting = setsSomethingOf(clause)
  const doesOther = othersThan(clause, candidates)
  for (const { endpoint, score, sure } of candidates) {
    if (
      isUncalledFor(clause, endpoint, sure, done.length > 0) ||
      (isOwners && (isOfItsOwner(clause, endpoint) || isOfAnother(clause, endpoint))) ||
      (!endpoint.path.endsWith('}') && isUnsaid(clause, endpoint)) ||
      (setting && endpoint.effect !== 'read' && !setsWhatIsNamed(clause, endpoint)) ||
      (isResource && (isOfAnother(clause, endpoint) || isOfNone(clause, endpoint))) ||
      (clause.effect === 'update' && hasChangingTwin(endpoint, candidates)) ||
      (clause.effect === 'create' && hasCreatingTwin(clause, endpoint, candidates)) ||
      (clause.effect === 'read' && hasReadingTwin(endpoint, candidates))
    )
      continue
    const start: Attempt = { calls: done, used: new Set(), fit: 0, covered: new Set(), assumptions: [], cost: 0 }
    const attempt = await bind(
      endpoint,
      {
        clause,
        context,
        entities: clause.entities,
        producers,
        readers: candidates.flatMap(({ endpoint: other }) => (other.effect === 'read' ? [other] : [])),
        depth: 0,
        of,
        naming: new Set(),
        sought: [],
        said: new Set([...vocabularyOf(endpoint)].flatMap(([term, weight]) => (weight >= STRONG ? [term] : []))),
        reads: endpoint.effect === 'read',
        budget: { left: tries },
      },
      start,
    )
    if (!accepts(attempt) || (isUnsaid(clause, endpoint) && isLookedUp(attempt, done.length))) continue
    const added = attempt.calls
      .slice(done.length)
      .map((call) => vocabularyOf(call.endpoint))
      .toReversed()
    const before = coverage(clause, [vocabularyOf(endpoint)], new Set())
    const gained = coverage(clause, added, attempt.covered) - before
    const unused = clause.entities
      .filter((entity) => !attempt.used.has(entity) && !isTold(entity, attempt) && !isByTheWay(entity, clause.entities))
      .reduce((sum, entity) => sum + costOfUnused(entity, clause, attempt), 0)
    const repeated = done.some((call) => call.endpoint.id === endpoint.id) ? COST.repeated : 0
    const head = clause.head ?? ''
    const searched = attempt.calls.slice(done.length, -1).some((call) => lastOf(call.endpoint.path).includes(head))
    const turned = isResource && isAboutOwner(clause, endpoint) && !holds(endpoint) ? COST.owner : 0
    const seeking = searched && SEEKING.has(clause.action ?? '') ? COST.seeking : 0
    const other = doesOther(endpoint) ? COST.otherVerb : 0
    const several = isOfOne(clause) && hasSingleTwin(endpoint, candidates) ? COST.several : 0
    const batch = takesIds(endpoint) && clause.entities.filter(({ kind }) => kind === 'id').length < 2 ? COST.batch : 0
    const byOwner = isFoundByOwner(attempt, clause.entities, resourceOf(endpoint.path)) ? COST.byOwner : 0
    const looking = endpoint.effect === 'read' && isDone(clause, candidates) ? COST.looking : 0
    const owned = isOwned(clause) && takesOne(endpoint, head) ? COST.owned : 0
    const worth =
      SCALE * score +
      gained -
      attempt.cost -
      unused -
      repeated -
      seeking -
      turned -
      other -
      several -
      owned -
      looking -
      batch -
      byOwner
    answers.push({ attempt, sure, score: worth })
  }
  const [best, second] = answers
    .map((answer) => {
      const unusing = hasUsingTwin(clause, answer, answers) ? COST.unusing : 0
      return { ...answer, score: answer.score - unusing - (hasNarrowerTwin(answer, answers) ? COST.wider : 0) }
    })
    .toSorted((a, b) => b.score - a.score)
  return best ? { ...best, margin: second ? best.score - second.score : 1 } : null
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

/** Whether what the last of some calls is done to is found by calls from `first` on. */
function isLookedUp({ calls }: Attempt, first: number): boolean {
  const { bindings = [] } = calls.at(-1) ?? {}
  return bindings.some(({ source }) => source.kind === 'step' && source.step >= first)
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
