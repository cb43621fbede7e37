import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import type { Operation } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { fieldName, type PlainField, plainFields, tellingWords } from '../fill/fields.ts'
import { saidWords } from '../fill/minor-units.ts'
import { FUNCTION_WORDS, VERBS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'

/** What is asked for of a list, where it is not the items themselves. */
export type Result =
  | { kind: 'count' }
  | { kind: 'sum' | 'average'; path: string; words: string }
  /** Some fields of each item, or one of them of all items as one text. */
  | { kind: 'fields'; fields: readonly { name: string; path: string }[]; joined: boolean }

const AVERAGE = /\b(?:average|mean)\b/i
const SUM =
  /\b(?:sum of|total (?:of|for|price|amount|cost|value|revenue)|how much|in total|altogether|combined|add up)\b/i
const JOINED = /\b(?:comma[- ]separated|separated by commas|joined|as one text)\b/i
const MONEY = new Set(['price', 'cost', 'amount', 'total', 'balance', 'fee'])

/** Reads what a clause asks for of what an operation lists; null where it is the items, or nothing is listed. Pure. */
export function readResult(operation: Operation, clause: Clause): Result | null {
  if (clause.counts) return { kind: 'count' }
  const list = listOf(operation)
  if (!list) return null
  const fields = plainFields(list.items)
  const kind = AVERAGE.test(clause.text) ? 'average' : SUM.test(clause.text) ? 'sum' : null
  const amount = kind && amountOf(fields, clause.text)
  if (kind && amount) return { kind, path: amount.path, words: fieldName(amount) }
  const named = clause.asked === undefined ? fieldsAskedFor(fields, clause.text) : fieldCalled(fields, clause.asked)
  if (named.length === 0) return null
  const joined = named.length === 1 && JOINED.test(clause.text)
  return { kind: 'fields', fields: named.map(({ slot, path }) => ({ name: slot.name, path })), joined }
}

/** A result of a list as JSONata. */
export function resultExpression(list: string, result: Result): string {
  switch (result.kind) {
    case 'count':
      return `$count(${list})`
    case 'sum':
    case 'average':
      return `$${result.kind}(${list}.${result.path})`
    case 'fields': {
      const [first, ...others] = result.fields
      if (first && others.length === 0)
        return result.joined ? `$join(${list}.$string(${first.path}), ", ")` : `[${list}.${first.path}]`
      return `[${list}.{${result.fields.map(({ name, path }) => `${JSON.stringify(name)}: ${path}`).join(', ')}}]`
    }
    default:
      return result satisfies never
  }
}

/** A result in words. */
export function resultWords(result: Result): string {
  switch (result.kind) {
    case 'count':
      return 'Count them'
    case 'sum':
      return `Add up their ${result.words}`
    case 'average':
      return `Take the average of their ${result.words}`
    case 'fields': {
      const names = result.fields.map(({ name }) => name).join(', ')
      return result.joined ? `Join their ${names} with commas` : `Take their ${names}`
    }
    default:
      return result satisfies never
  }
}

/** The number of an item that is added up: named in a text, or the only amount there is. */
export function amountOf(fields: readonly PlainField[], text: string): PlainField | null {
  const numeric = fields.filter(
    ({ slot }) =>
      slot.noun === null &&
      !slot.words.includes('id') &&
      typesOf(slot.schema).some((type) => type === 'number' || type === 'integer'),
  )
  const spoken = new Set(words(text).map(stem))
  const named = numeric.filter((field) => tellingWords(field).every((word) => spoken.has(stem(word))))
  const money = numeric.filter(({ slot }) => slot.words.some((word) => MONEY.has(word)))
  return [named, money].find((some) => some.length === 1)?.[0] ?? null
}

/** "The names and e-mails of all customers": the fields that stand before "of" or "for", where all that stands there are fields. */
function fieldsAskedFor(fields: readonly PlainField[], text: string): PlainField[] {
  const named = (part: string) => {
    const own = (word: string) => fields.some(({ slot }) => slot.words.includes(singular(word)))
    const said = words(part).filter((word) => !FUNCTION_WORDS.has(word) && (!VERBS.has(word) || own(word)))
    return fieldsIn(fields, said.map(singular))
  }
  // "Ada's phone number" asks as "the phone number of Ada" does.
  const owned = /\p{L}'s\s+([^']+)$/u.exec(text)?.[1]
  const parts = [...text.split(/\s+(?:of|for)\s+/i).slice(0, -1), ...(owned === undefined ? [] : [owned])]
  return parts.map(named).find((found) => found.length > 0) ?? []
}

/** The first field whose name has a word, given as its stem. */
function fieldCalled(fields: readonly PlainField[], word: string): PlainField[] {
  return fields.filter(({ slot }) => slot.words.some((each) => stem(each) === word)).slice(0, 1)
}

// What a field's name may leave out: the phone number is its `phone`.
const KINDS = new Set(['number', 'address', 'date'])

/** Fields by their names, one behind the other with nothing between; none where other words stand there. */
function fieldsIn(fields: readonly PlainField[], said: readonly string[]): PlainField[] {
  const found = new Set<PlainField>()
  for (let at = 0; at < said.length;) {
    const [field] = fields
      .filter((each) => saidWords(each.slot).every((word, index) => said[at + index] === word))
      .toSorted((a, b) => saidWords(b.slot).length - saidWords(a.slot).length)
    if (!field) return []
    found.add(field)
    at += saidWords(field.slot).length
    if (KINDS.has(said[at] ?? '')) at++
  }
  return [...found]
}
