import { singular, words } from '../lib/words.ts'
import type { Effect } from './operation.ts'

const SEARCH = new Set(['search', 'query', 'find', 'lookup', 'filter', 'list', 'count', 'validate', 'preview'])
// What a name that ends like this does: "order-search" searches, where a "price-list" and a "spam-filter" are things.
const SEARCHES = new Set(['search', 'query', 'lookup', 'preview'])
// What says so as well does more than look: "find-or-create", "search-and-replace".
const MAKES = new Set(['create', 'upsert', 'insert', 'replace', 'update', 'delete', 'remove'])
const PAY = new Set([
  'pay',
  'payment',
  'charge',
  'refund',
  'payout',
  'transfer',
  'capture',
  'invoice',
  'purchase',
  'checkout',
])
const MESSAGE = new Set([
  'send',
  'message',
  'email',
  'mail',
  'sms',
  'notify',
  'notification',
  'publish',
  'broadcast',
  'call',
])
const CHANGE = new Set([
  'cancel',
  'update',
  'edit',
  'archive',
  'close',
  'approve',
  'reject',
  'enable',
  'disable',
  'move',
  'rename',
])
const READING = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'SEARCH', 'PROPFIND', 'REPORT'])
const EFFECTS: readonly Effect[] = ['read', 'create', 'update', 'delete', 'pay', 'message']
const REMOVE = new Set(['delete', 'remove', 'destroy', 'purge', 'revoke'])

/**
 * What calling an operation does, from its method and its own words. Only the last fixed path segment, or the custom
 * method behind its colon, and the operation id are read: what stands before names what the operation is about, not
 * what it does.
 */
export function effectOf(operation: { method: string; path: string; operationId: string | null }): Effect {
  const { method, path, operationId } = operation
  if (READING.has(method)) return 'read'
  if (method === 'DELETE') return 'delete'
  const written = words(lastFixedPart(path))
  const last = written.map(singular)
  const said = words(operationId ?? '')
  const [opening] = said
  const verb = opening === undefined ? undefined : singular(opening)
  const any = (set: Set<string>) => last.some((word) => set.has(word)) || (verb !== undefined && set.has(verb))
  if (method === 'POST') {
    // `POST /lists` makes one of them: only a verb reads, and that has no plural.
    const reads = SEARCH.has(written[0] ?? '') || SEARCH.has(opening ?? '') || SEARCHES.has(written.at(-1) ?? '')
    const makes = [...written, ...said].some((word) => MAKES.has(word))
    if ((reads || isBatchGet(written)) && !makes) return 'read'
    if (any(PAY)) return 'pay'
    if (any(MESSAGE)) return 'message'
    if (any(REMOVE)) return 'delete'
    if (any(CHANGE)) return 'update'
    return 'create'
  }
  return 'update'
}

/** `values:batchGet`, `values:batchGetByDataFilter`, `spreadsheets:getByDataFilter`; but not `getOrCreate`. */
function isBatchGet([first, second]: readonly string[]): boolean {
  return (first === 'batch' && second === 'get') || (first === 'get' && second === 'by')
}

/** What the document itself says, by the extension `x-apiq-effect`; null where it does not. */
export function declaredEffect(operation: { readonly [member: string]: unknown }): Effect | null {
  return EFFECTS.find((effect) => effect === operation['x-apiq-effect']) ?? null
}

/** `/orders/{id}/cancel` → cancel, `/orders/{id}:refund` → refund, `/orders:batchDelete` → batchDelete. */
function lastFixedPart(path: string): string {
  // A parameter's pattern may hold slashes and colons: {name=orders/*}.
  const segments = path.replaceAll(/\{[^}]*\}/g, '{}').split('/')
  const parts = segments.map((segment) => {
    const colon = segment.lastIndexOf(':')
    if (colon > 0) return segment.slice(colon + 1)
    return segment.startsWith('{') ? '' : segment
  })
  return parts.findLast((part) => part !== '') ?? ''
}

/** Effects that nothing takes back. */
export const IRREVERSIBLE: ReadonlySet<string> = new Set(['pay', 'delete'])
