import type { Endpoint } from '../catalog/service.ts'
import { stem } from '../lib/stem.ts'
import { turnable } from '../steps/paginate.ts'
import { isPaged } from './call-step.ts'
import { readPick } from './pick.ts'
import type { Clause } from './understand.ts'

/** "Cancel the latest order": whether one of all is told by where it comes, and the list tells by what. */
export function isFirstOfAll(endpoint: Endpoint, noun: string, clause: Clause): boolean {
  const isHead = clause.head === stem(noun.split(' ').at(-1) ?? '')
  if (!isHead || clause.order === null || clause.limit !== 1 || (isPaged(endpoint) && !turnable(endpoint))) return false
  return readPick(endpoint, clause, [], [], new Set()).pick?.order != null
}
