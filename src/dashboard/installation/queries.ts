import { useMutation } from '@tanstack/react-query'
import type { TermsChange } from '../../access/terms-schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const WORKSPACES = ['installation', 'workspaces'] as const

/** Every workspace of the installation that a text is found in, newest first. */
export function useAllWorkspaces(text: string) {
  return usePages([...WORKSPACES, text], (cursor) =>
    send(api.admin.workspaces.$get({ query: { ...(text && { q: text }), ...(cursor && { cursor }) } })),
  )
}

/** Puts a workspace on a tier, with other numbers where agreed. */
export function useSetTerms(workspaceId: string) {
  return useMutation({
    mutationFn: (json: TermsChange) =>
      send(api.admin.workspaces[':workspaceId'].terms.$put({ param: { workspaceId }, json })),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: WORKSPACES }),
        queryClient.invalidateQueries({ queryKey: ['standing'] }),
      ]),
  })
}

/** Where the use of a month (YYYY-MM) is to be had as a file, over all workspaces. */
export function billingHref(month: string, format: 'csv' | 'json'): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return `/api/admin/usage/export?${new URLSearchParams({ from: `${month}-01`, to: `${month}-${lastDay}`, format })}`
}
