import type jsonata from 'jsonata'
import type { meteredRegExp } from './regex-cost.ts'

/** The library's frames; one, the base, is made for each evaluation. */
export type Frame = jsonata.Environment & { base: Frame; depth: number; RegexEngine: ReturnType<typeof meteredRegExp> }

/** A node of the syntax tree, as far as it matters here. */
export type Node = {
  type: string
  position?: number
  value?: unknown
  lhs?: unknown
  rhs?: Node
  condition?: Node
  procedure?: Node
  thunk?: boolean
  body?: Node
  group?: { lhs: [Node, Node][] }
  /** Of a path. */
  steps?: Node[]
  predicate?: { type?: string; expr: Node }[]
  stages?: { expr?: Node }[]
}
