import { STORE_KEY } from '../stack.ts'
import { CliError } from '../terminal.ts'
import type { Outcome } from './ask.ts'
import { rowsOf } from './table.ts'

type Item = { id: string; status: string; method: string; path: string }

/** A request of the demo, and how to tell from the store itself that it was really done; returns that in words. */
export type Part = { message: string; verify: (store: StoreReader, outcome: Outcome) => Promise<string> }

/** Reads the sample API directly, without APIQ. */
export type StoreReader = <T = { items: Item[] }>(path: string) => Promise<T>

/** A reader of the sample API at a URL. */
export function createStoreReader(storeUrl: string): StoreReader {
  return async <T>(path: string) => {
    const response = await fetch(storeUrl + path, { headers: { 'x-store-key': STORE_KEY } })
    if (!response.ok) throw new CliError(`The sample API answered ${response.status} to ${path}.`)
    return (await response.json()) as T
  }
}

/** The demo: a read, a chain of two reads, and a write. */
export const scenario: readonly Part[] = [
  {
    message: 'Show me the late orders',
    verify: async (store, outcome) => {
      const count = sameRows(outcome, (await store('/orders?status=late')).items)
      return `${count} rows, the same that the store itself lists as late`
    },
  },
  {
    message: 'Show Ada Lovelace’s orders',
    verify: async (store, outcome) => {
      const { items } = await store(`/customers/${await adaId(store)}/orders`)
      if (outcome.plan.steps.length !== 2)
        throw new CliError(`Two steps were expected, not ${outcome.plan.steps.length}.`)
      return `${sameRows(outcome, items)} rows, the same that the store itself lists for her`
    },
  },
  {
    message: 'Cancel Ada Lovelace’s pending order',
    verify: async (store) => {
      const { items: changes } = await store('/__ledger')
      const [change] = changes
      const [, orderId] = /^\/orders\/([^/]+)\/cancel$/.exec(change?.path ?? '') ?? []
      if (changes.length !== 1 || change?.method !== 'POST' || orderId === undefined)
        throw new CliError(`One cancellation was expected, but the store received ${JSON.stringify(changes)}`)
      const order = await store<Item & { customerId: string }>(`/orders/${orderId}`)
      if (order.status !== 'cancelled' || order.customerId !== (await adaId(store)))
        throw new CliError(`An order of hers should be cancelled now, but it is ${JSON.stringify(order)}`)
      return `the store received exactly one change, POST ${change.path}, and ${orderId} is cancelled`
    },
  },
]

async function adaId(store: StoreReader): Promise<string> {
  const [ada] = (await store('/customers?search=Ada%20Lovelace')).items
  if (!ada) throw new CliError('The sample API does not know Ada Lovelace.')
  return ada.id
}

function sameRows({ output }: Outcome, wanted: readonly Item[]): number {
  const ids = (rows: readonly { id?: unknown }[]) => rows.map((row) => String(row.id)).join(' ')
  const found = rowsOf(output) ?? []
  if (found.length === 0 || ids(found) !== ids(wanted))
    throw new CliError(`The result should hold [${ids(wanted)}], but it holds [${ids(found)}].`)
  return found.length
}
