import { words } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'

/** The slot that takes the id of what a noun names. */
export function idOf(noun: string): Slot {
  return { name: 'id', in: 'path', path: [], required: true, schema: {}, description: '', words: words('id'), noun }
}
