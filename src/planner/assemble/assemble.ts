import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { GENERAL_VERBS } from '../language/lexicon.ts'
import type { Answer, Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { lastOf } from '../rank/profile.ts'
import { coverage, STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { costBeside, costsOf } from './assemble-costs.ts'
import { bind } from './bind.ts'
import type { Demands } from './demands.ts'
import type { Producers } from './producers.ts'
import { hasChangingTwin, hasCreatingTwin, hasReadingTwin } from './twins.ts'
import { type Entity, isNumbered } from '../understand/entity.ts'
import { makesAnother } from './makes-another.ts'
import { isOfNone, setsNothing, setsSomethingOf, setsWhatIsNamed } from './sets-named.ts'
import { isOfAnother, isOfItsOwner, isUnsaid, takesAnotherAway } from './takes-away.ts'
import { isUncalledFor } from './uncalled-for.ts'

// What asks for a change is not answered by a look.
const CHANGING: ReadonlySet<string> = new Set(['update', 'delete', 'pay'])
// By how much what changes something leads what only looks.
const LOOKED_AT = 3
const GENERAL_STEMS: ReadonlySet<string> = new Set([...GENERAL_VERBS].map(stem))
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
  let isLater = false
  const isResource = candidates.some(
    ({ endpoint }) => clause.head !== null && lastOf(endpoint.path).includes(clause.head),
  )
  const { head, action } = clause
  const isMade = candidates.some(
    ({ endpoint }) =>
      endpoint.effect !== 'read' &&
      head !== null &&
      action !== null &&
      lastOf(endpoint.path).includes(head) &&
      vocabularyOf(endpoint).has(action),
  )
  // "Unsubscribe from Serial", where an operation is called just that.
  const isVerbatim =
    action !== null &&
    !GENERAL_STEMS.has(action) &&
    candidates.some(({ endpoint }) => endpoint.effect !== 'read' && opensWith(endpoint, action))
  const isOwners = candidates.some(({ endpoint }) => isOfItsOwner(clause, endpoint))
  const setting = setsSomethingOf(clause)
  // "Resolve the id of a player" asks for a look.
  const changes = of === null && CHANGING.has(clause.effect) && clause.action !== stem('resolve')
  const costOf = costsOf(clause, candidates, { done, holds, isResource })
  for (const { endpoint, score, sure } of candidates) {
    if (
      isUncalledFor(clause, endpoint, sure, done.length > 0) ||
      takesAnotherAway(clause, endpoint, isResource) ||
      (isVerbatim && IRREVERSIBLE.has(endpoint.effect) && !opensWith(endpoint, action)) ||
      (isOwners && (isOfItsOwner(clause, endpoint) || isOfAnother(clause, endpoint))) ||
      (!endpoint.path.endsWith('}') && isUnsaid(clause, endpoint)) ||
      (setting && endpoint.effect !== 'read' && !setsWhatIsNamed(clause, endpoint)) ||
      (isResource && (isOfAnother(clause, endpoint) || isOfNone(clause, endpoint))) ||
      (isMade && makesAnother(clause, endpoint)) ||
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
    if (setsNothing(clause, attempt) || takesContainer(clause, attempt)) continue
    if (isDoneNow(clause, attempt)) {
      isLater = true
      continue
    }
    if (!accepts(attempt) || (isUnsaid(clause, endpoint) && isLookedUp(attempt, done.length))) continue
    const added = attempt.calls
      .slice(done.length)
      .map((call) => vocabularyOf(call.endpoint))
      .toReversed()
    const before = coverage(clause, [vocabularyOf(endpoint)], new Set())
    const gained = coverage(clause, added, attempt.covered) - before
    const worth = SCALE * score + gained - attempt.cost - costOf(endpoint, attempt)
    answers.push({ attempt, sure, score: worth })
  }
  // What only looks is no answer where something does it.
  const isLook = ({ attempt }: (typeof answers)[number]) => attempt.calls.at(-1)?.endpoint.method === 'GET'
  const isOpened =
    clause.effect !== 'read' &&
    clause.effect !== 'unknown' &&
    (clause.refersBack || clause.entities.some(isNumbered)) &&
    answers.some((answer) => !isLook(answer) && isOpenedBy(answer.attempt, action))
  const looks = isLater ? answers.filter((answer) => isLook(answer) || takesWhen(clause, answer.attempt)) : answers
  const possible = (changes || isOpened) && !looks.every(isLook) ? looks.filter((answer) => !isLook(answer)) : looks
  const [best, second] = possible
    .map((answer) => {
      return { ...answer, score: answer.score - costBeside(clause, answer, possible) }
    })
    .toSorted((a, b) => b.score - a.score)
  return best ? { ...best, margin: second ? best.score - second.score : changes ? LOOKED_AT : 1 } : null
}

const TODAY = /^(?:today|tonight|now)$/i
const WHICH = new Set(['of', 'from', 'since', 'before', 'after'])

/** "Send the letter on friday": whether something is sent at once, and nothing takes when that is to be. */
function isDoneNow({ entities, effect }: Clause, { calls, used }: Attempt): boolean {
  if (effect === 'read' || calls.at(-1)?.endpoint.effect !== 'message') return false
  return entities.some(
    (entity) =>
      (entity.kind === 'date' || entity.kind === 'time') &&
      !used.has(entity) &&
      !TODAY.test(entity.text) &&
      !WHICH.has(entity.before.at(-1) ?? ''),
  )
}

/** Whether a day or an hour that is told goes into what an attempt does. */
function takesWhen({ entities }: Clause, { used }: Attempt): boolean {
  return entities.some((entity) => (entity.kind === 'date' || entity.kind === 'time') && used.has(entity))
}

const OUT_OF = new Set(['from', 'off', 'of'])

/** "Remove Ada from group 5": whether the group itself is deleted, and nothing takes who is to go. */
function takesContainer({ entities, effect, text }: Clause, { calls, used }: Attempt): boolean {
  const last = calls.at(-1)
  if (effect !== 'delete' || last?.endpoint.effect !== 'delete' || !/\s(?:from|off|out of)\s/i.test(text)) return false
  const isBehind = (entity: Entity) => entity.before.slice(-3).some((word) => OUT_OF.has(word))
  const takesBehind = last.bindings.some(
    ({ slot, source }) =>
      slot.in === 'path' &&
      source.kind === 'literal' &&
      entities.some((entity) => isBehind(entity) && String(entity.value) === String(source.value)),
  )
  return takesBehind && entities.some((entity) => !used.has(entity) && !isBehind(entity) && entity.kind !== 'date')
}

function isOpenedBy({ calls }: Attempt, action: string | null): boolean {
  const last = calls.at(-1)
  return last !== undefined && opensWith(last.endpoint, action)
}

function opensWith({ summary }: Endpoint, action: string | null): boolean {
  return action !== null && stem(words(summary)[0] ?? '') === action
}

/** Whether what the last of some calls is done to is found by calls from `first` on. */
function isLookedUp({ calls }: Attempt, first: number): boolean {
  const { bindings = [] } = calls.at(-1) ?? {}
  return bindings.some(({ source }) => source.kind === 'step' && source.step >= first)
}
