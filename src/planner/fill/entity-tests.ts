import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { ageSide } from '../language/dates.ts'
import { PEOPLE } from '../language/lexicon.ts'
import { asSpoken, speaksOf } from '../language/spoken.ts'
import type { Clause } from '../understand/clause.ts'
import { type Compared, comparisonOf } from '../understand/comparisons.ts'
import type { Entity } from '../understand/entity.ts'
import type { FieldTest } from './field-test.ts'
import { fieldName, type PlainField, tellingWords } from './fields.ts'
import { fitEntity } from './fit.ts'
import { sideOf, spanOf } from './span-values.ts'

const SURE = 0.8
const MONEY = new Set(['price', 'cost', 'amount', 'total', 'balance', 'fee', 'value'])

type Found = { tests: FieldTest[]; used: Entity[] } | null

/** What an entity says of fields: what a number or day is compared with, whose or where a name is; null where that is not clear. */
export function entityTests(
  fields: readonly PlainField[],
  entity: Entity,
  clause: Clause,
  all: readonly Entity[],
): Found {
  switch (entity.kind) {
    case 'number':
      return numberTests(fields, entity, clause, all) ?? spanTests(fields, entity, clause)
    case 'date':
      return spanTests(fields, entity, clause) ?? dateTests(fields, entity, clause)
    case 'name':
    case 'quoted':
    case 'nested':
    case 'email':
    case 'id':
      return textTests(fields, entity, clause)
    case 'time':
    case 'url':
    case 'remark':
      return null
    default:
      return entity.kind satisfies never
  }
}

/** Comparisons in words, of amounts and of days. */
export const COMPARED: Record<Compared, string> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is below',
  '<=': 'is at most',
  '>': 'is above',
  '>=': 'is at least',
}
const COMPARED_DAYS: Record<Compared, string> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is before',
  '<=': 'is not after',
  '>': 'is after',
  '>=': 'is not before',
}

function numberTests(fields: readonly PlainField[], entity: Entity, clause: Clause, all: readonly Entity[]): Found {
  const numeric = fields.filter(
    ({ slot }) => isNumeric(slot.schema) && slot.noun === null && !slot.words.includes('id'),
  )
  const partner = entity.before.includes('between')
    ? all.find((other) => other !== entity && other.kind === 'number' && other.list === entity.list)
    : undefined
  const is = comparisonOf(entity)
  const field = fieldFor(numeric, entity, clause, is !== '=' || partner !== undefined)
  if (!field) return null
  const value = fitEntity(field.slot, entity, clause, 'read')?.value ?? entity.value
  const name = fieldName(field)
  const test = (how: Compared, limit: FieldTest['value']): FieldTest => ({
    path: field.path,
    is: how,
    value: limit,
    words: `${name} ${COMPARED[how]} ${limit}`,
  })
  if (partner) return { tests: [test('>=', value), test('<=', partner.value)], used: [entity, partner] }
  return { tests: [test(is, value)], used: [entity] }
}

/** The field that a number is compared with: named beside it, or anywhere in the clause, or money; else none. */
function fieldFor(
  numeric: readonly PlainField[],
  entity: Entity,
  clause: Clause,
  compares: boolean,
): PlainField | null {
  const fits = numeric
    .map((field) => ({ field, score: fitEntity(field.slot, entity, clause, 'read')?.score ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
  const [best] = fits
  if (best && best.score >= SURE) return best.field
  if (!compares) return null
  const spoken = asSpoken(clause.text)
  const named = numeric.filter((field) => speaksOf(spoken, tellingWords(field)))
  if (named.length > 0) return named.length === 1 ? (named[0] ?? null) : null
  const money = numeric.filter(({ slot }) => slot.words.some((word) => MONEY.has(word)))
  return money.length === 1 && entity.before.at(-1) !== 'than' ? (money[0] ?? null) : null
}

const DATE_SIDES: readonly (readonly [RegExp, Compared])[] = [
  [/^(?:since|from|starting)$/, '>='],
  [/^after$/, '>'],
  [/^before$/, '<'],
  [/^(?:until|till|by|through)$/, '<='],
]

/** "In January 2026", "since February": from the first day of a stretch of time to its last, or only from or until then. */
function spanTests(fields: readonly PlainField[], entity: Entity, clause: Clause): Found {
  const span = spanOf(entity)
  if (!span) return null
  const side = sideOf(span)
  if (side) {
    const found = dateTests(fields, side, clause)
    return found && { tests: found.tests, used: [entity] }
  }
  const { until, ...plain } = span
  const from = dateTests(fields, { ...plain, before: ['since'] }, clause)
  const to = dateTests(fields, { ...plain, before: ['until'], value: until }, clause)
  return from && to && { tests: [...from.tests, ...to.tests], used: [entity] }
}

// Of the days of a thing the one on which it came about.
const CREATED = new Set('created create issued issue opened placed ordered registered submitted'.split(' '))

function comparedDay({ before, text }: Entity): Compared {
  const side = ageSide(text) ?? before.at(-1) ?? ''
  return DATE_SIDES.find(([pattern]) => pattern.test(side))?.[1] ?? '='
}

function dateTests(fields: readonly PlainField[], entity: Entity, clause: Clause): Found {
  const dated = fields.filter(({ slot }) => slot.schema['format'] === 'date' || slot.schema['format'] === 'date-time')
  const spoken = new Set(words(clause.text).map(stem))
  const named = dated.filter((field) => tellingWords(field).some((word) => spoken.has(stem(word))))
  const created = dated.filter(({ slot }) => slot.words.some((word) => CREATED.has(word)))
  const field = [named, dated, created].find((some) => some.length === 1)?.[0]
  if (!field) return null
  const is = comparedDay(entity)
  const fit = fitEntity({ ...field.slot, words: ['date'] }, entity, clause, 'read')
  if (!fit) return null
  const name = fieldName(field)
  const test = (how: Compared, value: string): FieldTest => ({
    path: field.path,
    is: how,
    value,
    words: `${name} ${COMPARED_DAYS[how]} ${value}`,
  })
  if (field.slot.schema['format'] === 'date') return { tests: [test(is, String(fit.value))], used: [entity] }
  // Moments are written in UTC, which can be compared as text; a day is a day long.
  const begins = Date.parse(String(fit.value))
  if (Number.isNaN(begins)) return null
  const utc = (at: number) => new Date(at).toISOString().slice(0, 19)
  const isDay = !String(entity.value).includes('T')
  const ends = isDay ? begins + DAY_MS : begins
  const tests = {
    '=': [test('>=', utc(begins)), test('<', utc(ends))],
    '!=': [],
    '>=': [test('>=', utc(begins))],
    '>': [test('>=', utc(ends))],
    '<': [test('<', utc(begins))],
    '<=': [test('<', utc(ends))],
  }[is]
  return { tests, used: [entity] }
}

const DAY_MS = 86_400_000
const OF_PERSON = new Set(['by', 'to', 'of', 'for', 'from', 'does', 'has', 'have'])

/** "In Berlin", "by Ada", "Ada's", "assigned to Bob": a text that holds the name. */
function textTests(fields: readonly PlainField[], entity: Entity, clause: Clause): Found {
  const texts = fields.filter(
    ({ slot }) => typesOf(slot.schema).includes('string') && !Array.isArray(slot.schema['enum']),
  )
  const fits = texts
    .map((field) => ({ field, score: fitEntity(field.slot, entity, clause, 'read')?.score ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
  const people = texts.filter(
    ({ slot }) => slot.words.some((word) => PEOPLE.has(word)) && !slot.words.includes('email'),
  )
  const isPerson = entity.kind === 'name' && (entity.possessive || OF_PERSON.has(entity.before.at(-1) ?? ''))
  const [best] = fits
  const field = best && best.score >= SURE ? best.field : isPerson && people.length === 1 ? people[0] : undefined
  if (!field) return null
  const exact = entity.kind === 'email' || entity.kind === 'id'
  const name = fieldName(field)
  const test: FieldTest = {
    path: field.path,
    is: exact ? '=' : 'holds',
    value: entity.text,
    words: `${name} is ${entity.text}`,
  }
  return { tests: [test], used: [entity] }
}

function isNumeric(schema: PlainField['slot']['schema']): boolean {
  return typesOf(schema).some((type) => type === 'integer' || type === 'number')
}
