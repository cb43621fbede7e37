import type { Operation } from '../specs/operation.ts'
import type { Make } from './alike.ts'
import { kindOf, type ValueKind } from './answers.ts'
import { outputIn, needOf, type Need } from './outputs.ts'
import { giverOf, isGiver, KEPT, makeFor, producersOf, type Giver, type Producer } from './producers.ts'
import { shortNouns } from './short-nouns.ts'
import { slotKey, slotsWithoutOptionalBody } from './slots.ts'

/** A slot of an operation that takes what a need asks for. */
export type Consumer = ValueKind & { endpointId: string; slot: string; required: boolean; need: Need }

/** What produces a need in one API, the cheapest first. */
export type Production = { need: Need; producers: readonly Producer<Known>[] }

/**
 * The producer/consumer graph of one API. An edge leads from a field of an answer through a need to a slot: whatever fills
 * the need fills every slot that has it. Needs of one noun in several APIs are where the graphs of these meet.
 */
export type Graph = { consumers: readonly Consumer[]; productions: readonly Production[] }

type Known = Giver & { endpointId: string }

/** The version of the rules that graphs are made by; raised whenever they change, so that all are made anew. */
export const RULES = 6

// Of very many ids that one body takes.
const MAX_SLOTS = 60

/** Takes in the operations of an API one by one, keeping little of each, and makes their graph. */
export class GraphBuilder {
  readonly #consumers: Consumer[] = []
  readonly #needs = new Map<string, Need>()
  readonly #givers: Known[] = []
  readonly #short = new Map<string, string>()

  /** Takes in one more operation. */
  add(endpointId: string, operation: Operation): void {
    for (const [short, whole] of shortNouns(operation.path)) this.#short.set(short, whole)
    for (const consumer of consumersOf(endpointId, operation)) {
      this.#consumers.push(consumer)
      this.#need(consumer.need)
    }
    if (!isGiver(operation)) return
    const giver = { ...giverOf(operation), endpointId }
    this.#givers.push(giver)
    // What is listed may be asked for by another API, or by what is said.
    const { isList, resource } = giver.answer
    if (isList && resource !== '') this.#need({ noun: resource, key: 'id' })
  }

  /** The graph of all that was taken in. It does not depend on their order. */
  build(): Graph {
    const index = new GiverIndex(this.#givers)
    const producing = (need: Need) => {
      const direct = index.answering(need)
      const make = makeFor(need, direct)
      const alike = make ? index.madeLike(make) : []
      return producersOf(need, [...new Set([...direct, ...alike])], make)
    }
    const productions = [...this.#needs.values()].map((need) => ({
      need,
      producers: cheapest([need, ...this.#inOtherWords(need)].flatMap(producing)),
    }))
    return { consumers: this.#consumers, productions }
  }

  /** The same need by what its noun is short for, or what is short for it: `repo_id` tells which repository. */
  #inOtherWords({ noun, key }: Need): Need[] {
    const whole = this.#short.get(noun)
    const shorts = [...this.#short].filter(([, each]) => each === noun).map(([short]) => short)
    return [...(whole === undefined ? [] : [whole]), ...shorts].map((other) => ({ noun: other, key }))
  }

  #need(need: Need): void {
    this.#needs.set(needKey(need), need)
  }
}

/** Of producers those that are kept, one for each operation. */
function cheapest(producers: readonly Producer<Known>[]): Producer<Known>[] {
  const sorted = producers.toSorted((a, b) => a.cost - b.cost)
  return sorted.filter(({ giver }, at) => sorted.findIndex((each) => each.giver === giver) === at).slice(0, KEPT)
}

/** The slots of an operation that take what others give, those that have to be filled first. */
export function consumersOf(endpointId: string, operation: Operation): Consumer[] {
  return slotsWithoutOptionalBody(operation)
    .flatMap((slot): Consumer[] => {
      const need = needOf(slot)
      const { required, schema } = slot
      return need ? [{ endpointId, slot: slotKey(slot), required, need, ...kindOf(schema) }] : []
    })
    .toSorted((a, b) => Number(b.required) - Number(a.required))
    .slice(0, MAX_SLOTS)
}

/** A need as the key of a map. */
export function needKey({ noun, key }: Need): string {
  return `${noun}\n${key}`
}

/** Finds the operations that may fill a need without looking at all of them. */
class GiverIndex {
  readonly #byResource: Map<string, Known[]>
  readonly #byField = new Map<string, Known[]>()
  readonly #byItemField = new Map<string, Known[]>()

  constructor(givers: readonly Known[]) {
    this.#byResource = Map.groupBy(givers, ({ answer }) => lastWord(answer.resource))
    for (const giver of givers) {
      const { whole, wrapped, lists, hits } = giver.answer
      const own = [whole, wrapped].flatMap((shape) => shape?.fields ?? [])
      const nouns = own.flatMap(({ noun, called, key }) => [
        ...(noun === null ? [] : [noun]),
        ...(key ? [called, lastWord(called)] : []),
      ])
      for (const noun of new Set([...nouns, ...(hits?.kinds.keys() ?? [])])) push(this.#byField, noun, giver)
      const names = lists.flatMap(({ fields }) => fields.map(({ name }) => name))
      for (const name of new Set(names)) push(this.#byItemField, name, giver)
    }
  }

  /** All that answer with a need by the name of a field or by what they are about. */
  answering(need: Need): Known[] {
    const about = this.#byResource.get(lastWord(need.noun)) ?? []
    const found = new Set([...about, ...(this.#byField.get(need.noun) ?? [])])
    return [...found].filter(({ answer }) => outputIn(answer, need) !== null)
  }

  /** All that may list things of a make: those with most of the fields that tell it. */
  madeLike({ telling }: Make): Known[] {
    const counts = new Map<Known, number>()
    for (const name of telling)
      for (const giver of this.#byItemField.get(name) ?? []) counts.set(giver, (counts.get(giver) ?? 0) + 1)
    return [...counts].filter(([, count]) => count * 2 >= telling.length).map(([giver]) => giver)
  }
}

function lastWord(noun: string): string {
  return noun.slice(noun.lastIndexOf(' ') + 1)
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
