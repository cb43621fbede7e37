import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { quote } from '../../links/lists.ts'
import { outputFor } from '../../links/outputs.ts'
import { FREE_TEXT } from '../../links/slot-kinds.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'
import type { JsonSchema, Operation } from '../../specs/operation.ts'
import { itemsOf, propertiesOf, typesOf } from '../../steps/schema-path.ts'
import { FUNCTION_WORDS, REMARKS, VERBS } from '../language/lexicon.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { withoutValues } from '../understand/entities.ts'

/** A plain value in an operation's answer. */
type Field = { step: number; path: string; schema: JsonSchema; said: ReadonlySet<string>; operation: Operation }

type Wish = { slot: Slot; field: Field; worth: number }

// What stands before something that is known already.
const DEFINITE = new Set('the this that these those its their his her each resulting'.split(' '))
const BACK = /\b(?:it|them|this|these|those|that|the (?:results?|answers?|outputs?))\b(?!\s+\p{L}+ing\b)/iu
// Names of slots that take whatever there is to work on.
const ANY = new Set('text data content input amount value number num string message body query price'.split(' '))
const LEAST = 0.6
const MAX_FIELDS = 60

/**
 * Which open slots take what an earlier call answers with, because the clause says so: "the converted amount", "the
 * lyrics", "send it". Each field goes to one slot. A value bound wrongly is worse than one that is asked for: where nothing
 * in the clause points at an answer, nothing is bound.
 */
export function fillFromResults(
  target: Operation,
  clause: Clause,
  open: readonly Slot[],
  calls: readonly PlannedCall[],
): { slot: Slot; source: Source }[] {
  if (open.length === 0 || calls.length === 0) return []
  const pointed = pointedAt(clause, target)
  const fields = calls.flatMap(({ endpoint, each, only }, step) => (each || only ? [] : fieldsOf(endpoint, step)))
  const required = open.filter((slot) => slot.required)
  const named = fields.filter((field) => saidOf(field, pointed, []) === 1).length
  const wishes = open
    .flatMap((slot) =>
      fields.flatMap((field): Wish[] => {
        const isOwed = slot.required && required.length <= Math.max(1, named)
        const isOnly = fields.every(
          (other) => other === field || other.step !== field.step || takes(slot, other.schema) === 'no',
        )
        const isRecent = field.step === calls.length - 1
        const worth = worthOf(slot, field, pointed, { isOwed, isOnly, isRecent })
        return worth >= LEAST ? [{ slot, field, worth }] : []
      }),
    )
    .toSorted((a, b) => b.worth - a.worth || b.field.step - a.field.step)
  const taken = new Map<Slot, Field>()
  for (const { slot, field } of wishes)
    if (!taken.has(slot) && ![...taken.values()].includes(field)) taken.set(slot, field)
  return [...taken].map(([slot, { step, path, schema, operation }]) => ({
    slot,
    source: {
      kind: 'step',
      step,
      path,
      words: `of the ${resourceOf(operation.path)}`,
      ...(takes(slot, schema) === 'as text' ? { asText: true } : {}),
    },
  }))
}

/** What a clause points at: the stems of what it speaks of as known, and whether it only says "it". */
type Pointed = {
  stems: ReadonlySet<string>
  /** The same in the runs in which they stand, each between spaces. */
  runs: readonly string[]
  target: ReadonlySet<string>
  back: boolean
}

function pointedAt(clause: Clause, target: Operation): Pointed {
  const told = withoutValues(clause)
  const all = told.match(/[\p{L}\p{N}_-]+|[;,.:]/gu) ?? []
  const stems = new Set<string>()
  const runs: string[] = []
  let open = 0
  for (const written of all) {
    const word = written.toLowerCase()
    if (DEFINITE.has(word)) [open] = [5, runs.push(' ')]
    else if (FUNCTION_WORDS.has(word) && word !== 'of') open = 0
    else if (/[;,.:]/.test(word)) open = 0
    else if (open > 0) {
      for (const part of words(written)) {
        stems.add(stem(part))
        runs[runs.length - 1] += `${stem(part)} `
      }
      open--
    }
  }
  const name = words(`${target.operationId ?? ''} ${resourceOf(target.path)}`)
  return { stems, runs, target: new Set(name.filter((word) => !VERBS.has(word)).map(stem)), back: BACK.test(told) }
}

/**
 * How sure a slot takes a field. What the clause says of it counts, and that there is as much said as there are slots
 * (`isOwed`); where only the call or "it" is said, the field has to be the only one that it can be.
 */
function worthOf(
  slot: Slot,
  field: Field,
  pointed: Pointed,
  { isOwed, isOnly, isRecent }: { isOwed: boolean; isOnly: boolean; isRecent: boolean },
): number {
  if (takes(slot, field.schema) === 'no' || isNotItsId(slot, field)) return 0
  const named = slot.words.map(stem)
  const alike = share(named, field.said)
  const said = saidOf(field, pointed, named)
  if (!slot.required) return said === 1 && alike === 1 ? 1 : 0
  const takesAny = slot.words.some((word) => ANY.has(word) || REMARKS.has(word) || FREE_TEXT.has(word))
  if (!takesAny && !isOwed && alike <= 0.5) return 0
  if (said === 1) return 1 + 0.2 * alike
  if (slot.noun !== null) return 0
  const about = shareOf(nameOf(field.operation), pointed, named)
  if (about > 0 && said > 0) return 0.8 + 0.1 * said + 0.2 * alike
  if (!isOnly && alike === 0) return 0
  if (about === 1) return 0.8 + 0.2 * alike
  return pointed.back && isRecent ? 0.6 + 0.2 * alike : 0
}

/** "Set the city of the customer": whether a slot asks for what identifies a thing, and its answer has another field for that. */
function isNotItsId(slot: Slot, { operation, path }: Field): boolean {
  const own = slot.noun === null ? null : outputFor(operation, slot)
  return own !== null && own.path !== path
}

/** How much of a field's name is pointed at; all of it where it is said in full, word by word: "the total sales". */
function saidOf({ said }: Field, pointed: Pointed, named: readonly string[]): number {
  const isOwn = [...said].every((word) => pointed.target.has(word))
  const isSaid = said.size > 1 && !isOwn && pointed.runs.some((run) => run.includes(` ${[...said].join(' ')} `))
  return isSaid ? 1 : shareOf(said, pointed, named)
}

/** How many of some stems are pointed at; what the operation itself is called by counts where the slot is named so too. */
function shareOf(stems: ReadonlySet<string>, pointed: Pointed, named: readonly string[]): number {
  const points = (word: string) => pointed.stems.has(word) && (!pointed.target.has(word) || named.includes(word))
  return [...stems].filter(points).length / Math.max(1, stems.size)
}

/** Whether a slot takes a value of a schema: as it is, written as text, or not. */
function takes(slot: Slot, schema: JsonSchema): 'as is' | 'as text' | 'no' {
  const [wanted, given] = [typesOf(slot.schema), typesOf(schema)]
  if (given.includes('boolean') || Array.isArray(slot.schema['enum'])) return 'no'
  const { format } = slot.schema
  if (format !== undefined && given.includes('string') && format !== schema['format'] && format !== 'password')
    return 'no'
  const has = (types: readonly string[], ...any: string[]) => types.some((type) => any.includes(type))
  // A number is no address or link.
  if (typeof format === 'string' && !has(given, 'string')) return 'no'
  if (has(wanted, 'string') && has(given, 'string')) return 'as is'
  if (has(wanted, 'number') && has(given, 'number', 'integer')) return 'as is'
  if (has(wanted, 'integer') && has(given, 'integer')) return 'as is'
  if (has(wanted, 'integer') && has(given, 'number')) return 'as is'
  return has(wanted, 'string') && has(given, 'number', 'integer') ? 'as text' : 'no'
}

/** The plain values of an answer that is no list, two levels deep. */
function fieldsOf(operation: Operation, step: number): Field[] {
  const { response } = operation
  return response && !itemsOf(response)
    ? leaves(response, 'body', 2)
        .map((leaf) => ({ ...leaf, step, operation }))
        .slice(0, MAX_FIELDS)
    : []
}

function leaves(schema: JsonSchema, base: string, depth: number): Omit<Field, 'step' | 'operation'>[] {
  return [...propertiesOf(schema)].flatMap(([name, inner]) => {
    const path = `${base}.${quote(name)}`
    if (itemsOf(inner)) return []
    if (propertiesOf(inner).size > 0) return depth > 1 ? leaves(inner, path, depth - 1) : []
    return [{ path, schema: inner, said: new Set(words(name).map(singular).map(stem)) }]
  })
}

/** The stems an operation is called by, verbs left out. */
function nameOf({ operationId, path }: Operation): ReadonlySet<string> {
  const name = words(operationId ?? path.replaceAll(/\{[^}]*\}/g, '')).filter((word) => !VERBS.has(word))
  return new Set(name.map(singular).map(stem))
}

function share(wanted: readonly string[], had: ReadonlySet<string>): number {
  return wanted.length === 0 ? 0 : wanted.filter((word) => had.has(word)).length / Math.max(wanted.length, had.size)
}
