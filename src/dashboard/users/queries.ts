import { useMutation } from '@tanstack/react-query'
import type { UserChange } from '../../admin/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const USERS = ['users'] as const

/** Everybody with an account in the installation whose name or address has the text in it, newest first. */
export function useUsers(text: string) {
  return usePages([...USERS, text], (cursor) =>
    send(api.admin.users.$get({ query: { ...(text && { q: text }), ...(cursor && { cursor }) } })),
  )
}

/** Gives somebody another role or limit, or shuts or opens their account. */
export function useChangeUser(id: string) {
  return useMutation({
    mutationFn: (json: UserChange) => send(api.admin.users[':id'].$patch({ param: { id }, json })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: USERS }),
  })
}
