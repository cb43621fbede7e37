import { resolvePointer } from '../lib/json-pointer.ts'
import { asNode, isNode, quoted, type Node } from './node.ts'

/** What a reference leads to, or why it leads nowhere. */
export type Dereferenced = { node: Node; broken: null } | { node: null; broken: string }

const MAX_HOPS = 50

/** Follows references until something that is not one. What is not an object is an empty one. */
export function dereference(document: unknown, value: unknown): Dereferenced {
  let node = asNode(value)
  for (let hops = 0; typeof node['$ref'] === 'string'; hops++) {
    const ref = node['$ref']
    if (hops === MAX_HOPS) return { node: null, broken: `the reference "${quoted(ref)}" leads round in a circle` }
    const target = ref.startsWith('#') ? resolvePointer(document, ref) : undefined
    if (!isNode(target)) return { node: null, broken: `the reference "${quoted(ref)}" leads nowhere` }
    node = target
  }
  return { node, broken: null }
}

/** As `dereference`, where what leads nowhere is as good as empty. */
export function derefOrEmpty(document: unknown, value: unknown): Node {
  return dereference(document, value).node ?? {}
}
