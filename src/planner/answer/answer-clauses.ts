import { slotKey } from '../../links/slots.ts'
import { FUNCTION_WORDS } from '../language/lexicon.ts'
import type { Answer, Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { amend } from './amend.ts'
import { readCondition } from './conditions.ts'
import { conditionOfEarlier, guarded, type Stated } from './guards.ts'
import { onlyLookedUp } from './looked-up.ts'
import { pickAnswers } from './pick-answers.ts'
import { severalOf } from './several.ts'
import { onlySure } from './sure-deeds.ts'
import { workedOut } from './worked-out.ts'

/** What answers a clause of a message. */
export type Answered = NonNullable<Answer> & { clause: Clause }

/** Where answers come from: which clauses ask for a call at all, and what answers one behind the calls before it. */
export type Finder = {
  asks: (clause: Clause) => boolean
  /** `meant` is the clause with what it borrows from the others; `only` is the id of the one operation that is looked at. */
  find: (clause: Clause, meant: Clause, before: readonly PlannedCall[], only?: string) => Promise<Answer>
  /** The call that reads what another one does something to; null where there is none. */
  readOne: (call: PlannedCall) => Promise<PlannedCall | null>
}

/** What the clauses of a message have come to so far. */
type Progress = {
  calls: readonly PlannedCall[]
  answers: Answered[]
  /** What is left out, in words. */
  left: string[]
  conditions: Map<number, Stated>
  /** What answers clauses that were looked into before their turn. */
  known: Map<Clause, NonNullable<Answer>>
  /** The clause before, where nothing connected does what it says. */
  idle: Clause | null
  /** Whether something that was to be done is left out, so that what points back at it may find something else. */
  isUndone: boolean
}

// What is done to the wrong thing cannot be taken back.
const GRAVE: ReadonlySet<string> = new Set(['message', 'pay', 'delete'])

/**
 * Goes through the clauses of a message in their order: what one asks for may use what those before it have found, and
 * `calls`, which are there already.
 */
export async function answerClauses(
  clauses: readonly Clause[],
  finder: Finder,
  calls: readonly PlannedCall[] = [],
): Promise<Pick<Progress, 'calls' | 'answers' | 'left'>> {
  const left = clauses.flatMap(leftOut)
  const progress: Progress = {
    calls,
    answers: [],
    left,
    conditions: new Map(),
    known: new Map(),
    idle: null,
    isUndone: false,
  }
  for (const clause of clauses.filter((each) => !each.forbids)) {
    const meant = withMeant(clause, progress.idle)
    if (finder.asks(clause)) progress.idle = null
    const done = clauses.find((each) => clause.test && each.guard?.group === clause.test.group && each.guard.holds)
    if (clause.test && done && (await answerOwnCondition(progress, clause, done, finder))) continue
    if (clause.test) await answerCondition(progress, clause, clause.test, { ...meant, counts: false }, finder)
    else await answerRequest(progress, clause, meant, finder)
  }
  return progress
}

/**
 * "Cancel order 5 if it is pending": the condition is about the very thing that something is done to, which is read first.
 * False where it is about something else, or the answer does not tell.
 */
async function answerOwnCondition(
  progress: Progress,
  clause: Clause,
  done: Clause,
  { asks, find, readOne }: Finder,
): Promise<boolean> {
  const { calls, conditions, known } = progress
  if (!clause.test || !asks(done) || (clause.refersBack && conditionOfEarlier(clause, calls))) return false
  const thing = clause.refersBack ? null : thingOf(clause, done)
  if (!clause.refersBack && !thing) return false
  const meant = thing ? { ...done, entities: [...done.entities, thing] } : done
  const answer = await find(done, meant, calls)
  const attempt = answer && pickAnswers(answer.attempt, meant, calls.length)
  const acting = attempt?.calls.at(-1)
  if (!attempt || !acting || severalOf(meant, attempt) || (thing && !attempt.used.has(thing))) return false
  const reader = acting.endpoint.effect === 'read' ? null : await readOne(acting)
  if (!reader) return false
  const read = [...attempt.calls.slice(0, -1), reader]
  const said = clause.entities.filter((entity) => entity !== thing)
  const condition = readCondition({ ...clause, refersBack: true, entities: said }, said, read)
  if (condition.kind !== 'fields' || condition.step !== read.length - 1) return false
  conditions.set(clause.test.group, { condition, negated: clause.test.negated })
  known.set(done, { ...answer, attempt: { ...attempt, calls: [...read, acting] } })
  progress.calls = read
  return true
}

/** "If there are more than five": is about an earlier call, or about one that is added for it. */
async function answerCondition(
  progress: Progress,
  clause: Clause,
  { group, negated }: NonNullable<Clause['test']>,
  meant: Clause,
  { find }: Finder,
): Promise<void> {
  const { calls, conditions } = progress
  const known = conditionOfEarlier(clause, calls)
  const answer = known ? null : await find(clause, meant, calls)
  const attempt = answer && pickAnswers(answer.attempt, meant, calls.length)
  const added = attempt ? withoutRepeats(calls, attempt.calls) : calls
  const condition = known ?? readCondition(clause, unusedOf(clause, attempt), added)
  conditions.set(group, { condition, negated })
  if (answer && attempt) take(progress, { ...answer, attempt: told(clause, attempt), clause: meant }, added, clause)
}

/** "If order 5 is late, refund it": the id of what "it" is, where the condition says one. */
function thingOf({ entities }: Clause, { refersBack, entities: own }: Clause): Entity | null {
  const isThing = ({ kind, before }: Entity) =>
    kind === 'id' || (kind === 'number' && !FUNCTION_WORDS.has(before.at(-1) ?? 'the'))
  const [thing, ...others] = entities.filter(isThing)
  return thing && others.length === 0 && refersBack && !own.some(isThing) ? thing : null
}

async function answerRequest(progress: Progress, clause: Clause, meant: Clause, finder: Finder): Promise<void> {
  const { asks, find } = finder
  const { calls } = progress
  const found = progress.known.get(clause) ?? (await find(clause, meant, calls))
  // "Invoice Ada, and email it to her", where nothing invoices: no other invoice is sent.
  const isLost = progress.isUndone && clause.refersBack && clause.entities.length === 0
  const answer = isLost && GRAVE.has(found?.attempt.calls.at(-1)?.endpoint.effect ?? '') ? null : found
  const isMore = asks(clause) && (!answer || isAmendment(clause, answer, calls))
  const amended = isMore ? amend(calls, clause) : null
  if (amended) progress.calls = amended
  else if (answer) await takeEach(progress, clause, meant, answer, finder)
  else if (asks(clause)) {
    progress.idle = clause
    progress.isUndone ||= clause.effect !== 'read' && !clause.aside
    if (!clause.aside && clause.terms.length > 0)
      progress.left.push(`“${clause.text.slice(0, 200)}” is left out: nothing connected does it`)
  }
}

/** Whether something is to be changed, deleted or paid, and all that is planned for it reads. */
function onlyLooks({ effect, onlyReads, entities }: Clause, { calls }: Attempt, first: number): boolean {
  const asks = effect === 'update' || effect === 'delete' || effect === 'pay'
  return (
    asks && !onlyReads && entities.length > 0 && calls.slice(first).every(({ endpoint }) => endpoint.effect === 'read')
  )
}

/** Takes what answers a clause; where that is about the first of several things, also what answers it of the others. */
async function takeEach(
  progress: Progress,
  clause: Clause,
  meant: Clause,
  answer: NonNullable<Answer>,
  { find, readOne }: Finder,
): Promise<void> {
  if (onlyLooks(clause, answer.attempt, progress.calls.length)) {
    progress.isUndone = true
    progress.left.push(`“${clause.text.slice(0, 200)}” is left out: nothing connected does it, so it is only looked up`)
  } else answer = noting(answer, onlyLookedUp(clause, answer.attempt, progress.calls.length))
  const several = severalOf(meant, answer.attempt)
  const add = async (about: Clause, found: NonNullable<Answer>) => {
    const made = pickAnswers(found.attempt, found.about ?? about, progress.calls.length)
    const picked = onlySure(made, about, progress.calls.length)
    const attempt = (await workedOut(picked, about, readOne)) ?? picked
    take(progress, { ...found, attempt, clause: about }, withoutRepeats(progress.calls, attempt.calls), clause)
  }
  const operation = answer.attempt.calls.at(-1)?.endpoint.id
  await add(several?.first ?? meant, answer)
  for (const about of several?.others ?? []) {
    const more = await find(clause, about, progress.calls, operation)
    if (more) await add(about, more)
    else
      progress.left.push(`“${about.entities.map(({ text }) => text).join(' ')}” is left out: nothing connected does it`)
  }
}

function take(progress: Progress, answered: Answered, added: readonly PlannedCall[], clause: Clause): void {
  progress.answers.push(answered)
  progress.calls = guarded(progress.calls.length, added, clause, progress.conditions)
}

function noting(answer: NonNullable<Answer>, notes: readonly string[]): NonNullable<Answer> {
  const assumptions = [...answer.attempt.assumptions, ...notes]
  return { ...answer, attempt: { ...answer.attempt, assumptions } }
}

/** "I want to watch X. Where can I stream it?": what "it" is was told in what nothing connected does. */
function withMeant(clause: Clause, idle: Clause | null): Clause {
  const borrows = idle && clause.refersBack && clause.entities.length === 0
  return borrows ? { ...clause, entities: idle.entities } : clause
}

/**
 * Whether a clause rather tells of the last call than asks for one of its own: what would answer it is that call once more,
 * or takes nothing of what the clause says, or it is said of "it".
 */
function isAmendment(clause: Clause, { attempt }: NonNullable<Answer>, before: readonly PlannedCall[]): boolean {
  const added = attempt.calls.slice(before.length)
  const isAgain = added.length === 1 && added[0]?.endpoint.id === before.at(-1)?.endpoint.id
  return isAgain || clause.refersBack || !clause.entities.some((entity) => attempt.used.has(entity))
}

/** The entities of a clause that an attempt leaves. */
function unusedOf({ entities }: Clause, attempt: Attempt | null): readonly Entity[] {
  return entities.filter((entity) => !attempt?.used.has(entity))
}

/** An attempt at what a condition is about: its values are compared with, so all of them are used. */
function told({ entities }: Clause, attempt: Attempt): Attempt {
  return { ...attempt, used: new Set([...attempt.used, ...entities]) }
}

/** Calls without those at the end that are already made with the same values; what comes later may refer to them. */
function withoutRepeats(before: readonly PlannedCall[], after: readonly PlannedCall[]): readonly PlannedCall[] {
  const key = (call: PlannedCall) =>
    JSON.stringify([
      call.endpoint.id,
      call.bindings.map(({ slot, source }) => [slotKey(slot), source]),
      call.pick,
      call.each,
    ])
  const last = after.at(-1)
  return last && before.some((call) => key(call) === key(last)) ? after.slice(0, -1) : after
}

/** What is not planned has to be seen: what is not to be done, and "delete them", which does not say of what. */
function leftOut(clause: Clause): string[] {
  if (clause.forbids) return [`“${clause.text}” is left out: it says what not to do`]
  // What a condition is about is told by what was asked before.
  const asks = !clause.test && clause.terms.length === 0 && (clause.effect !== 'read' || clause.entities.length > 0)
  return asks ? [`“${clause.text}” is left out: it does not say what it is about`] : []
}
