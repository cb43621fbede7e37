import { plural, words } from '../lib/words.ts'
import { resourceOf } from '../links/slots.ts'
import type { Plan, PlanStep } from '../planner/schema.ts'
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
  const labels = table.rows.slice(0, NAMED).flatMap((row) => countedLabelOf(row) ?? labelOf(row) ?? [])
  const more = length > labels.length && labels.length > 0 ? ' …' : ''
  const names = labels.length > 0 ? `: ${labels.join(', ')}${more}` : ''
  const kind = groupOf(first) ?? noun
  return `${counted} ${length === 1 ? kind : plural(kind)}${from}${names}.`
}

/** What is counted in a row of a group that has no name of its own, as `status` in `{status, orders}`. */
function groupOf(row: Record<string, unknown>): string | null {
  const [group, ...others] = Object.keys(row)
  return group === undefined || others.length !== 1 || numberIn(row) === null || labelOf(row) !== undefined
    ? null
    : words(group).join(' ')
}

/** A row that is made of a name and a number, in words: "Ada Lovelace (orders 5)". */
function countedLabelOf(row: Record<string, unknown>): string | null {
  const number = numberIn(row)
  const name = labelOf(row) ?? short(Object.values(row)[0] ?? 'none')
  return number === null ? null : `${name} (${words(number).join(' ')} ${short(row[number])})`
}

/** The name of the number that a short row ends with. */
function numberIn(row: Record<string, unknown>): string | null {
  const last = Object.keys(row).at(-1)
  const { length } = Object.keys(row)
  return last !== undefined && length > 1 && length <= 3 && typeof row[last] === 'number' ? last : null
}

/** What a plan would do once it is confirmed. */
export function confirmationWords({ steps, missing }: Plan): string {
  const effects = steps.filter(({ effect }) => effect !== 'read').map(({ title, reach }) => `${title} (${reach})`)
  const needed = missing.length > 0 ? ` Still needed: ${missing.map(({ name }) => name).join(', ')}.` : ''
  return `Nothing is changed yet. To be confirmed: ${effects.join('; ')}.${needed}`
}

/** How to have it again and again, where that is what was asked. */
export function scheduleWords({ id, schedule }: Pick<Plan, 'id' | 'schedule'>): string[] {
  return schedule ? [`To have this ${schedule.words}: POST /api/chat/schedule with the planId ${id}.`] : []
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
