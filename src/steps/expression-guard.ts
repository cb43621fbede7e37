import type jsonata from 'jsonata'
import { guardFunction } from './expression-functions.ts'
import { enterGroup, isGroupKey, leaveGroup, noteGroup } from './expression-groups.ts'
import { isFunction, LimitError, LIMITS, Meter } from './expression-limits.ts'
import { bindToMoment, type Chance, chanceOf, setClock } from './expression-moment.ts'
import type { Frame, Node } from './expression-node.ts'
import { meteredRegExp } from './regex-cost.ts'

// Hooks that the library calls before and after each node.
const ENTRY = Symbol.for('jsonata.__evaluate_entry')
const EXIT = Symbol.for('jsonata.__evaluate_exit')

// These go through the whole of their operands.
const THOROUGH = new Set(['&', '=', '!=', 'in', 'and', 'or'])
const NEW_VALUES = new Set(['unary', 'binary', 'function', 'apply', 'path'])
const PER_STEP = 64

const meters = new WeakMap<Frame, Meter>()
const chances = new WeakMap<Frame, Chance>()
const operands = new WeakSet<Node>()
const procedures = new WeakSet<Node>()

/** Has an expression counted while it is evaluated; it fails with a LimitError where it goes too far. */
export function guardExpression(expression: jsonata.Expression): void {
  const assign = (name: symbol, value: unknown) => expression.assign(asName(name), value)
  assign(ENTRY, enter)
  assign(EXIT, leave)
}

function enter(node: Node, input: unknown, frame: Frame): Promise<void> | undefined {
  try {
    payFor(node, input, frame, meters.get(frame.base) ?? begin(frame.base))
  } catch (error) {
    throw locate(error, node)
  }
  return enterGroup(node, input, frame)
}

function leave(node: Node, _input: unknown, frame: Frame, result: unknown): void {
  try {
    checkResult(node, result, meterOf(frame))
  } catch (error) {
    throw locate(error, node)
  }
  leaveGroup(node, result, frame)
}

function locate(error: unknown, { position }: Node): unknown {
  if (error instanceof LimitError && position !== undefined) error.position ??= position
  return error
}

function payFor(node: Node, input: unknown, frame: Frame, meter: Meter): void {
  meter.spend(1)
  noteGroup(node)
  if (isGroupKey(node)) meter.spendOnGroup()
  for (const { expr } of node.predicate ?? []) operands.add(expr)
  for (const { expr } of node.stages ?? []) if (expr) operands.add(expr)
  switch (node.type) {
    case 'binary':
      if (!THOROUGH.has(String(node.value))) return
      if (isNode(node.lhs)) operands.add(node.lhs)
      if (node.rhs) operands.add(node.rhs)
      return
    case 'condition':
      if (node.condition) operands.add(node.condition)
      return
    case 'function':
    case 'partial':
      if (node.procedure) procedures.add(node.procedure)
      return
    case 'lambda':
      if (node.thunk && node.body?.procedure) procedures.add(node.body.procedure)
      return
    case 'descendant':
      return meter.spend(meter.weigh(input) / PER_STEP)
    case 'regex':
      if (meter.meets('/')) frame.base.RegexEngine = meteredRegExp(meter)
      return
    case 'bind':
      // A transform copies what it changes by this function.
      if (isNode(node.lhs) && node.lhs.value === 'clone') throw new LimitError('$clone keeps its meaning')
      return
    case 'variable':
      // Once, before the expression can give the name another meaning.
      if (typeof node.value === 'string' && meter.meets(node.value)) {
        const chance = chances.get(frame.base)
        if (chance) bindToMoment(node.value, frame.base, chance)
        guardFunction(node.value, frame.base, meterOf)
      }
      return
    case 'transform':
      meter.changes = true
      if (meter.meets('clone')) guardFunction('clone', frame.base, meterOf)
      frame.bind('clone', frame.base.lookup('clone'))
      return
  }
}

function checkResult(node: Node, result: unknown, meter: Meter): void {
  if (typeof result === 'string') {
    if (node.type !== 'binary' && node.type !== 'function' && node.type !== 'apply') return
    meter.checkText(result.length)
    return meter.spend(result.length / PER_STEP)
  }
  if (typeof result !== 'object' || result === null) return
  // The library writes the name of what is called into it.
  if (procedures.has(node) && !isFunction(result)) throw new LimitError('what is called is not a function')
  if (Array.isArray(result)) {
    if (result.length > LIMITS.sequence) throw new LimitError(`a list has more than ${LIMITS.sequence} items`)
    meter.spend(result.length / PER_STEP)
  }
  if (operands.has(node)) meter.spend(meter.weigh(result) / PER_STEP)
  else if (NEW_VALUES.has(node.type) || node.group) meter.weigh(result)
}

function begin(base: Frame): Meter {
  const meter = new Meter()
  meters.set(base, meter)
  const chance = chanceOf(base.lookup('$'))
  if (chance) {
    chances.set(base, chance)
    setClock(base, chance)
  }
  return meter
}

function meterOf(frame: jsonata.Environment): Meter {
  return meters.get((frame as Frame).base) ?? new Meter()
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** The library's type names text only, and its hooks are symbols. */
function asName(name: symbol): string {
  return name as unknown as string
}
