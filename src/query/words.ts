import type { Plan, PlanStep } from '../planner/schema.ts'
import { resourceOf } from '../links/slots.ts'
import type { Table } from './rows.ts'

const NAMED = 5
const FIELDS = 5
const MAX_VALUE = 80
const LABELS = ['name', 'title', 'label', 'subject', 'email', 'id', 'key', 'number', 'slug', 'value']

/** A result in a sentence or two; `call` is the step that it comes from. */
export function answerWords(table: Table | null, output: unknown, call: PlanStep | undefined): string {
  const from = call?.api ? ` from ${call.api}` : ''
  if (!table) return output === null ? 'There is no answer: the value is empty.' : `The answer is ${short(output)}.`
  const noun = call?.operation ? resourceOf(call.operation.split(' ')[1] ?? '') || 'item' : 'item'
  const [first] = table.rows
  if (!first) return `No ${plural(noun)}${from}.`
  if (table.single) return `${capital(noun)}${from}: ${fieldsOf(first)}.`
  const { length } = table.rows
  const counted = table.total !== null && table.total > length ? `The first ${length} of ${table.total}` : `${length}`
  const labels = table.rows.slice(0, NAMED).flatMap((row) => labelOf(row) ?? [])
  const more = length > labels.length && labels.length > 0 ? ' …' : ''
  const names = labels.length > 0 ? `: ${labels.join(', ')}${more}` : ''
  return `${counted} ${length === 1 ? noun : plural(noun)}${from}${names}.`
}

/** What a plan would do once it is confirmed. */
export function confirmationWords({ steps, missing }: Plan): string {
  const effects = steps.filter(({ effect }) => effect !== 'read').map(({ title, reach }) => `${title} (${reach})`)
  const needed = missing.length > 0 ? ` Still needed: ${missing.map(({ name }) => name).join(', ')}.` : ''
  return `Nothing is changed yet. To be confirmed: ${effects.join('; ')}.${needed}`
}

function labelOf(row: Record<string, unknown>): string | undefined {
  const names = Object.keys(row)
  const name = LABELS.flatMap((label) => names.find((own) => own.toLowerCase() === label) ?? [])[0]
  return name === undefined ? undefined : short(row[name])
}

function fieldsOf(row: Record<string, unknown>): string {
  const plain = Object.entries(row).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  return (
    plain
      .slice(0, FIELDS)
      .map(([name, value]) => `${name} ${short(value)}`)
      .join(', ') || 'nothing that can be said in a line'
  )
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line
}

function plural(noun: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(noun)) return `${noun}es`
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
