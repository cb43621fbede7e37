import type { Frame, Node } from './expression-node.ts'

const keys = new WeakSet<Node>()
const values = new WeakSet<Node>()
/** The last step of a path whose items are grouped → the first key they are grouped by. */
const grouped = new WeakMap<Node, Node>()
const empty = new WeakMap<Frame, Map<Node, unknown[]>>()
const lines = new WeakMap<Frame, Map<Node, Line>>()

const ALWAYS = { type: 'filter', expr: { type: 'value', value: true } }

/** Takes note of a node whose items are grouped, before it is evaluated. */
export function noteGroup(node: Node): void {
  const [first] = node.group?.lhs ?? []
  if (!node.group || !first || keys.has(first[0])) return
  for (const [key, value] of node.group.lhs) {
    keys.add(key)
    values.add(value)
  }
  const last = node.steps?.at(-1)
  if (last) grouped.set(last, first[0])
  // A predicate makes a list of its own of what is grouped.
  else node.predicate = [...(node.predicate ?? []), ALWAYS]
}

/** Whether a node is a key that items are grouped by. */
export function isGroupKey(node: Node): boolean {
  return keys.has(node)
}

/**
 * Before a node is evaluated. What is grouped where there is nothing, the library puts into the empty list itself, which
 * others read as well: it is taken out again. A promise where the value of a group has to wait for its turn.
 */
export function enterGroup(node: Node, input: unknown, frame: Frame): Promise<void> | undefined {
  if (input === undefined && keys.has(node)) {
    const list = empty.get(frame)?.get(node)
    if (list) list.length = 0
  }
  return values.has(node) ? lineOf(node, frame).enter(frame.base) : undefined
}

/** After a node was evaluated. */
export function leaveGroup(node: Node, result: unknown, frame: Frame): void {
  if (values.has(node)) lineOf(node, frame).leave()
  const key = grouped.get(node)
  if (key && Array.isArray(result) && result.length === 0) {
    const ofFrame = empty.get(frame) ?? new Map<Node, unknown[]>()
    empty.set(frame, ofFrame.set(key, result))
  }
}

/**
 * Where the values of the groups of one list wait for their turn. The library begins them all at once, and counts what has
 * begun as nested: of two hundred groups the last would lie too deep.
 */
class Line {
  readonly #waiting: (() => void)[] = []
  #isTaken = false

  enter(base: Frame): Promise<void> | undefined {
    if (!this.#isTaken) {
      this.#isTaken = true
      return undefined
    }
    base.depth--
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        base.depth++
        resolve()
      })
    })
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isTaken = false
  }
}

function lineOf(node: Node, frame: Frame): Line {
  // Whoever calls itself has a frame of its own each time, and so its own line.
  const ofFrame = lines.get(frame) ?? new Map<Node, Line>()
  lines.set(frame, ofFrame)
  const line = ofFrame.get(node) ?? new Line()
  ofFrame.set(node, line)
  return line
}
