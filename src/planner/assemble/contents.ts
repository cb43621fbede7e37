import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { resourceOf, type Slot, takesText } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { fieldName, plainFields } from '../fill/fields.ts'
import { PEOPLE } from '../language/lexicon.ts'
import type { PlannedCall, Source, Told } from '../plan/planned-call.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { withoutValues } from '../understand/entities.ts'
import { isPlainRead } from './producers.ts'

// What holds the words of a message, the likeliest first.
const CONTENTS = ['body', 'text', 'message', 'content', 'html', 'markdown']
const MAX_FIELDS = 8
// "A note about the tickets": it speaks of them and does not list them.
const ABOUT = /\b(?:about|regarding|concerning|on)\b/i
// "That the tickets are late": a sentence is what is to be said.
const SENTENCE =
  /\b(?:that|says?|saying|stating|because)\b.*\s(?:is|are|was|were|has|have|will|can|should|must)(?:\s|$)/i
// What stands between a message and what it holds: "a letter with the list of rooms".
const HOLDING = new Set('with containing including listing say says saying stating showing'.split(' '))
const BETWEEN = 5
const OWNING = new Set(['her', 'his', 'their', 'my', 'our', 'your'])
const BACK = /\b(?:it|them|these|those|the (?:results?|answers?|outputs?|list))\b/i

/** The slot of a call that changes something which holds what it says; null where it has none, or it is filled. */
export function contentSlot(target: Operation, open: readonly Slot[]): Slot | null {
  if (target.effect === 'read') return null
  const texts = open.filter((slot) => slot.in === 'body' && takesText(slot) && slot.schema['format'] === undefined)
  const place = (slot: Slot) => CONTENTS.indexOf(slot.words.join(' '))
  const [best] = texts.filter((slot) => place(slot) >= 0).toSorted((a, b) => place(a) - place(b))
  return best ?? null
}

/**
 * What a call says, out of the answer of an earlier one: of the call right before where the clause says "it" or "them", or of
 * the latest whose things it names: "email the tickets".
 */
export function fromAnswer(clause: Clause, target: Endpoint, calls: readonly PlannedCall[]): Source | null {
  const text = withoutValues(clause)
  if (SENTENCE.test(text)) return null
  const isTellable = ({ endpoint, each, only }: PlannedCall) =>
    endpoint.effect === 'read' && !each && !only && fieldsOf(endpoint).length > 0
  const last = calls.length - 1
  const before = calls[last]
  if (before && BACK.test(text) && isTellable(before)) return told(before.endpoint, last, clause)
  if (ABOUT.test(text)) return null
  const named = calls.findLastIndex((call) => isTellable(call) && isNamed(call.endpoint, clause, target))
  return named < 0 ? null : told(calls[named]?.endpoint ?? target, named, clause)
}

/** The operation among some that reads what a clause wants to be told: "email the open tickets"; null where none is named. */
export function readerOf(
  clause: Clause,
  target: Endpoint,
  content: Slot,
  candidates: readonly Endpoint[],
): Endpoint | null {
  const text = withoutValues(clause)
  if (ABOUT.test(text) || SENTENCE.test(text)) return null
  return (
    candidates.find(
      (endpoint) =>
        isPlainRead(endpoint) &&
        fieldsOf(endpoint).length > 0 &&
        isNamed(endpoint, clause, target) &&
        isHeld(endpoint, clause, content),
    ) ?? null
  )
}

/** "Her orders": whether what is to be said is somebody's, so that all of it is not what is meant. */
export function isSomebodys(reader: Operation, clause: Clause): boolean {
  const all = words(withoutValues(clause)).map(singular)
  const at = all.indexOf(resourceOf(reader.path).split(' ').at(-1) ?? '')
  return all.slice(Math.max(0, at - 2), Math.max(0, at)).some((word) => OWNING.has(word))
}

/** Whether a call that says something has somebody named whom it says it to: then many things go into one message. */
export function saysTo(target: Operation, { entities }: Clause, open: readonly Slot[]): boolean {
  return contentSlot(target, open) !== null && entities.some(({ kind }) => kind === 'email')
}

/** What the answer of a call tells, as text: all of it, or of a list how many there are. */
export function told(endpoint: Operation, step: number, { counts }: Clause): Source {
  const resource = resourceOf(endpoint.path)
  return counts && listOf(endpoint)
    ? { kind: 'answer', step, fields: [], words: `how many the ${resource} call lists` }
    : { kind: 'answer', step, fields: fieldsOf(endpoint), words: `what the ${resource} call answers` }
}

/** The expression for an answer as text: a line for each item of a list, how many there are, or the fields of one thing. */
export function tellExpression(list: string | null, body: string, fields: readonly Told[]): string {
  if (list !== null && fields.length === 0) return `$string($count(${list}))`
  const line = (of: string) =>
    fields.map(({ name, path }) => `${JSON.stringify(`${name}: `)} & ${of}${path}`).join(' & ", " & ')
  return list === null ? line(`${body}.`) : `$join([${list}.(${line('')})], "\\n")`
}

/** The plain fields of what an operation answers, of an item where it answers with a list. */
function fieldsOf(operation: Operation): Told[] {
  const schema = listOf(operation)?.items ?? operation.response
  return schema
    ? plainFields(schema)
        .slice(0, MAX_FIELDS)
        .map((field) => ({ name: fieldName(field), path: field.path }))
    : []
}

/** Whether a clause speaks of what an operation reads, and not of what the target itself is about. */
function isNamed(endpoint: Endpoint, { terms }: Clause, target: Endpoint): boolean {
  const own = vocabularyOf(target)
  const thing = words(resourceOf(endpoint.path)).map(stem)
  return thing.length > 0 && thing.every((word) => terms.includes(word) && (own.get(word) ?? 0) < STRONG)
}

/**
 * Whether what an operation reads is what is to be said: the object of the verb, "email the tickets", or held by the message,
 * "a letter with the list of rooms". People are whom one writes to.
 */
function isHeld(endpoint: Endpoint, clause: Clause, content: Slot): boolean {
  const name = words(resourceOf(endpoint.path)).at(-1) ?? ''
  if (clause.head === stem(name) && !PEOPLE.has(name)) return true
  const all = words(withoutValues(clause))
  const at = all.findIndex((word) => stem(word) === stem(name))
  return content.required && all.slice(Math.max(0, at - BETWEEN), Math.max(0, at)).some((word) => HOLDING.has(word))
}
