import type { Endpoint } from '../../catalog/service.ts'
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
import {
  isOfAnother,
  isOfItsOwner,
  isOfNone,
  isUncalledFor,
  takesAnotherAway,
  isUnsaid,
  setsSomethingOf,
  setsWhatIsNamed,
} from './uncalled-for.ts'

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
  const costOf = costsOf(clause, candidates, { done, holds, isResource })
  for (const { endpoint, score, sure } of candidates) {
    if (
      isUncalledFor(clause, endpoint, sure, done.length > 0) ||
      takesAnotherAway(clause, endpoint) ||
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
    const worth = SCALE * score + gained - attempt.cost - costOf(endpoint, attempt)
    answers.push({ attempt, sure, score: worth })
  }
  const [best, second] = answers
    .map((answer) => {
      return { ...answer, score: answer.score - costBeside(clause, answer, answers) }
    })
    .toSorted((a, b) => b.score - a.score)
  return best ? { ...best, margin: second ? best.score - second.score : 1 } : null
}

/** Whether what the last of some calls is done to is found by calls from `first` on. */
function isLookedUp({ calls }: Attempt, first: number): boolean {
  const { bindings = [] } = calls.at(-1) ?? {}
  return bindings.some(({ source }) => source.kind === 'step' && source.step >= first)
}
