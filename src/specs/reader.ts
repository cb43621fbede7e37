import type { Findings } from './finding.ts'
import type { JsonSchema } from './operation.ts'
import type { OpenApi3 } from './validate.ts'

/** What the readers of an operation's parts share. */
export type Reader = {
  document: OpenApi3
  documentUrl: string | null
  /** Of the document's first usable server. */
  baseUrl: string | null
  findings: Findings
  /** Cuts a schema out of the document; does nothing where only findings are asked for. */
  slice: (schema: unknown) => JsonSchema
}

/** Thrown by the reader of a part that an operation cannot be called without. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
  readonly fix: string

  constructor(message: string, fix: string) {
    super(message)
    this.fix = fix
  }
}
