import { LimitError, type Meter } from './expression-limits.ts'
import { ANY, parseRegex, type CharSet, type RegexNode } from './regex-parse.ts'

/**
 * How long matching may take at most: at each place where it may begin, `factor` × length ^ `degree` comparisons;
 * `everywhere` says that it may begin at each.
 */
type Cost = { factor: number; degree: number; everywhere: boolean }

/** What was found so far; `scans`: a place where it may begin can take a long look before it fails. */
type Found = { factor: number; degree: number; scans: boolean }

/** What may follow a part: the rest of its list, then what follows that. Null: the end of the expression. */
type Rest = { nodes: readonly RegexNode[]; at: number; then: Rest } | null

// Comparisons; nothing can break off a match once it goes on, so no match may come to more.
const MAX_COMPARISONS = 100_000_000
const PER_STEP = 2000
const MAX_FACTOR = 1_000_000
const SHORT = 20

/**
 * The most that a regular expression may cost. JavaScript's engine tries every way to divide a text among repetitions,
 * which takes for ever where there are many. A repetition whose characters cannot be those of what follows ends in one
 * place only, and costs nothing; each other multiplies. The bound is never too low and often too high.
 * @throws LimitError for repetitions within repetitions that may be divided in more than one way, as in `(a+)+`.
 */
export function costOf(regex: RegExp): Cost {
  let cost = known.get(regex)
  if (!cost) known.set(regex, (cost = estimate(regex)))
  return cost
}

const known = new WeakMap<RegExp, Cost>()

function estimate(regex: RegExp): Cost {
  const alternatives = parseRegex(regex)
  if (alternatives === null) throw ambiguous(regex)
  const found: Found = { factor: Math.max(1, regex.source.length) * alternatives.length, degree: 0, scans: false }
  for (const nodes of alternatives) addList(nodes, null, false, found)
  if (found.factor > MAX_FACTOR) throw ambiguous(regex)
  const fixed = !regex.multiline && alternatives.every(([first]) => first?.kind === 'edge' && first.isStart)
  return { factor: found.factor, degree: Math.max(found.degree, found.scans ? 1 : 0), everywhere: !fixed }
}

/** The regular expressions of one evaluation, each match paid for. */
export function meteredRegExp(meter: Meter): new (regex: RegExp) => RegExp {
  return class extends RegExp {
    readonly #cost: Cost

    constructor(regex: RegExp) {
      super(regex)
      this.#cost = costOf(regex)
    }

    override exec(text: string): RegExpExecArray | null {
      const { factor, degree, everywhere } = this.#cost
      const from = this.lastIndex
      const each = factor * text.length ** degree
      if (each * (everywhere ? text.length : 1) > MAX_COMPARISONS) throw tooLong(this, text.length)
      const found = super.exec(text)
      const begun = everywhere ? (found ? found.index - from : text.length - from) + 1 : 1
      meter.spend(1 + (begun * each) / PER_STEP)
      return found
    }
  }
}

function addList(nodes: readonly RegexNode[], then: Rest, repeated: boolean, found: Found): void {
  nodes.forEach((node, at) => addNode(node, { nodes, at: at + 1, then }, repeated, found))
}

function addNode(node: RegexNode, rest: Rest, repeated: boolean, found: Found): void {
  switch (node.kind) {
    case 'chars':
    case 'edge':
      return
    case 'backreference':
      if (repeated) throw ambiguous()
      found.degree++
      return
    case 'look':
      if (repeated && node.body.some(holdsEndless)) throw ambiguous()
      for (const nodes of node.body) addList(nodes, null, repeated, found)
      if (node.body.some(holdsEndless)) found.degree++
      return
    case 'group':
      if (!areApart(node.body)) {
        if (repeated) throw ambiguous()
        found.factor *= node.body.length
      }
      for (const nodes of node.body) addList(nodes, rest, repeated, found)
      return
    case 'repeat':
      return addRepeat(node, rest, repeated, found)
    default:
      node satisfies never
  }
}

function addRepeat(node: RegexNode & { kind: 'repeat' }, rest: Rest, repeated: boolean, found: Found): void {
  const inner = node.node
  if (node.max > 1 && inner.kind !== 'chars') {
    // Each round has to come out in one way, whether another follows or the rest does.
    if (canBeEmpty(inner)) throw ambiguous()
    addNode(inner, { nodes: [{ kind: 'repeat', min: 0, max: 1, node: inner }], at: 0, then: rest }, true, found)
  } else addNode(inner, rest, repeated, found)
  const next = firstOf(rest)
  if (node.max > SHORT && next !== null) found.scans = true
  // It ends where it ends: nothing more is asked for, or what follows looks different.
  if (node.min === node.max || next === null || (firstChars(inner) & next) === 0n) return
  if (repeated) throw ambiguous()
  if (node.max === Infinity) found.degree++
  else found.factor *= node.max - node.min + 1
}

/** The characters that a match may go on with; null where nothing that follows can fail any more. */
function firstOf(rest: Rest): CharSet | null {
  if (rest === null) return null
  let set: CharSet = 0n
  for (const node of rest.nodes.slice(rest.at)) {
    // These may fail by themselves.
    if (node.kind === 'edge') return set | node.before
    if (node.kind === 'look' || node.kind === 'backreference') return ANY
    set |= firstChars(node)
    if (!canBeEmpty(node)) return set
  }
  const after = firstOf(rest.then)
  return after === null ? null : set | after
}

function firstChars(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'chars':
      return node.set
    case 'repeat':
      return firstChars(node.node)
    case 'group':
      return node.body.reduce((set, nodes) => set | firstOfList(nodes), 0n)
    case 'edge':
    case 'look':
    case 'backreference':
      return ANY
    default:
      return node satisfies never
  }
}

function firstOfList(nodes: readonly RegexNode[]): CharSet {
  let set: CharSet = 0n
  for (const node of nodes) {
    set |= firstChars(node)
    if (!canBeEmpty(node)) return set
  }
  return ANY
}

/** Whether the first character tells which of the alternatives it is. */
function areApart(body: readonly (readonly RegexNode[])[]): boolean {
  const sets = body.map(firstOfList)
  return sets.every((set, index) => sets.slice(index + 1).every((other) => (set & other) === 0n))
}

function canBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case 'chars':
      return false
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.node)
    case 'group':
      return node.body.some((nodes) => nodes.every(canBeEmpty))
    case 'edge':
    case 'look':
    case 'backreference':
      return true
    default:
      return node satisfies never
  }
}

function holdsEndless(nodes: readonly RegexNode[]): boolean {
  return nodes.some((node) => {
    if (node.kind === 'repeat') return node.max === Infinity || holdsEndless([node.node])
    return (node.kind === 'group' || node.kind === 'look') && node.body.some(holdsEndless)
  })
}

function ambiguous(regex?: RegExp): LimitError {
  return new LimitError(
    `${regex ? `the regular expression /${regex.source.slice(0, 100)}/` : 'a regular expression'} repeats what it can match in more than one way, which may take for ever; let each repetition end in a character that cannot be part of it`,
  )
}

function tooLong(regex: RegExp, length: number): LimitError {
  const shown = regex.source.slice(0, 100)
  return new LimitError(`a text of ${length} characters is too long for the regular expression /${shown}/`)
}
