import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { outputFor } from '../../links/outputs.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'
import { calledBy } from '../fill/values.ts'
import type { Many } from '../language/many.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Each } from '../plan/planned-call.ts'
import { isOfCaller } from '../rank/profile.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { readClause } from '../understand/understand.ts'
import { idOf } from './id-of.ts'
import { readPick, withoutLimit } from './pick.ts'
import { isPlainRead, type Producer } from './producers.ts'
import type { Bind, Search } from './search.ts'
import { isFoundByOwner } from './whose.ts'

const LISTS = 4
const MY = /\b(?:my|our)\b/i
const NOUNS = 3

/** A list with what is done for each of its items. */
export type Listed = { attempt: Attempt; each: Each }

/** A list that is there already: of what is named, or for "them" the last. */
export function earlierList(many: Many, entities: readonly Entity[], search: Search, start: Attempt): Listed | null {
  for (let step = start.calls.length - 1; step >= 0; step--) {
    const call = start.calls[step]
    if (!call || call.each || !isPlainRead(call.endpoint) || !listOf(call.endpoint)) continue
    const resource = resourceOf(call.endpoint.path)
    const named = many.nouns.find((noun) => isAbout(resource, noun))
    if (many.nouns.length > 0 && named === undefined) continue
    const bound = call.bindings.map(({ slot }) => slot)
    const { pick, used } = readPick(
      call.endpoint,
      phraseClause(many, search.clause),
      entities,
      bound,
      calledBy(call.endpoint),
    )
    const repeats = JSON.stringify(pick?.where) === JSON.stringify(call.pick?.where)
    const attempt = { ...start, used: new Set([...start.used, ...used]) }
    return { attempt, each: { step, pick: repeats ? null : pick, noun: named ?? singular(resource) } }
  }
  return null
}

/** A list that is read for it: of those that are at hand the one that takes the most of what is said. */
export async function addedList(
  many: Many,
  entities: readonly Entity[],
  target: Endpoint,
  slots: readonly Slot[],
  search: Search,
  start: Attempt,
  bind: Bind,
): Promise<Listed | null> {
  const clause = phraseClause(many, search.clause)
  const changes = target.effect !== 'read'
  for (const noun of many.nouns.slice(0, NOUNS)) {
    const slot = slots.find((each) => each.noun !== null && isAbout(each.noun, noun)) ?? idOf(noun)
    let best: (Listed & { worth: number }) | null = null
    let isUnclear = false
    const found = await search.producers.within(target.connectionId, { ...slot, noun: slot.noun ?? noun })
    const isMany = ({ endpoint, output }: Producer) => output.fromList && isAbout(resourceOf(endpoint.path), noun)
    const mine = changes && MY.test(search.clause.text) ? found.filter(({ endpoint }) => isOfCaller(endpoint)) : []
    // "All my holds" are not those of everybody, where one's own are listed.
    const lists = (mine.length > 0 ? mine : found).filter(isMany)
    // The list that an item's own path begins with is the one it stands in.
    const isOwn = ({ endpoint }: { endpoint: Endpoint }) => target.path.startsWith(`${endpoint.path}/`)
    const nearest = lists.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
    for (const { endpoint } of nearest.slice(0, LISTS)) {
      if (endpoint.id === target.id) continue
      const made = await bind(
        endpoint,
        { ...search, clause, entities, depth: search.depth + 1, reads: target.effect === 'read' },
        start,
      )
      // "All tasks of Ada" are not those that her name occurs in: nothing is done to whatever a search for it finds.
      if (changes && (isFoundByOwner(made, search.entities, noun) || isByReference(made, start))) continue
      const listed = withPick(made, clause, entities)
      const asked = listed.calls
        .slice(start.calls.length)
        .flatMap(({ bindings }) => bindings.filter(({ source }) => source.kind === 'input')).length
      const worth = listed.used.size + listed.covered.size - 2 * asked - 0.1 * (made.calls.length - start.calls.length)
      // Who or what is meant by a name has to be clear before anything is done to all that they have.
      if (changes && best && best.worth === worth && isOfOther(best.attempt, listed, start)) isUnclear = true
      if (best && best.worth >= worth) continue
      isUnclear = false
      best = { attempt: listed, each: { step: listed.calls.length - 1, pick: null, noun }, worth }
    }
    if (isUnclear) return null
    if (best) return best
  }
  return null
}

/** Whether a list is that of what some found thing refers to: the deals of whoever owns the company that is named. */
function isByReference({ calls }: Attempt, start: Attempt): boolean {
  return calls.slice(start.calls.length).some(({ bindings }) =>
    bindings.some(({ slot, source }) => {
      if (source.kind !== 'step' || source.step < start.calls.length) return false
      const giver = calls[source.step]?.endpoint
      const own = giver && outputFor(giver, { ...slot, noun: resourceOf(giver.path) })
      return own?.path !== source.path
    }),
  )
}

/** Whether two lists are those of things of different kinds, for the same name. */
function isOfOther(one: Attempt, other: Attempt, start: Attempt): boolean {
  const finder = ({ calls }: Attempt) =>
    calls.slice(start.calls.length, -1).map(({ endpoint }) => resourceOf(endpoint.path))
  return finder(one).join(' ') !== finder(other).join(' ')
}

/** An attempt whose last call, a list, is cut down to what a clause speaks of. */
function withPick(attempt: Attempt, clause: Clause, entities: readonly Entity[]): Attempt {
  const call = attempt.calls.at(-1)
  if (!call) return attempt
  const left = entities.filter((entity) => !attempt.used.has(entity))
  const bound = call.bindings.map(({ slot }) => slot)
  const { pick, used, covered } = readPick(call.endpoint, clause, left, bound, calledBy(call.endpoint))
  if (!pick) return attempt
  return {
    ...attempt,
    calls: [...attempt.calls.slice(0, -1), { ...call, bindings: withoutLimit(call.bindings, pick), pick }],
    used: new Set([...attempt.used, ...used]),
    covered: new Set([...attempt.covered, ...covered]),
  }
}

/** What the words say that tell which things are meant, as a clause that asks to read those. */
export function phraseClause({ phrase, nouns }: Many, clause: Clause): Clause {
  const { timeZone } = clause
  const read = readClause({ text: phrase, aside: false }, null)
  const head = nouns[0] === undefined ? null : stem(nouns[0])
  return { ...read, effect: 'read', entities: clause.entities, head, verb: null, action: null, many: null, timeZone }
}

/** Whether what a resource or an id is called is a noun, or a kind of it: "sales order" and "order". */
export function isAbout(called: string, noun: string): boolean {
  return called === noun || called.endsWith(` ${noun}`) || noun.endsWith(` ${called}`)
}
