import type { Endpoint } from '../../catalog/service.ts'
import { singular } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { assemble } from '../assemble/assemble.ts'
import { idOf } from '../assemble/id-of.ts'
import type { Producers } from '../assemble/producers.ts'
import { rolePath } from '../language/roles.ts'
import type { Answer, Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { lastOf } from '../rank/profile.ts'
import type { Way } from '../retrieve/hops.ts'
import type { Candidate } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { doesIt, isLikely, isShort, isToldOutright, leastSure, SURE } from './likely-ways.ts'
import { isOrdered, pickAnswers } from './pick-answers.ts'
import { isAllPlaced, unplacedWords } from './unplaced.ts'
import { leadOf, seesToAll, toldBy } from './ways-worth.ts'

/** What ways are followed with: whole operations, what finds the ids that they need, and clauses that only tell values. */
export type Tools = {
  load: (candidates: readonly Candidate[]) => Promise<Loaded[]>
  producers: Producers
  context: readonly Clause[]
}

type Loaded = { endpoint: Endpoint; score: number; sure: number }
type Found = NonNullable<Answer>

// How many calls are tried to find what one operation needs.
const TRIED = 8
// And what something is done with, beside the thing.
const TRIED_TO_DO = 24
// How many things are looked for, where the first gives nothing that what is asked for takes.
const TRIES = 2
// How many calls what is asked for may take: its own, and one between the thing and it.
const ADDED = 2
// What it is worth that something is done with all of several, and not with the first.
const ALL_OF_THEM = 4
// How well the thing itself has to tell what is asked of it, where no other call does.
const TOLD = 0.55

/**
 * The answer to a clause by the way that sees to more of what it says, with operations that are as likely; the plain answer
 * where no way does.
 */
export async function bestWay(
  clause: Clause,
  plain: Answer,
  ways: readonly Way[],
  before: readonly PlannedCall[],
  tools: Tools,
): Promise<Answer> {
  let best: { answer: Found; lead: number } | null = null
  const picked = plain && { ...plain, attempt: pickAnswers(plain.attempt, clause, before.length) }
  for (const way of ways) {
    if (!isLikely(way) || (picked && !isShort(way, picked, clause) && seesToAll(way, picked.attempt, before.length)))
      continue
    if (plain && isToldOutright(way, plain, clause, before.length)) continue
    if (way.asked.clause.effect !== 'read' && picked && doesIt(way, picked, clause, before.length)) continue
    const followed = await follow(way, clause, before, tools)
    if (!followed || followed.thing.sure < (way.role === null ? SURE.thing : SURE.inRole)) continue
    const answer = joined(clause, way, followed)
    const finder = followed.thing.attempt.calls.at(-1)?.endpoint.id ?? null
    // One of several is not what is meant.
    const lead = leadOf(way, answer, picked, { finder, before: before.length }) + (way.many ? ALL_OF_THEM : 0)
    if (lead > (best?.lead ?? 0)) best = { answer: { ...answer, margin: Math.max(answer.margin, lead) }, lead }
  }
  return best?.answer ?? plain
}

/** What answers a clause in parts: the thing, and behind it what is asked of it; null where the thing tells that itself. */
type Followed = { thing: Found; asked: Answer }

/** Follows a way behind the calls made before; null where nothing that is found gives what is asked for the id that it takes. */
async function follow(
  way: Way,
  clause: Clause,
  before: readonly PlannedCall[],
  tools: Tools,
): Promise<Followed | null> {
  const passed = new Set<string>()
  let alone: Followed | null = null
  for (let tries = 0; tries < TRIES; tries++) {
    const thing = await answerThing(way, before, tools, passed)
    const found = thing?.attempt.calls.at(-1)
    // What was found before is meant then.
    if (!thing || !found || before.some(({ endpoint }) => endpoint.id === found.endpoint.id)) break
    const asked = await answerAsked(way, thing.attempt.calls, before, tools)
    const last = asked?.attempt.calls.at(-1)
    const reads = way.asked.clause.effect === 'read'
    if (!reads && !isSureOf(thing, way.thing.clause, clause, before.length)) return null
    if (
      !reads &&
      asked &&
      !isAllPlaced(way.asked.clause, asked.attempt.calls.slice(before.length), asked.attempt.covered)
    )
      return null
    if (asked && last) return reads && tellsAsMuch(way, found, last) ? { thing, asked: null } : { thing, asked }
    if (reads && toldBy(way, found) >= TOLD) alone ??= { thing, asked: null }
    passed.add(found.endpoint.id)
  }
  return alone
}

/** Whether what something is done to is just what is told of: nothing is done to what merely comes first, or may be meant. */
function isSureOf({ attempt }: Found, clause: Clause, { entities }: Clause, before: number): boolean {
  const isInOrder = clause.order === null || isOrdered(attempt, before)
  // "The order about shoes": words that are no name are looked for as one.
  const isGuessed = [...clause.entities, ...attempt.used].some(
    ({ list, text }) => list < 0 && !entities.some((said) => said.text === text),
  )
  const added = attempt.calls.slice(before)
  const isSaid = isAllPlaced(clause, added, attempt.covered)
  return isInOrder && !isGuessed && isSaid && unplacedWords(clause, added, attempt.covered).length === 0
}

/** "The total of the latest order": whether the call that finds a thing tells as much of it as one that reads it. */
function tellsAsMuch(way: Way, found: PlannedCall, last: PlannedCall): boolean {
  return isOne(last.endpoint, way.thing.clause.head) && toldBy(way, found) >= toldBy(way, last)
}

/** What finds the thing, by operations that were not passed over. */
async function answerThing(
  { thing: { clause, candidates, ways }, kind, role }: Way,
  before: readonly PlannedCall[],
  tools: Tools,
  passed: ReadonlySet<string>,
): Promise<Answer> {
  const { producers, context, load } = tools
  const loaded = (await load(candidates)).filter(({ endpoint }) => !passed.has(endpoint.id))
  const givers = await giversOf(kind, loaded, producers)
  const holds = ({ id }: Endpoint) => givers.has(id)
  const plain = await assemble(clause, loaded, before, producers, context, { accepts: tellsWhich, holds, tries: TRIED })
  const answer = await bestWay(clause, plain, ways(), before, tools)
  return answer && { ...answer, attempt: pickAnswers(answer.attempt, answer.about ?? clause, before.length) }

  /** What reads a thing by an id that another call has found tells nothing of which one it is. */
  function tellsWhich({ calls }: Attempt): boolean {
    const last = calls.at(-1)
    if (role !== null) return last !== undefined && rolePath(last.endpoint, role) !== null
    return !last || !isOne(last.endpoint, clause.head) || !last.bindings.some(({ source }) => source.kind === 'step')
  }
}

/** The ids of operations that answer with things of a kind, whatever they are called by. */
async function giversOf(kind: string, loaded: readonly Loaded[], producers: Producers): Promise<ReadonlySet<string>> {
  const connections = [...new Set(loaded.map(({ endpoint }) => endpoint.connectionId))]
  const found = await Promise.all(connections.map((id) => producers.within(id, idOf(singular(kind)))))
  return new Set(found.flat().map(({ endpoint }) => endpoint.id))
}

/** What is asked of the thing that the last of some calls finds; null where nothing takes it, or it is not sure enough. */
async function answerAsked(
  { asked: { clause, candidates }, kind, many, role }: Way,
  calls: readonly PlannedCall[],
  before: readonly PlannedCall[],
  { producers, context, load }: Tools,
): Promise<Answer> {
  const known = new Set(calls.slice(before.length).map(({ endpoint }) => endpoint.id))
  const accepts = ({ calls: all }: Attempt) => {
    const added = all.slice(calls.length)
    const effect = all.at(-1)?.endpoint.effect ?? 'read'
    if (IRREVERSIBLE.has(effect) && effect !== clause.effect) return false
    if (many && !all.at(-1)?.bindings.some(({ source }) => source.kind === 'step' && source.all)) return false
    return added.length <= ADDED && !known.has(added.at(-1)?.endpoint.id ?? '') && takesFrom(added, calls)
  }
  const of = { from: before.length, to: calls.length, kind, many, role }
  const answer = await assemble(clause, await load(candidates), calls, producers, context, {
    of,
    accepts,
    tries: clause.effect === 'read' ? TRIED : TRIED_TO_DO,
  })
  return answer && answer.sure >= leastSure(role) ? answer : null
}

/** Whether one of some calls takes from the last one before them what that was not given itself: of what it lists, another. */
function takesFrom(added: readonly PlannedCall[], before: readonly PlannedCall[]): boolean {
  const given = new Set(before.at(-1)?.bindings.map(({ slot }) => slot.name))
  return added.some(({ bindings }) =>
    bindings.some(
      ({ slot, source }) =>
        source.kind === 'step' &&
        source.step === before.length - 1 &&
        (!given.has(slot.name) || source.path.includes('[0]')),
    ),
  )
}

/** Whether an operation reads one thing of a kind: `/orders/{orderId}`. */
function isOne({ path }: Endpoint, head: string | null): boolean {
  return path.endsWith('}') && head !== null && lastOf(path).includes(head)
}

/** Both parts as one answer to the clause. */
function joined(clause: Clause, { asked: { clause: about }, noun }: Way, { thing, asked }: Followed): Found {
  const parts = asked ? [thing, asked] : [thing]
  const attempts = parts.map(({ attempt }) => attempt)
  const used = attempts.flatMap((attempt) => [...attempt.used])
  const isUsed = ({ kind, text }: Entity) => used.some((entity) => entity.kind === kind && entity.text === text)
  const found = thing.attempt.calls.at(-1)
  const isFirst = asked && found && listOf(found.endpoint) && !found.pick?.order
  const first = isFirst ? [`the first ${noun} that is found is the one meant`] : []
  return {
    about,
    margin: (asked ?? thing).margin,
    sure: mean(parts.map(({ sure }) => sure)),
    score: mean(parts.map(({ score }) => score)),
    attempt: {
      calls: (asked ?? thing).attempt.calls,
      used: new Set([...used, ...clause.entities.filter(isUsed)]),
      fit: mean(attempts.map(({ fit }) => fit)),
      covered: new Set(attempts.flatMap(({ covered }) => [...covered])),
      cost: mean(attempts.map(({ cost }) => cost)),
      assumptions: [...new Set([...thing.attempt.assumptions, ...first, ...(asked?.attempt.assumptions ?? [])])],
    },
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
