import { listOf } from '../../links/lists.ts'
import type { Slot } from '../../links/slots.ts'
import { changeExpression } from '../answer/worked-out.ts'
import { tellExpression } from '../assemble/contents.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import { allExpression, literally, orFail, orTooMany } from './composed-values.ts'

/** What expressions call the answers of the calls by that stand before: as they come, as lists, or as what is worked out of them. */
export class AnswersSoFar {
  readonly #calls: readonly PlannedCall[]
  readonly #ids: readonly string[]
  /** Calls that read all pages, up to a limit. */
  readonly paged = new Set<number>()
  /** Of calls that list: what expressions call their items by. */
  readonly lists = new Map<number, string>()
  /** Of calls that something is worked out of: what expressions call that by. */
  readonly reports = new Map<number, string>()

  /** @param ids those of the steps of the calls */
  constructor(calls: readonly PlannedCall[], ids: readonly string[]) {
    this.#calls = calls
    this.#ids = ids
  }

  /** What tells that a call that reads all pages has left some. */
  more(step: number): string {
    return `steps.${this.#ids[step]}.more`
  }

  /** What is worked out of lists that some calls read, all of them. */
  ofWhole(steps: readonly number[], expression: string): string {
    const more = steps.filter((step) => this.paged.has(step)).map((step) => this.more(step))
    return more.length === 0 ? expression : orTooMany(more, expression)
  }

  /** What the answer of a call is called by, or what is worked out instead. */
  bodyOf(step: number): string {
    return this.reports.get(step) ?? `steps.${this.#ids[step]}.body`
  }

  /** The template that gives a slot what a source says; `as` is what the item of the loop at hand is called by. */
  template(slot: Slot, source: Exclude<Source, { kind: 'input' }>, as: string): unknown {
    switch (source.kind) {
      case 'literal':
        return literally(source.value)
      case 'step': {
        const path = this.#pathOf(source.step, source.path)
        if (source.change) return `{{ ${changeExpression(path, source.change, slot)} }}`
        if (source.all) {
          const all = allExpression(path, source.all, source.words)
          // Part of them is not what was asked for.
          const isPart = this.paged.has(source.step) && !this.#calls[source.step]?.pick?.limit
          return `{{ ${isPart ? orTooMany([this.more(source.step)], all) : all} }}`
        }
        if (!slot.required && path.includes('[0]')) return `{{ ${orFail(path, source.words)} }}`
        return source.asText ? `{{ $string(${path}) }}` : `{{ ${path} }}`
      }
      case 'answer': {
        const isOne = !this.lists.has(source.step)
        const list = isOne ? null : (this.lists.get(source.step) ?? '')
        return `{{ ${tellExpression(list, this.bodyOf(source.step), source.fields)} }}`
      }
      case 'item':
        if (source.change) return `{{ ${changeExpression(`${as}.${source.path}`, source.change, slot)} }}`
        return source.asText ? `{{ $string(${as}.${source.path}) }}` : `{{ ${as}.${source.path} }}`
      default:
        return source satisfies never
    }
  }

  /** A path in the answer of a call; what is of its first item is of the first that was picked. */
  #pathOf(step: number, path: string): string {
    const call = this.#calls[step]
    if (call?.report) return `${this.bodyOf(step)}${path.slice('body'.length)}`
    const list = call?.pick && listOf(call.endpoint)
    const first = `${list?.path}[0]`
    return list && path.startsWith(first)
      ? `${this.lists.get(step)}[0]${path.slice(first.length)}`
      : `steps.${this.#ids[step]}.${path}`
  }
}
