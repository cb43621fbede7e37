import type { Endpoint } from '../catalog/service.ts'
import type { Thing } from './earlier.ts'
import type { Producers } from './producers.ts'
import { coverage, STRONG, vocabularyOf } from './relevance.ts'
import type { Change } from './relative.ts'
import type { Slot } from '../links/slots.ts'
import { costBeside, costsOf } from './assemble-costs.ts'
import type { Entity } from './entities.ts'
import { bind } from './bind.ts'
import type { Only } from './conditions.ts'
import type { Told } from './contents.ts'
import type { Each } from './each.ts'
import type { Pick } from './pick.ts'
import type { Report } from './report.ts'
import type { Clause } from './understand.ts'
import { hasChangingTwin, hasCreatingTwin, hasReadingTwin } from './twins.ts'
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
