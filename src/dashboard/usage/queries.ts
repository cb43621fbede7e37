import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'

/** Days (UTC), as YYYY-MM-DD; empty is the beginning of the month, or today. */
export type Period = { from: string; to: string }

/** What the workspace used in a period, by day and key. */
export function useUsage(period: Period) {
  return useQuery({
    queryKey: ['usage', period],
    placeholderData: keepPreviousData,
    queryFn: async () => (await send(api.usage.$get({ query: toQuery(period) }))).data,
  })
}

/** Where a period is to be had as a file. */
export function exportHref(period: Period, format: 'csv' | 'json'): string {
  return `/api/usage/export?${new URLSearchParams({ ...toQuery(period), format })}`
}

function toQuery({ from, to }: Period) {
  return { ...(from && { from }), ...(to && { to }) }
}
