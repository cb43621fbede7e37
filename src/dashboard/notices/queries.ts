import { useMutation } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const NOTICES = ['notices'] as const
const EVERY_MS = 60_000

/** What people should know, newest first; asked for again every minute while the page is looked at. */
export function useNotices() {
  return usePages(NOTICES, (cursor) => send(api.notices.$get({ query: cursor ? { cursor } : {} })), {
    refetchInterval: () => EVERY_MS,
  })
}

/** Marks notices as read. */
export function useReadNotices() {
  return useMutation({
    mutationFn: (ids: readonly string[]) =>
      Promise.all(ids.map((id) => send(api.notices[':id'].read.$post({ param: { id } })))),
    onSettled: () => queryClient.invalidateQueries({ queryKey: NOTICES }),
  })
}
