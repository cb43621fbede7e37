import { useMutation } from '@tanstack/react-query'
import type { LogEntry, Verification } from '../../logs/schema.ts'
import { api, asAnswered, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'

/** What entries are looked for; what is left empty does not matter. Days are of the clocks of the browser. */
export type LogSearch = {
  action: string
  resource: string
  userId: string
  outcome: '' | 'success' | 'failure'
  since: string
  until: string
}

/** Entries of the audit log, newest first. */
export function useLogs(search: LogSearch) {
  return usePages<LogEntry>(['logs', search], async (cursor) => {
    const query = { ...toQuery(search), ...(cursor === undefined ? {} : { cursor }) }
    const { data, meta } = await send(api.logs.$get({ query }))
    return { data: asAnswered<LogEntry[]>(data), meta }
  })
}

/** Where what is looked for is to be had as a file. */
export function exportHref(search: LogSearch, format: 'csv' | 'ndjson'): string {
  return `/api/logs/export?${new URLSearchParams({ ...toQuery(search), format })}`
}

/** What came of walking the whole chain. */
export type Chain = Pick<Verification, 'broken' | 'unsealed' | 'head'> & { checked: number }

/** Walks the hash chain from its beginning to its end, or to the first link that does not hold. */
export function useVerifyLogs() {
  return useMutation({ mutationFn: () => walk(0, undefined) })
}

async function walk(before: number, cursor: string | undefined): Promise<Chain> {
  const { data } = await send(api.logs.verify.$get({ query: cursor === undefined ? {} : { cursor } }))
  const { broken, unsealed, head, nextCursor } = data
  const checked = before + data.checked
  return nextCursor === null ? { checked, broken, unsealed, head } : walk(checked, nextCursor)
}

function toQuery({ action, resource, userId, outcome, since, until }: LogSearch) {
  return {
    ...(action && { action }),
    ...(resource && { resource }),
    ...(userId && { userId }),
    ...(outcome && { outcome }),
    ...(since && { since: new Date(`${since}T00:00`).toISOString() }),
    ...(until && { until: endOf(until) }),
  }
}

function endOf(day: string): string {
  const next = new Date(`${day}T00:00`)
  next.setDate(next.getDate() + 1)
  return next.toISOString()
}
