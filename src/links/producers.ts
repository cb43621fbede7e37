import { stem } from '../lib/stem.ts'
import { words } from '../lib/words.ts'
import { operationName, type JsonSchema, type Operation } from '../specs/operation.ts'
import { itemsOf } from '../specs/schema-members.ts'
import { makeOf, outputLike, type Make } from './alike.ts'
import { readAnswer, type Answer } from './answers.ts'
import { outputIn, type Need, type Output } from './outputs.ts'
import { FREE_TEXT, isSearch } from './slot-kinds.ts'
import { slotsWithoutOptionalBody } from './slots.ts'

/** An operation as one that others may get an id from: what it answers, and what makes it dear to call. */
export type Giver = {
  /** `GET /orders`, which orders what costs the same. */
  name: string
  answer: Answer
  /** What it costs whatever is asked of it. */
  cost: number
  /** The stems of its path: of the last fixed segment, and of all. */
  last: ReadonlySet<string>
  fixed: ReadonlySet<string>
}

/** A field that fills a need, with what it costs to get it: the less, the likelier it is what is meant. */
export type Producer<G extends Giver = Giver> = { giver: G; output: Output; cost: number }

/** How many producers of a need are kept, the cheapest first. */
export const KEPT = 14

const COST = {
  /** A parameter that has to be known first. */
  required: 1,
  deprecated: 1,
  /** It does not find a thing by words. */
  unsearchable: 2,
  /** It is about something else and only refers to the thing. */
  other: 2,
  // Of what costs the same, by how it is named.
  unfiltered: 0.01,
  inPath: 0.01,
  elsewhere: 0.015,
  nowhere: 0.03,
}

/** Whether an operation gives ids to others: calling it changes nothing and needs no body. */
export function isGiver({ method, response }: Operation): boolean {
  return method === 'GET' && response !== null
}

/** What an operation is as one that gives. */
export function giverOf(operation: Operation): Giver {
  const { path, parameters, deprecated } = operation
  const segments = path.split('/').filter((part) => part !== '')
  const fixed = segments.filter((part) => !part.startsWith('{'))
  const stems = (text: string) => new Set(words(text).map(stem))
  const slots = slotsWithoutOptionalBody(operation)
  // What it searches for is said, and what kind of thing is sought is known.
  const isChosen = (name: string) =>
    slots.some((slot) => slot.name === name && slot.in === 'query' && (isSearch(slot) || isListed(slot.schema)))
  const required = parameters.filter((parameter) => parameter.required && !isChosen(parameter.name)).length
  const filters = parameters.some(({ name }) => words(name).some((word) => FREE_TEXT.has(word)))
  return {
    name: operationName(operation),
    answer: readAnswer(operation),
    cost:
      COST.required * required +
      (deprecated ? COST.deprecated : 0) +
      (slots.some(isSearch) ? 0 : COST.unsearchable) +
      (filters ? 0 : COST.unfiltered) +
      COST.inPath * (segments.length - fixed.length),
    last: stems(fixed.at(-1) ?? ''),
    fixed: stems(fixed.join(' ')),
  }
}

function isListed(schema: JsonSchema): boolean {
  return Array.isArray(schema['enum'] ?? itemsOf(schema)?.['enum'])
}

/** How the things that a need is for are made, by the cheapest operation that lists them; null where nothing tells. */
export function makeFor(need: Need, givers: readonly Giver[]): Make | null {
  const costOf = costsFor(need)
  const [lister] = givers
    .filter((giver) => isOwn(giver, need) && outputIn(giver.answer, need)?.fromList)
    .toSorted((a, b) => costOf(a) - costOf(b) || byName(a, b))
  return lister ? makeOf(lister.answer) : null
}

/** Which of some operations answer with what a need asks for, the cheapest first; `make` is that of `makeFor`. */
export function producersOf<G extends Giver>(need: Need, givers: readonly G[], make: Make | null): Producer<G>[] {
  const costOf = costsFor(need)
  return givers
    .flatMap((giver): Producer<G>[] => {
      const output = outputIn(giver.answer, need) ?? (make && outputLike(giver.answer, make, need))
      // What answers with the thing itself needs its id to begin with; what merely refers to it does not, nor what there is one of.
      const circular = output !== null && !output.fromList && isOwn(giver, need) && giver.name.includes('{')
      return output && !circular ? [{ giver, output, cost: costOf(giver) }] : []
    })
    .toSorted((a, b) => a.cost - b.cost || byName(a.giver, b.giver))
    .slice(0, KEPT)
}

function isOwn({ answer }: Giver, { noun }: Need): boolean {
  return answer.resource === noun
}

/** What it costs to get what a need asks for from an operation that has it. */
function costsFor(need: Need): (giver: Giver) => number {
  const named = words(need.noun).map(stem)
  const has = (stems: ReadonlySet<string>) => named.some((word) => stems.has(word))
  return (giver) => {
    const distance = has(giver.last) ? 0 : has(giver.fixed) ? COST.elsewhere : COST.nowhere
    return giver.cost + (isOwn(giver, need) ? 0 : COST.other) + distance
  }
}

function byName(a: Giver, b: Giver): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
