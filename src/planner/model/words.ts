import type { Endpoint } from '../../catalog/service.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { type Slot, slotsOf } from '../../links/slots.ts'
import { operationName } from '../../specs/operation.ts'
import { propertiesOf, typesOf } from '../../steps/schema-path.ts'
import type { Callable } from './functions.ts'
import { tokensOf } from './tokens.ts'

/** How much of an operation is said; each level says less than the one before. */
const LEVELS = [
  { described: true, fields: 24, choices: 16, optional: 'all' },
  { described: false, fields: 16, choices: 10, optional: 'all' },
  { described: false, fields: 10, choices: 6, optional: 'asked' },
  { described: false, fields: 6, choices: 4, optional: 'none' },
] as const
type Level = (typeof LEVELS)[number]

const MAX_TEXT = 160
const ENOUGH_WORDS = 4

/**
 * An operation as a model is told of it, as richly as `budget` tokens allow; null where even the barest form is more.
 * `asked` are the words of the request, singular: optional values they name are kept longest.
 */
export function describeFunction(
  name: string,
  callable: Callable,
  asked: ReadonlySet<string>,
  budget: number,
): string | null {
  const slots = slotsOf(callable.endpoint)
  for (const level of LEVELS) {
    const text = describe(name, callable, slots, asked, level)
    if (tokensOf(text) <= budget) return text
  }
  return null
}

function describe(
  name: string,
  { endpoint }: Callable,
  slots: readonly Slot[],
  asked: ReadonlySet<string>,
  level: Level,
): string {
  const kept = slots.filter(
    (slot) =>
      slot.required ||
      level.optional === 'all' ||
      (level.optional === 'asked' && slot.words.some((word) => asked.has(word))),
  )
  const list = listOf(endpoint)
  const shape = list?.items ?? endpoint.response
  const fields = shape ? [...propertiesOf(shape).keys()].slice(0, level.fields).map(plainText).join(', ') : 'unknown'
  return [
    `${name}: ${plainText(operationName(endpoint))} (${endpoint.effect})`,
    titleOf(endpoint),
    ...(kept.length > 0 ? [`with: ${kept.map((slot) => describeSlot(slot, level)).join('; ')}`] : []),
    `gives: ${list ? `${list.path}[] of ` : 'body of '}${fields}`,
    '',
  ].join('\n')
}

/** The summary; where that says little ("Get details"), what the description adds. */
function titleOf({ summary, description }: Endpoint): string {
  const enough = words(summary).length >= ENOUGH_WORDS || description === ''
  return plainText(enough ? summary : summary === '' ? description : `${summary}: ${description}`)
}

function describeSlot(slot: Slot, level: Level): string {
  const choices = slot.schema['enum']
  const type = Array.isArray(choices)
    ? choices.slice(0, level.choices).map(String).map(plainText).join('|')
    : typesOf(slot.schema).join('|') || 'any'
  const text = level.described && slot.description ? `, ${plainText(slot.description)}` : ''
  return `${plainText(slotName(slot))}${slot.required ? '*' : ''} ${type}${text}`
}

/** What a model calls a slot: a parameter by its name, a place in the body by its path behind `body.`. */
export function slotName(slot: Slot): string {
  return slot.in === 'body' ? ['body', ...slot.path].join('.') : slot.name
}

/** Third-party text on one line and without the marks that fence it. */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/[<>]/g, '')
    .trim()
    .slice(0, MAX_TEXT)
}

/** The words of a request as `describeFunction` compares them. */
export function askedWords(message: string): Set<string> {
  return new Set(words(message).map(singular))
}
