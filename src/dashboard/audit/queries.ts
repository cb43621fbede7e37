import { useMutation } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'

/** What entries are looked for; what is left empty does not matter. */
export type LogSearch = { action: string; resource: string; outcome: '' | 'success' | 'failure' }

/** Entries of the audit log, newest first. */
export function useLogs(search: LogSearch) {
  const query = {
    ...(search.action && { action: search.action }),
    ...(search.resource && { resource: search.resource }),
    ...(search.outcome && { outcome: search.outcome }),
  }
  return usePages(['logs', search], (cursor) =>
    send(api.logs.$get({ query: { ...query, ...(cursor === undefined ? {} : { cursor }) } })),
  )
}

/** Checks the hash chain. */
export function useVerifyLogs() {
  return useMutation({ mutationFn: async () => (await send(api.logs.verify.$get({ query: {} }))).data })
}
