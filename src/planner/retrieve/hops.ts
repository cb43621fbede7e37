import type { EndpointWords } from '../../catalog/words.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { PEOPLE } from '../language/lexicon.ts'
import { tellingFirst } from '../language/roles.ts'
import { marginOf, surenessOf } from '../rank/judge.ts'
import { lastOf } from '../rank/profile.ts'
import { type Field, needsOf, type Ranked, rankTogether } from '../rank/rank.ts'
import { settle } from '../settle/settle.ts'
import type { Clause } from '../understand/clause.ts'
import { readDescribedObjects } from './described-objects.ts'
import { type Described, type Kinds, readDescribed } from './described.ts'
import type { Candidate } from './retrieve.ts'

/** A part of a clause with the operations that may do it, the likeliest first, and the ways to take it apart in turn. */
export type Hop = { clause: Clause; candidates: readonly Candidate[]; ways: () => readonly Way[] }

/** A clause as two: what answers `thing` gives what answers `asked` the id that it takes. */
export type Way = { thing: Hop; asked: Hop } & Pick<Described, 'noun' | 'kind' | 'many' | 'role'>

/** How many operations are kept for each part. */
const KEPT = 4
// "Pictures of the lead actor of the film Jaws" is two ways in one; more are not said in one breath.
const DEPTH = 2
const NUMBERED = /^(?:number|num|no|index|position)$/
const MINE = /^what is (?:my|our)\s/
// What operations are called by that tell of whoever asks, and what that counts beside the ranking.
const OF_ASKER = new Set('me my mine self own authenticated current'.split(' '))
const OWN = 4

/** The ways to answer a clause in which what is asked for belongs to a thing that is told of, and found by a call of its own. */
export function waysOf(clause: Clause, field: Field, now: Now | null): Way[] {
  return readWays(clause, field, { now, kinds: kindsOf(field), depth: 1 })
}

type Reading = { now: Now | null; kinds: Kinds; depth: number }

function readWays(clause: Clause, field: Field, reading: Reading): Way[] {
  const { now, kinds, depth } = reading
  if (depth > DEPTH) return []
  const isRead = clause.effect === 'read'
  return (isRead ? readDescribed : readDescribedObjects)(clause, now, kinds).flatMap((described) => {
    const settled = settleParts(described, field, now)
    if (!settled) return []
    const { thing, asked } = settled
    const { things, answers } = candidatesFor(thing, asked, clause, field, described.role)
    return [
      {
        thing: {
          clause: thing,
          candidates: things,
          ways: () => readWays(thing, field, { ...reading, depth: depth + 1 }),
        },
        asked: { clause: asked, candidates: answers, ways: () => [] },
        noun: described.noun,
        kind: described.kind,
        many: described.many,
        role: described.role,
      },
    ]
  })
}

/** Both parts as the operations at hand make sense of them; null where one of them is more than one request. */
function settleParts(parts: Described, field: Field, now: Now | null): Pick<Described, 'thing' | 'asked'> | null {
  const [thing, ...otherThings] = settle([parts.thing], field, now)
  const [asked, ...others] = settle([parts.asked], field, now)
  return thing && asked && otherThings.length === 0 && others.length === 0 ? { thing, asked } : null
}

/** The operations that may find a thing, and those that may do what is asked of it. */
function candidatesFor(thing: Clause, asked: Clause, { text }: Clause, field: Field, role: string | null) {
  // What is done to a thing is called by what that is done to, not by what finds it.
  const [all = [], deeds = []] =
    asked.effect === 'read'
      ? rankTogether(needsOf(text, [thing, asked]), field)
      : [[thing], [asked]].flatMap((alone) =>
          rankTogether(needsOf(alone.map((each) => each.text).join(), alone), field),
        )
  const isRead = ({ found }: Ranked) => found.effect === 'read'
  const reading = all.filter(isRead)
  const things = role === null ? reading : tellingFirst(reading, role)
  const answers =
    asked.effect === 'read' ? ofThing(asked, thing, deeds.filter(isRead)) : deeds.filter((each) => !isRead(each))
  return { things: weighed(MINE.test(thing.text) ? ownFirst(things) : things), answers: weighed(answers) }
}

/** "My latest repository": operations that tell of whoever asks are likelier. */
function ownFirst(ranked: readonly Ranked[]): Ranked[] {
  return ranked
    .map((each) =>
      nameOf(each.found).some((word) => OF_ASKER.has(word)) ? { ...each, score: each.score + OWN } : each,
    )
    .toSorted((a, b) => b.score - a.score)
}

/** Operations that take the id of a thing; only those that are called by what is asked of it, where some are. */
function ofThing({ head }: Clause, thing: Clause, ranked: readonly Ranked[]): Ranked[] {
  const taking = ranked.filter(({ found }) => takesId(found))
  const others = taking.filter(({ found }) => thing.head === null || !lastOf(found.path).includes(thing.head))
  const called = others.filter(({ found }) => nameOf(found).some((word) => stem(word) === head))
  return called.length > 0 ? called : taking
}

function takesId({ path, parameters }: EndpointWords): boolean {
  return path.includes('{') || /\bids?\b/.test(parameters)
}

/** The words that an operation is called by. */
function nameOf({ path, operationId, summary }: EndpointWords): string[] {
  return words(`${path.replaceAll(/\{[^}]*\}/g, ' ')} ${operationId ?? ''} ${summary}`)
}

function weighed(ranked: readonly Ranked[]): Candidate[] {
  return ranked.slice(0, KEPT).map(({ found, features, score }, at) => ({
    found,
    score,
    sure: surenessOf(features, { score, margin: marginOf(ranked, at), aside: false }),
  }))
}

/** What paths tell: of "open pull request" the `pulls` of `/pulls/{pull_number}`, and not "open"; and that pulls have numbers. */
function kindsOf({ profiles }: Field): Kinds {
  const paths = profiles.map(({ found }) => found.path)
  const stems = (texts: readonly string[]) => new Set([...new Set(texts)].flatMap(words).map(stem))
  const called = stems(paths.flatMap((path) => [...path.matchAll(/([^/{}]+)\/\{/g)].map(([, name = '']) => name)))
  const parameters = paths.flatMap((path) => [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name))
  const numbered = stems(parameters.filter((name) => NUMBERED.test(words(name).at(-1) ?? '')))
  return {
    isNoun: (word) => called.has(stem(word.toLowerCase())),
    isNumbered: (word) => numbered.has(stem(word.toLowerCase())),
    isKnown: (word) => profiles.some((profile) => profile.called.has(stem(word.toLowerCase()))),
    person: personIn(profiles),
  }
}

/** What people are called that an operation reads by their ids; null where they are of several kinds, or of none. */
function personIn(profiles: Field['profiles']): string | null {
  const kinds = profiles.flatMap(({ found: { path, effect }, single, pathParameters }) => {
    const noun = singular(words(path.split('/').at(-2) ?? '').at(-1) ?? '')
    return effect === 'read' && single && pathParameters === 1 && PEOPLE.has(noun) ? [noun] : []
  })
  const [kind = null, ...others] = new Set(kinds)
  return others.length === 0 ? kind : null
}

/** Ways without the operations whose ids are in `without`. */
export function withoutSome(ways: readonly Way[], without: ReadonlySet<string>): readonly Way[] {
  if (without.size === 0) return ways
  const of = (hop: Hop): Hop => ({
    ...hop,
    candidates: hop.candidates.filter(({ found }) => !without.has(found.id)),
    ways: () => withoutSome(hop.ways(), without),
  })
  return ways.map((way) => ({ ...way, thing: of(way.thing), asked: of(way.asked) }))
}
