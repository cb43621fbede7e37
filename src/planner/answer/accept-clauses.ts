import { stem } from '../../lib/stem.ts'
import { readResult } from '../assemble/result.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Candidate } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import type { Answered } from './answer-clauses.ts'

/** How sure it has to be that the connected APIs are meant by a message (`meant.ts`). */
export const SURE_OF_MESSAGE = 0.2
/** The same of one that is planned to change something. */
export const SURE_OF_MESSAGE_THAT_CHANGES = 0.25
/** How sure one that its values bear out. */
export const SURE_OF_BORNE_OUT = 0.02
// How sure a clause of it: one that asks, one that may only comment, and one that may only comment and would change something.
const SURE_OF_CLAUSE = 0.06
const SURE_OF_ASIDE = 0.2
const SURE_OF_CHANGE = 0.5

/** Which clauses are planned where the connected APIs are meant: one that asks is then likelier to ask for what they do. */
export function acceptClauses(clauses: readonly Clause[], candidates: readonly (readonly Candidate[])[]): boolean[] {
  return likelyOf(clauses, candidates).map((ofClause, index) => {
    const [best] = ofClause.toSorted((one, other) => other.sure - one.sure)
    if (!best) return false
    const changes = best.found.effect !== 'read'
    return best.sure >= (!clauses[index]?.aside ? SURE_OF_CLAUSE : changes ? SURE_OF_CHANGE : SURE_OF_ASIDE)
  })
}

/**
 * Whether the words of a message that are not sure of the connected APIs are borne out by its values: it is only read, or
 * one field is set of what is named; every value of it goes somewhere, one finds what another call needs, and nothing has to
 * be asked for. "Ada Lovelace's birthday"
 * finds Ada among people; that hardly ever happens by chance.
 */
export function isBorneOut(answers: readonly Answered[], calls: readonly PlannedCall[]): boolean {
  const sources = calls.flatMap(({ bindings }) => bindings.map(({ source }) => source.kind))
  const isTold = sources.includes('literal') || calls.some(({ pick }) => pick?.where.some(({ is }) => is === 'holds'))
  const reads = calls.every(({ endpoint }) => endpoint.effect === 'read')
  return (
    (reads
      ? (isTold && sources.includes('step')) || answers.some(isFieldOfNamed)
      : answers.every(({ clause }) => clause.effect === 'update') && changesWhatIsNamed(answers, calls)) &&
    !sources.includes('input') &&
    answers.every(({ clause, attempt }) => clause.entities.every((entity) => attempt.used.has(entity)))
  )
}

/** "Raise the price of the headphones to 99": whether what is found by its name has the field that is to be set, and alone is changed. */
function changesWhatIsNamed(answers: readonly Answered[], calls: readonly PlannedCall[]): boolean {
  const changing = calls.filter(({ endpoint }) => endpoint.effect !== 'read')
  const isSet = ({ bindings, endpoint }: PlannedCall) =>
    endpoint.effect === 'update' &&
    bindings.some(({ slot }) => slot.in === 'path') &&
    bindings.some(({ slot }) => slot.in === 'body' && answers.some(({ clause }) => isHead(clause.head, slot.words)))
  return changing.length === answers.length && changing.every(isSet)
}

function isHead(head: string | null, said: readonly string[]): boolean {
  return head !== null && said.some((word) => stem(word) === head)
}

/** "The job title of Grace Hopper": whether things have the field that is asked for, and a name, which picks one of them. */
function isFieldOfNamed({ clause, attempt }: Answered): boolean {
  const call = attempt.calls.at(-1)
  const isNamed = clause.entities.some((entity) => entity.kind === 'name' && attempt.used.has(entity))
  return isNamed && call !== undefined && readResult(call.endpoint, clause)?.kind === 'fields'
}

function likelyOf(clauses: readonly Clause[], candidates: readonly (readonly Candidate[])[]): (readonly Candidate[])[] {
  return clauses.map(({ terms }, index) => (terms.length === 0 ? [] : (candidates[index] ?? [])))
}
