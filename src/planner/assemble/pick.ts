import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { isFreeText, isLimit, isSort } from '../../links/slot-kinds.ts'
import type { Slot } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { fieldTests, testExpression } from '../fill/field-tests.ts'
import { fieldName, type PlainField, plainFields, tellingWords } from '../fill/fields.ts'
import { NUMBER_WORDS } from '../language/lexicon.ts'
import type { Pick } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { withoutDates } from '../understand/entities.ts'
import type { Entity } from '../understand/entity.ts'
import { itemTests } from './by-name.ts'

/** A pick with what of the clause it uses, and what it says besides. */
export type Picked = {
  pick: Pick | null
  used: readonly Entity[]
  covered: readonly string[]
  notes: readonly string[]
}

const NOTHING: Picked = { pick: null, used: [], covered: [], notes: [] }

/**
 * What a clause says of the items that an operation lists and the call itself, with `bound`, does not see to. Null where
 * all are meant as they come. Pure.
 */
export function readPick(
  operation: Operation,
  clause: Clause,
  entities: readonly Entity[],
  bound: readonly Slot[],
  known: ReadonlySet<string>,
): Picked {
  const list = listOf(operation)
  if (!list) return NOTHING
  const seen = new Set(bound.map(({ words: own }) => own.join(' ')))
  const fields = plainFields(list.items).filter(
    ({ slot }) => !seen.has(slot.words.join(' ')) && !isFreeText(slot) && !isLimit(slot) && !isSort(slot),
  )
  const count = countOf(clause)
  const open = entities.filter((entity) => entity.value !== count || entity.kind !== 'number')
  const told = fieldTests(fields, clause, open, known)
  const named = itemTests(
    operation,
    open.filter((entity) => !told.used.includes(entity)),
    clause,
  )
  const { covered } = told
  const [tests, used] = [
    [...told.tests, ...named.tests],
    [...told.used, ...named.used],
  ]
  const ordered = bound.some(isSort)
  const order = ordered ? null : orderAskedFor(fields, clause)
  const lacks = order === null && !ordered && clause.order !== null && !bound.some(isLimit)
  const limit = lacks || (bound.some(isLimit) && tests.length === 0 && order === null) ? null : count
  const counted = limit === null ? [] : entities.filter(({ kind, value }) => kind === 'number' && value === limit)
  const notes = lacks
    ? [`“${clause.text.slice(0, 100)}”: nothing in the answer says by what to order, so they come as they are`]
    : []
  if (tests.length === 0 && order === null && limit === null) return { ...NOTHING, notes }
  return { pick: { where: tests, order, limit }, used: [...used, ...counted], covered, notes }
}

/** The bindings of a call that its pick leaves: a limit would cut the list before it is filtered and ordered. */
export function withoutLimit<Bound extends { slot: Slot }>(bindings: readonly Bound[], pick: Pick): readonly Bound[] {
  return pick.where.length === 0 && pick.order === null ? bindings : bindings.filter(({ slot }) => !isLimit(slot))
}

/** A pick from a list as JSONata; always a list. */
export function pickExpression(list: string, { where, order, limit }: Pick): string {
  const tested = where.reduce((text, test) => `${text}[${testExpression(test)}]`, list)
  if (order === null && limit === null) return `[${tested}]`
  const there = order === null ? tested : `${tested}[${order.path} != null]`
  const sorted = order === null ? `[${there}]` : `(${there}^(${order.descending ? '>' : '<'}${order.path}))`
  return `[${sorted}${limit === null ? '' : `[[0..${limit - 1}]]`}]`
}

/** A pick in words: "Keep those where status is overdue; the 3 with the highest price". */
export function pickWords({ where, order, limit }: Pick): string {
  const kept = where.length > 0 ? [`keep those where ${where.map((test) => test.words).join(' and ')}`] : []
  const end = order?.descending ? 'highest' : 'lowest'
  const sorted =
    order === null
      ? limit === null
        ? []
        : [`take the first ${limit === 1 ? 'one' : limit}`]
      : limit === null
        ? [`sort by ${order.words}, ${end} first`]
        : [`take the ${limit === 1 ? 'one' : limit} with the ${end} ${order.words}`]
  const text = [...kept, ...sorted].join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const SUPERLATIVE =
  '(?:most|least)\\s+\\p{L}+|top|first|last|latest|newest|oldest|earliest|recent|cheapest|priciest|highest|lowest|largest|biggest|smallest'
const COUNTED = new RegExp(
  String.raw`\b(\d{1,4}|\p{L}+)\s+(?=(?:${SUPERLATIVE})\b)|\b(?:${SUPERLATIVE})\s+(\d{1,4}|\p{L}+)\b`,
  'giu',
)

const MOST_OF = /\b(\d{1,4}|\p{L}+)\s+\p{L}+\s+with\s+the\s+(?:most|fewest|highest|lowest|largest|smallest|least)\b/giu

/** "The three most expensive", "top 5", "the latest issue": how many are asked for, null for all. */
function countOf(clause: Clause): number | null {
  const text = withoutDates(clause)
  for (const [, before = '', after = ''] of [...text.matchAll(COUNTED), ...text.matchAll(MOST_OF)]) {
    const count = [before, after]
      .map((word) => NUMBER_WORDS.get(word.toLowerCase()) ?? Number.parseInt(word, 10))
      .find((value) => value > 0)
    if (count !== undefined) return count
  }
  return (clause.order !== null || /\b(?:the|its|their) (?:first|last)\b/i.test(text)) && isOne(clause) ? 1 : null
}

/** Whether what is asked for is said in the singular: "the cheapest product". */
function isOne({ text, head }: Clause): boolean {
  if (head === null) return false
  const said = words(text).filter((word) => stem(word) === head)
  return said.length > 0 && said.every((word) => singular(word) === word)
}

const SORTED =
  /\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)\s+by\s+(?:the\s+|their\s+)?([\p{L}\s]+?)(?:\s+(descending|desc|ascending|asc)\b|$|[,.;])/iu
const MOST = /\b(most|highest|largest|biggest|fewest|lowest|least|smallest)\s+([\p{L}]+)/iu

/** By which field a clause asks for things in order, "the cheapest", "sorted by date"; null where it does not, or nothing tells. */
export function orderAskedFor(fields: readonly PlainField[], clause: Clause): Pick['order'] {
  const sorted = SORTED.exec(clause.text)
  if (sorted) {
    const field = fieldNamed(fields, words(sorted[1] ?? ''))
    return field && by(field, /^desc/i.test(sorted[2] ?? ''))
  }
  const most = MOST.exec(clause.text)
  const named = most && fieldNamed(fields.filter(isSortable), words(most[2] ?? ''))
  if (named) return by(named, /^(?:most|highest|largest|biggest)$/i.test(most?.[1] ?? ''))
  if (!clause.order) return null
  const { by: wanted, descending } = clause.order
  const sortable = fields.filter(isSortable)
  for (const word of wanted) {
    const field = sortable.find(({ slot }) => slot.words.includes(word))
    if (field) return by(field, descending)
  }
  const dated = sortable.filter(({ slot }) => String(slot.schema['format']).startsWith('date'))
  return wanted.includes('created') && dated.length === 1 && dated[0] ? by(dated[0], descending) : null
}

function fieldNamed(fields: readonly PlainField[], said: readonly string[]): PlainField | null {
  const wanted = said.map(singular)
  return (
    fields.find((field) => tellingWords(field).join(' ') === wanted.join(' ')) ??
    fields.find((field) => tellingWords(field).some((word) => wanted.includes(word))) ??
    null
  )
}

function by(field: PlainField, descending: boolean): NonNullable<Pick['order']> {
  return { path: field.path, descending, words: fieldName(field) }
}

function isSortable({ slot }: PlainField): boolean {
  const dated = String(slot.schema['format']).startsWith('date')
  return (
    dated ||
    slot.words.some((word) => word === 'date' || word === 'created') ||
    typesOf(slot.schema).some((type) => type === 'number' || type === 'integer')
  )
}
