import type { Direction } from './shape.ts'

/** Takes one difference: its grade, a sentence and the place in the operation. */
export type Report = (breaking: boolean, message: string, path: string) => void

/** The place of a schema within an operation. */
export type Place = {
  direction: Direction
  root: { kind: 'parameter'; name: string } | { kind: 'body' } | { kind: 'response' }
  /** `lines[].total`; empty for the root. */
  field: string
  /** JSON pointer. */
  path: string
}

/** How a place is called in a sentence. */
export function nameOf({ root, field }: Place): string {
  if (root.kind === 'parameter')
    return field === '' ? `the parameter \`${root.name}\`` : `the field \`${field}\` of the parameter \`${root.name}\``
  return field === '' ? `the ${root.kind}` : `the ${root.kind} field \`${field}\``
}
