import type { Endpoint } from '../../catalog/service.ts'
import type { Attempt } from '../plan/attempt.ts'

/** What else is asked of an attempt. */
export type Demands = {
  /** The thing that the clause is about, where calls that are done find that. */
  of?: Thing | null
  /** Whether an attempt will do. */
  accepts?: (attempt: Attempt) => boolean
  /** Whether an operation answers with what is looked for, though it is called by whose that is. */
  holds?: (endpoint: Endpoint) => boolean
  /** How many calls are tried to find what one operation needs. */
  tries?: number
}

/**
 * A thing that earlier calls find: the positions of the first of them and behind the last, of what kind it is, as the message
 * says, and whether it is several.
 */
export type Thing = { from: number; to: number; kind: string; many: boolean; role: string | null }
