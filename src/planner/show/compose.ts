import type { ConnectionName } from '../../connections/targets.ts'
import { plural } from '../../lib/words.ts'
import { countOf, isPaged, listOf } from '../../links/lists.ts'
import { isLimit } from '../../links/slot-kinds.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'
import { isSafe } from '../../steps/order.ts'
import { turnable } from '../../steps/paginate.ts'
import type { ApiCallStep, Step, WorkflowDefinition } from '../../steps/schema.ts'
import { conditionExpression, conditionWords } from '../answer/conditions.ts'
import { pickExpression, pickWords } from '../assemble/pick.ts'
import { type Result, resultExpression, resultWords } from '../assemble/result.ts'
import type { Each, Only, Pick, PlannedCall, Source } from '../plan/planned-call.ts'
import { type Report, stepsOf } from '../plan/report.ts'
import type { MissingInput, PlanStep } from '../schema.ts'
import { AnswersSoFar } from './answers-so-far.ts'
import { callStep } from './call-step.ts'
import { gatheredExpression, orTooMany } from './composed-values.ts'
import { InputNames } from './input-names.ts'
import { reportExpression } from './report-expression.ts'
import { reportWords } from './report-words.ts'
import { showCall, showOwn } from './show-call.ts'
import { isReported, needsAll } from './needs-all.ts'
import { stepIds, UniqueNames, variableFor } from './step-names.ts'

/** A plan's workflow, with what is shown of it. */
export type Composition = {
  definition: WorkflowDefinition
  steps: PlanStep[]
  missing: MissingInput[]
  assumptions: string[]
  /** Of each call where it stands in the definition, as a JSON pointer. */
  places: string[]
  /** Ids of the steps that are carried out once for each of several things. */
  repeated: ReadonlySet<string>
}

// How many items are gone over at most, and how many at the same time.
const MOST_ITEMS = 1000
// How many of a list something is worked out of at most: about a second of computing.
const MOST_WORKED_OUT = 5000
const AT_ONCE = 5

/** Writes planned calls as a workflow definition, and each of its steps in words; `result` is what is asked of the last. */
export function compose(
  name: string,
  calls: readonly PlannedCall[],
  connections: ReadonlyMap<string, ConnectionName>,
  result: Result | null,
): Composition {
  const composer = new Composer(calls, connections, result)
  calls.forEach((call, index) => composer.addCall(call, index))
  composer.addResult()
  return composer.compose(name)
}

/** A list of steps in the making, with its JSON pointer. */
type Place = { steps: Step[]; pointer: string }

class Composer {
  readonly #calls: readonly PlannedCall[]
  readonly #connections: ReadonlyMap<string, ConnectionName>
  readonly #result: Result | null
  readonly #ids: readonly string[]
  readonly #names: UniqueNames
  readonly #inputs = new InputNames()
  readonly #root: Place = { steps: [], pointer: '/steps' }
  readonly #branches = new Map<string, Place>()
  readonly #shown: PlanStep[] = []
  readonly #places: string[] = []
  readonly #assumptions = new Set<string>()
  readonly #answers: AnswersSoFar

  constructor(calls: readonly PlannedCall[], connections: ReadonlyMap<string, ConnectionName>, result: Result | null) {
    this.#calls = calls
    this.#connections = connections
    this.#result = result
    this.#ids = stepIds(calls.map(({ endpoint }) => endpoint))
    this.#names = new UniqueNames(this.#ids)
    this.#answers = new AnswersSoFar(calls, this.#ids)
  }

  addCall(call: PlannedCall, index: number): void {
    const connection = this.#connections.get(call.endpoint.connectionId)
    const id = this.#ids[index]
    if (!connection || id === undefined) return
    const place = call.only ? this.#branchOf(call.only) : this.#root
    const over = call.each && this.#itemsOf(call.each, place)
    const as = call.each ? variableFor(call.each.noun) : ''
    const step = callStep(call, id, connection, (slot, source) => this.#template(id, slot, source, as), this.#inputs)
    this.#readAll(call, index, step)
    const each = call.each?.noun ?? null
    const only = call.only ? this.#onlyWords(call.only) : null
    if (over !== undefined) {
      const loop: Step = {
        id: this.#names.take(`each_${as}`),
        name: `For each ${each}`,
        type: 'loop',
        items: over,
        as,
        concurrency: AT_ONCE,
        maxIterations: MOST_ITEMS,
        steps: [step],
      }
      this.#push(place, loop)
      this.#shown.push(
        showOwn(loop, `Go over them: for each ${each}`, `up to ${MOST_ITEMS} times what is in it, ${AT_ONCE} at once`),
      )
      this.#places[index] = `${place.pointer}/${place.steps.length - 1}/steps/0`
    } else {
      this.#push(place, step)
      this.#places[index] = `${place.pointer}/${place.steps.length - 1}`
    }
    const told = {
      stepIds: this.#ids,
      inputFor: (slot: Slot, source: Source & { kind: 'input' }) => this.#inputName(id, slot, source),
    }
    this.#shown.push(showCall(call, step, connection, told, { each, most: MOST_ITEMS, only }))
    const list = call.each && !call.each.keeps ? null : listOf(call.endpoint)
    const items = list && (call.each ? `steps.${this.#gather(call, place)}` : `steps.${id}.${list.path}`)
    if (items) this.#answers.lists.set(index, call.pick ? `steps.${this.#pick(call.pick, items, place, index)}` : items)
    if (call.report) this.#addReport(call.report, index, place)
  }

  /** Adds the step that makes one list of those that the loop before has read; returns its id. */
  #gather({ endpoint, each }: PlannedCall, { steps, pointer }: Place): string {
    const things = plural(resourceOf(endpoint.path))
    const id = this.#names.take(`all_${variableFor(things)}`)
    const lists = {
      owners: this.#answers.lists.get(each?.step ?? 0) ?? '[]',
      loop: `steps.${steps.at(-1)?.id}`,
      path: listOf(endpoint)?.path ?? 'body',
    }
    const expression = gatheredExpression(lists, each?.keeps ?? { name: 'id', id: 'id' }, MOST_WORKED_OUT)
    this.#addOwn(id, `Put together the ${things} of every ${each?.noun}`, expression, { steps, pointer })
    return id
  }

  /** Adds the step that works something out of lists: what comes after has it for what the call at `index` answers. */
  #addReport(report: Report, index: number, place: Place): void {
    const expression = reportExpression(report, (step) => this.#answers.lists.get(step) ?? '[]')
    const id = this.#names.take('report')
    this.#addOwn(id, reportWords(report), this.#answers.ofWhole(stepsOf(report), expression), place)
    this.#answers.reports.set(index, `steps.${id}`)
    if (report.use === 'one' && !report.their) this.#answers.lists.delete(index)
    else this.#answers.lists.set(index, `steps.${id}`)
  }

  #addOwn(id: string, title: string, expression: string, place: Place): void {
    const step: Step = { id, name: title.slice(0, 100), type: 'transform', value: `{{ ${expression} }}` }
    this.#push(place, step)
    this.#shown.push(showOwn(step, title, 'computed here'))
  }

  /** What is asked for of the list that the last call gave. */
  addResult(): void {
    const index = this.#calls.length - 1
    const call = this.#calls[index]
    const result = this.#result
    if (!result || !call || call.only || (call.each && !call.report)) return
    const total = result.kind === 'count' && !call.pick ? countOf(call.endpoint) : null
    const list = this.#answers.lists.get(index)
    if (!total && list === undefined) return
    const expression = total ? `steps.${this.#ids[index]}.${total}` : resultExpression(list ?? '', result)
    const id = this.#names.take(result.kind === 'fields' ? 'values' : result.kind)
    const value = this.#answers.ofWhole(total || result.kind === 'fields' ? [] : [index], expression)
    this.#addOwn(id, resultWords(result), value, this.#root)
  }

  compose(name: string): Composition {
    const schema = this.#inputs.schema()
    return {
      definition: { name: name.slice(0, 200), ...(schema ? { inputs: schema } : {}), steps: this.#root.steps },
      steps: this.#shown,
      missing: this.#inputs.missing,
      assumptions: [...this.#assumptions],
      places: this.#places,
      repeated: new Set(this.#calls.flatMap(({ each }, index) => (each ? [this.#ids[index] ?? ''] : []))),
    }
  }

  #push({ steps }: Place, step: Step): void {
    const before = steps.findLast((earlier) => !isSafe(earlier))
    steps.push(before && isSafe(step) ? { ...step, dependsOn: [before.id] } : step)
  }

  /** Where the calls of a condition go, the condition step being made at the first of them. */
  #branchOf({ group, holds, condition }: Only): Place {
    const known = this.#branches.get(`${group} ${holds}`)
    if (known) return known
    const other = this.#branches.get(`${group} ${!holds}`)
    const steps: Step[] = []
    if (other) {
      const at = this.#root.steps.findIndex((step) => step.type === 'condition' && step.then === other.steps)
      const step = this.#root.steps[at]
      if (step?.type === 'condition') step.else = steps
      return this.#remember(group, holds, { steps, pointer: `/steps/${at}/else` })
    }
    const told = conditionWords(condition, this.#calls)
    const expression = conditionExpression(condition, {
      body: (step) => this.#answers.bodyOf(step),
      list: (step) => this.#answers.lists.get(step) ?? '[]',
      input: () => `input.${this.#conditionInput(group, told)}`,
    })
    const id = this.#names.take('decide')
    const test = holds ? expression : `$not(${expression})`
    // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
    const step: Step = { id, name: told.slice(0, 100), type: 'condition', if: `{{ ${test} }}`, then: steps }
    this.#push(this.#root, step)
    this.#shown.push(showOwn(step, `Decide whether ${told}`, 'decided here'))
    return this.#remember(group, holds, { steps, pointer: `/steps/${this.#root.steps.length - 1}/then` })
  }

  #remember(group: number, holds: boolean, place: Place): Place {
    this.#branches.set(`${group} ${holds}`, place)
    return place
  }

  /** Nothing that is called answers whether the condition holds, so whoever confirms says it. */
  #conditionInput(group: number, told: string): string {
    this.#assumptions.add(`no answer tells whether ${told}: say so when confirming`)
    return this.#inputs.add(`condition_${group}`, 'condition', `Whether ${told}`, { type: 'boolean' })
  }

  #onlyWords({ holds, condition }: Only): string {
    const told = conditionWords(condition, this.#calls)
    return holds ? `If ${told}` : `Unless ${told}`
  }

  /** The expression for what a loop goes over: all of a list, or nothing of it where there is more than was read. */
  #itemsOf({ step, pick }: Each, place: Place): string {
    const list = this.#answers.lists.get(step) ?? '[]'
    const items = pick ? `steps.${this.#pick(pick, list, place, step)}` : list
    const isPart = this.#answers.paged.has(step) && !(pick ?? this.#calls[step]?.pick)?.limit
    return `{{ ${isPart ? orTooMany([this.#answers.more(step)], items) : items} }}`
  }

  /** Adds the step that picks from the list of a call; returns its id. The latest of a part may not be the latest of all. */
  #pick(pick: Pick, list: string, place: Place, from: number): string {
    const id = this.#names.take('picked')
    const picked = pickExpression(list, pick)
    const isPart = pick.order !== null && this.#answers.paged.has(from)
    this.#addOwn(id, pickWords(pick), isPart ? orTooMany([this.#answers.more(from)], picked) : picked, place)
    return id
  }

  #template(stepId: string, slot: Slot, source: Source, as: string): unknown {
    if (source.kind === 'input') return `{{ input.${this.#inputName(stepId, slot, source)} }}`
    return this.#answers.template(slot, source, as)
  }

  #inputName(stepId: string, slot: Slot, { like }: Source & { kind: 'input' }): string {
    return like ? this.#inputs.nameFor(this.#ids[like.step] ?? stepId, like.slot) : this.#inputs.nameFor(stepId, slot)
  }

  /** Reads all pages of a list where all its items count; where that cannot be done it is said. */
  #readAll(call: PlannedCall, index: number, step: ApiCallStep): void {
    const { endpoint, bindings } = call
    if (
      (call.each && !call.each.keeps) ||
      !listOf(endpoint) ||
      !needsAll(this.#calls, index, this.#result) ||
      bindings.some(({ slot }) => isLimit(slot))
    )
      return
    if (this.#result?.kind === 'count' && !call.pick && countOf(endpoint)) return
    if (!isPaged(endpoint)) return
    if (turnable(endpoint)) {
      const isWorkedOut = isReported(this.#calls, index) || call.pick?.order
      step.paginate = { maxItems: isWorkedOut ? MOST_WORKED_OUT : MOST_ITEMS }
      if (!call.each) this.#answers.paged.add(index)
    } else
      this.#assumptions.add(
        this.#result?.kind === 'count'
          ? 'only the items of the first page are counted'
          : 'only the items of the first page are looked at',
      )
  }
}
