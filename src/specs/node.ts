/** An object of a parsed document. */
export type Node = Record<string, unknown>

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object, or an empty one where there is none: what is malformed says nothing. */
export const asNode = (value: unknown): Node => (isNode(value) ? value : {})
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
export const isPrimitive = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** A text of the document as it is shown in a message. */
export const quoted = (value: string): string => (value.length > 200 ? `${value.slice(0, 200)}…` : value)
