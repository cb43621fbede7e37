import type { EndpointWords } from '../../catalog/words.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, PEOPLE } from '../language/lexicon.ts'
import { ARTICLES } from '../language/noun-phrases.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNumbered } from '../understand/entity.ts'
import { nestedNames } from '../understand/nested-names.ts'
import { type Aliases, aliasesOf } from './aliases.ts'
import { coherenceOf, type First } from './coherence.ts'
import { deedOf, featuresOf } from './features.ts'
import { MEANING, type Standings } from './meaning.ts'
import { thingOf } from './measures.ts'
import { type Company, type Need, WAYS } from './need.ts'
import { type Listed, saidOutright } from './outright.ts'
import { abbreviations, isPlural, type Profile, profileOf } from './profile.ts'
import { FIRST_SIGHT, RANKING } from './weights.ts'

/**
 * An operation with how well it answers a need; above 0 it is likelier the answer than not. `tells` is whether its answer has
 * all that is asked of something named.
 */
export type Ranked = { found: EndpointWords; features: number[]; score: number; tells?: boolean }

/** What is looked for in a message: each clause, and behind them the message as a whole. */
export function needsOf(message: string, clauses: readonly Clause[]): Need[] {
  const context = new Set(
    words(withoutNested(message, clauses))
      .filter((word) => !FUNCTION_WORDS.has(word) && !GENERAL_VERBS.has(word))
      .map(stem),
  )
  return clauses.map((clause, index) => ({
    terms: clause.terms,
    head: clause.head,
    verb: clause.verb,
    action: clause.action,
    particle: particleOf(clause),
    effect: clause.effect,
    plural: clause.content.some((word) => stem(word) === clause.head && isPlural(word)),
    counts: clause.counts,
    ids: clause.entities.reduce((sum, entity) => sum + idsIn(entity), clause.ofOne ? 1 : 0),
    names: clause.entities.filter(({ kind }) => kind === 'name' || kind === 'quoted' || kind === 'email').length,
    values: clause.entities.length,
    listed: clause.entities.some(
      (one, at, all) =>
        isNumbered(one) && all.some((other, place) => place > at && isNumbered(other) && other.list === one.list),
    ),
    mine: MY.test(clause.text) || OWN_DEED.test(clause.text),
    somebodys: clause.entities.some(isSomebody),
    nested: clause.entities.some(({ kind }) => kind === 'nested'),
    classes: new Set(clause.entities.flatMap(classOf)),
    agents: clause.entities.some(isAgent),
    acts: clause.entities.some(isActing),
    ofNamed: clause.entities.some((entity) => isOwnerOfHead(entity, clause)),
    ranked: RANKED.test(clause.text),
    asks: ASKS.test(clause.text),
    whether: clause.effect === 'read' && WHETHER.test(clause.text),
    ownedBy: clause.ownedBy,
    context,
    ...antecedentOf(clauses, index),
    told: new Set(clauses.slice(0, index).flatMap(({ terms }) => terms)),
    refersBack: clause.refersBack,
  }))
}

/** "Check in booking 5", "check booking 5 in": the way that is a part of the verb of a clause. */
function particleOf({ action, text }: Clause): string | null {
  const said = words(text)
  const at = said.findIndex((word) => stem(word) === action)
  const way = [said[at + 1], said.at(-1)].find((word) => word !== undefined && WAYS.has(word))
  return at === -1 || way === undefined ? null : way
}

/** Names in things say nothing of what is to be done with those. */
function withoutNested(message: string, clauses: readonly Clause[]): string {
  const nested = clauses.flatMap(({ entities }) => entities.filter(({ kind }) => kind === 'nested'))
  return nested.reduce((rest, { text }) => rest.replaceAll(text, ' '), message)
}

function idsIn(entity: Entity): number {
  if (entity.kind === 'nested') return nestedNames(entity).length
  return entity.kind === 'id' || entity.kind === 'number' ? 1 : 0
}

/** What the nearest clause before that is about something is about. */
function antecedentOf(clauses: readonly Clause[], index: number): Pick<Need, 'owner' | 'focus'> {
  const among = clauses[index]?.among ?? null
  const before = clauses
    .slice(0, index)
    .findLast((clause) => clause.head !== null && (among === null || clause.among !== among))
  return { owner: before?.head ?? null, focus: new Set(before?.terms) }
}

/** What a name is a name of, by the word before it: "the movie Titanic", "order 5". */
function classOf({ before }: Entity): string[] {
  const word = before.findLast((each) => !ARTICLES.has(each))
  // "Who directed Jaws" is about no directed.
  if (before.at(-2) === 'who') return []
  return word === undefined || FUNCTION_WORDS.has(word) || GENERAL_VERBS.has(word) ? [] : [stem(word)]
}

/** Whether a name is that of somebody: "by Ada", "Ada's", "actor Ada", "which albums has Ada released". */
function isAgent(entity: Entity): boolean {
  const { kind, before, possessive } = entity
  const last = before.at(-1) ?? ''
  return isActing(entity) || (kind === 'name' && (possessive || last === 'by' || PEOPLE.has(last)))
}

/** "The albums of Ada", "Ada's albums": whether an entity is whose what a clause is about is. */
function isOwnerOfHead({ kind, before, possessive, trail }: Entity, { head, text }: Clause): boolean {
  // "When does Ada's latest film start?" asks for no films.
  if ((kind !== 'name' && kind !== 'quoted') || head === null || ASKS_OTHERWISE.test(text)) return false
  const joint = before.at(-1) ?? ''
  return possessive
    ? trail.some((word) => stem(word) === head)
    : OWNING.has(joint) && stem(before.at(-2) ?? '') === head
}

/** "Which albums has Ada released?" */
function isActing({ kind, before }: Entity): boolean {
  const isHelped = HELPING.has(before.at(-1) ?? '') && !BEING.has(before.at(-2) ?? '')
  return kind === 'name' && isHelped && before.length > 2
}

/** Whether something belongs to somebody who is named: "of the user alice", "gists of Linus". */
function isSomebody(entity: Entity): boolean {
  const { kind, before, possessive } = entity
  const last = before.at(-1) ?? ''
  // "How many workouts has Jonas logged?"
  if (isActing(entity)) return true
  return kind === 'quoted' ? PEOPLE.has(last) : kind === 'name' && (possessive || last === 'of')
}

/** Operations with the rarity of their words, ready to be ranked for one need after the other. */
export type Field = Company & { profiles: readonly Profile[]; listed: Listed; aliases: Aliases }

const OWNING = new Set(['of', 'by'])
const ASKS_OTHERWISE = /^\s*(?:when|where|who|why|how(?! many))\b/i
const RANKED =
  /\b(?:top|best|most (?:popular|liked|loved|played|viewed)|biggest|greatest|best[- ]known|highest[- ]rated)\b/i
const MY = /\bmy\b/i
// "The books I have borrowed", "what do I owe?", but not "I need …", nor "can I …".
const OWN_DEED =
  /\b(?:do|did|have|had|am|was)\s+I\b(?!\s+(?:have|need)\s+to\s+(?:do|know)\b)|\bI(?:\s+(?:have|had|am|was)|['’](?:ve|m|d))\s+(?!to\b|looking\b|going\b|trying\b|searching\b|interested\b|like\b|love\b)\p{L}+|\bI\s+(?!need|want|would|could|should|can|cannot|must|will|shall|may|might|wish|think|hope|guess|hear|know|am\b|have\b|had\b|was\b|were\b|do\b|did\b|don\b|like to\b|request\b)\p{L}+/u
const ASKS =
  /^\s*(?:(?:and|so|please|can you|could you|tell me|show me|find out|i(?:'d| would) (?:like|love) to (?:know|see)|i want to (?:know|see)|do you know)\s+)*(?:who|whom|whose|what|where|when|which|how|why|is|are|was|were|does|do|did)\b/i
const WHETHER =
  /^\s*(?:(?:and|so|please|tell me|check|see|find out)\s+)*(?:(?:if|whether)\s|(?:am|are|is|was|were|do|does|did|have|has|had)\s+(?!you\b|there\b))/i
const HELPING = new Set('has have had did does do'.split(' '))
const BEING = new Set('what who when where how year date day time month'.split(' '))
const NO_WORDS: ReadonlySet<string> = new Set()

/** Makes ready what was found; `names` are those of the connections. */
export function fieldOf(found: readonly EndpointWords[], names: ReadonlyMap<string, string>): Field {
  const apis = new Map([...names].map(([id, name]) => [id, new Set(words(name).map(stem))]))
  const inFull = abbreviations(found)
  const profiles = found.map((each) => profileOf(each, apis.get(each.connectionId) ?? NO_WORDS, inFull))
  const counts = new Map<string, number>()
  for (const { called } of profiles) for (const word of called) counts.set(word, (counts.get(word) ?? 0) + 1)
  const size = Math.log(1 + profiles.length)
  const rarity = (word: string) => 0.25 + 0.75 * (1 - Math.log(1 + (counts.get(word) ?? 0)) / (size + 1e-6))
  const deeds = new Map<string, Set<ReturnType<typeof deedOf>>>()
  for (const profile of profiles) {
    const thing = thingOf(profile)
    deeds.set(thing, (deeds.get(thing) ?? new Set()).add(deedOf(profile.found)))
  }
  const aliases = aliasesOf(found, (word) => counts.has(stem(word)))
  return { profiles, rarity, deeds, listed: listedBy(profiles), aliases }
}

/** What lists that ask for no id tell of things, by what their paths end with. */
function listedBy(profiles: readonly Profile[]): Listed {
  const listed = new Map<string, Set<string>>()
  for (const { found, single, pathParameters, last, answers } of profiles) {
    const noun = last.at(-1)
    if (found.effect !== 'read' || single || pathParameters > 0 || noun === undefined) continue
    listed.set(noun, new Set([...(listed.get(noun) ?? []), ...answers]))
  }
  return listed
}

/** Every operation of a field for one need by itself, best first; equal ones keep their order. */
export function rank(need: Need, field: Field): Ranked[] {
  return field.profiles
    .map((profile) => {
      const features = featuresOf(need, profile, field)
      return { found: profile.found, features, score: weigh(features, FIRST_SIGHT) }
    })
    .toSorted((a, b) => b.score - a.score)
}

/**
 * Every operation of a field for each of the needs of one message, best first: what goes together is likelier. `standings`
 * are those of the operations by their meaning, for each need, where something tells them (`meaning.ts`).
 */
export function rankTogether(needs: readonly Need[], field: Field, standings: readonly Standings[] = []): Ranked[][] {
  const seen = needs.map((need, clause) => {
    const ofClause = standings[clause]
    return field.profiles.map((profile) => {
      const features = featuresOf(need, profile, field)
      const { worth, tells } = saidOutright(need, profile, field.listed)
      const told = (ofClause?.get(profile.found.id) ?? 0) * MEANING + worth
      return { profile, features, score: weigh(features, FIRST_SIGHT) + told, told, tells }
    })
  })
  const firsts = seen.map(firstOf)
  return seen.map((operations, clause) =>
    operations
      .map(({ profile, features, score, told, tells }) => {
        const all = [...features, ...coherenceOf(profile, score, clause, firsts)]
        return { found: profile.found, features: all, score: weigh(all, RANKING) + told, tells }
      })
      .toSorted((a, b) => b.score - a.score),
  )
}

/** The likeliest of some operations. */
export function firstOf(operations: readonly NonNullable<First>[]): First {
  return operations.reduce<First>((best, each) => (best && best.score >= each.score ? best : each), null)
}

function weigh(features: readonly number[], weights: readonly number[]): number {
  return features.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)
}
