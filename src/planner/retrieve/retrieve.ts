import { once } from '../../catalog/once.ts'
import { type EndpointWords, findWords, findWordsOf, type Wanted } from '../../catalog/words.ts'
import { listNames } from '../../connections/targets.ts'
import type { Ctx } from '../../context.ts'
import { type Alike, findAlike } from '../../embeddings/alike.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { nowOf } from '../language/dates.ts'
import { isRole, tellingFirst, tellsJobs } from '../language/roles.ts'
import { marginOf, surenessOf } from '../rank/judge.ts'
import { standingsOf } from '../rank/meaning.ts'
import { type Field, fieldOf, needsOf, rankTogether } from '../rank/rank.ts'
import { withLetteredIds } from '../settle/lettered-ids.ts'
import { settle } from '../settle/settle.ts'
import type { Clause } from '../understand/clause.ts'
import { understand } from '../understand/understand.ts'

/** An operation that may be what a clause asks for; `sure` is how likely it is, from 0 to 1. */
export type Candidate = { found: EndpointWords; score: number; sure: number }

const OF_MESSAGE = 150
const OF_CLAUSE = 60
const OF_PATH = 40
const OF_DEED = 30
const KEPT = 40
// How sure an operation is at least that comes first and has all that is asked of something named.
const SURE_OF_TOLD = 0.3
// And where it tells who does what for a thing, and that is asked of one that is named.
const SURE_OF_ROLE = 0.1

/** Clauses as the operations at hand make sense of them, and for each the operations that may be what it asks for, best first. */
export type Retrieved = { clauses: Clause[]; candidates: Candidate[][]; field: Field }

/** Finds the operations of the workspace that may be what the clauses of a message ask for. */
export function retrieveAll(ctx: Ctx, message: string, understood: readonly Clause[]): Promise<Retrieved> {
  return once(ctx, `retrieve ${understood.length} ${message}`, () => retrieve(ctx, message, understood))
}

/** What is asked for, with the operations that may be meant by each clause, best first. */
export type AskedFor = { clauses: readonly Clause[]; retrieved: readonly (readonly Candidate[])[]; field: Field }

/** Of the clauses of a message those that ask for something, with their candidates but for operations in `without`. */
export function askedOf({ clauses, candidates, field }: Retrieved, without: ReadonlySet<string> = new Set()): AskedFor {
  const telling = clauses.map(({ terms, forbids }) => terms.length > 0 && !forbids)
  const kept = clauses.flatMap(({ forbids }, index) =>
    !forbids && (telling[index] || !telling.includes(true)) ? [index] : [],
  )
  // "Take it off the list, but do not delete it".
  const spared = new Set(
    clauses.flatMap((clause) =>
      clause.forbids && clause.refersBack && clause.entities.length === 0 ? clause.effect : [],
    ),
  )
  const isOut = ({ found }: Candidate) =>
    without.has(found.id) || (IRREVERSIBLE.has(found.effect) && spared.has(found.effect))
  return {
    clauses: kept.flatMap((index) => clauses[index] ?? []),
    retrieved: kept.map((index) => (candidates[index] ?? []).filter((candidate) => !isOut(candidate))),
    field,
  }
}

async function retrieve(ctx: Ctx, message: string, understood: readonly Clause[]): Promise<Retrieved> {
  const lists = understood.flatMap((clause) => [
    { terms: spokenIn(clause), limit: OF_CLAUSE },
    // In a large API many operations have to do with users: the list of them, and one of them, must not get lost.
    { terms: clause.content, limit: OF_PATH, by: 'path' as const },
  ])
  const texts = understood.map(({ text }) => text)
  const [worded, names, alike] = await Promise.all([
    findWords(ctx, [{ terms: words(message), limit: OF_MESSAGE }, ...lists, ...understood.flatMap(saidJustSo)]),
    listNames(ctx),
    findAlike(ctx, texts),
  ])
  const found = [...worded, ...(await findUnworded(ctx, worded, alike ?? []))]
  const field = fieldOf(found, names)
  const said = withLetteredIds(message, understood, field)
  const clauses = settle(said === message ? understood : understand(said, nowOf(ctx)), field, nowOf(ctx))
  const standings = alike ? standingsOf(clauses, texts, alike) : []
  const candidates = rankTogether(needsOf(said, clauses), field, standings).map((all, clause) => {
    const aside = clauses[clause]?.aside ?? false
    const role = roleAskedFor(clauses[clause], field)
    const ranked = role === null ? all.slice(0, KEPT) : tellingFirst(all.slice(0, KEPT), role)
    return ranked.map(({ found, features, score, tells }, at) => {
      const margin = marginOf(ranked, at)
      const sure = surenessOf(features, { score, margin, aside })
      const least = at > 0 ? 0 : tells ? SURE_OF_TOLD : role !== null && tellsJobs(found) ? SURE_OF_ROLE : 0
      return { found, score, sure: Math.max(sure, least) }
    })
  })
  return { clauses, candidates, field }
}

// A poster is nobody.
const SOMEBODY = /\b(?:who|whose|whom|names?)\b/i

/** "Who is the director of the film?": what somebody is called who is asked for, where no operation is called so. */
function roleAskedFor(clause: Clause | undefined, { profiles }: Field): string | null {
  const word = clause?.effect === 'read' ? clause.content.find((each) => stem(each) === clause.head) : undefined
  const isNamed = clause?.entities.some(({ kind }) => kind === 'name' || kind === 'quoted') || clause?.refersBack
  if (!clause || !word || !isNamed || !isRole(word) || !SOMEBODY.test(clause.text)) return null
  return profiles.some(({ called }) => called.has(stem(word))) ? null : word
}

/** What summaries say just so: "Create a repository", and what "my" repositories are. */
function saidJustSo({ content, action, text }: Clause): Wanted[] {
  const deed =
    action !== null && /^[a-z]+$/.test(action)
      ? [{ terms: content, limit: OF_DEED, by: 'deed' as const, deed: action }]
      : []
  return /\bmy\b/i.test(text) ? [...deed, { terms: content, limit: OF_PATH, by: 'caller' }] : deed
}

/** Operations that mean what a clause says and share no word with it. */
function findUnworded(ctx: Ctx, worded: readonly EndpointWords[], alike: readonly Alike[]): Promise<EndpointWords[]> {
  const known = new Set(worded.map(({ id }) => id))
  const ids = new Set(alike.flatMap((ofClause) => [...ofClause.keys()].filter((id) => !known.has(id))))
  return findWordsOf(ctx, [...ids])
}

/** How many of a clause's candidates are worth trying to bind. */
export const TRIED = 6

function spokenIn(clause: Clause): string[] {
  const names = clause.entities.filter(({ kind }) => kind === 'name').flatMap(({ text }) => words(text))
  return [...clause.content, ...(clause.verb ? [clause.verb] : []), ...names]
}
