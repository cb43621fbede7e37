import { useMutation, useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const CACHE = ['spec-cache'] as const

/** Whether this is an installation to try things on, by what it says of itself. */
export function useIsDevelopment(): boolean {
  const health = useQuery({
    queryKey: ['environment'],
    staleTime: Infinity,
    queryFn: async () => (await send(api.health.$get())).data.environment,
  })
  return health.data === 'dev'
}

/** The documents kept for the workspace. */
export function useSpecCache() {
  return usePages(CACHE, (cursor) => send(api.admin['spec-cache'].$get({ query: cursor ? { cursor } : {} })))
}

/** The accounts that APIs are signed in with, newest connection first. */
export function useAccounts() {
  return usePages(['apis', 'accounts'], (cursor) => send(api.accounts.$get({ query: cursor ? { cursor } : {} })))
}

/** Drops one document, or all. */
export function usePurge() {
  return useMutation({
    mutationFn: async (url: string | null) =>
      (await send(api.admin['spec-cache'].$delete({ query: url === null ? {} : { url } }))).data,
    // Copies may be listed for up to a minute more: what was dropped is taken out here at once.
    onSuccess: (_, url) => {
      queryClient.setQueryData<ReturnType<typeof useSpecCache>['data']>(CACHE, (before) =>
        before
          ? {
              ...before,
              pages: before.pages.map((page) => ({
                ...page,
                data: page.data.filter((document) => url !== null && document.url !== url),
              })),
            }
          : undefined,
      )
    },
  })
}
