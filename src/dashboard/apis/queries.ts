import { useMutation, useQuery } from '@tanstack/react-query'
import type { NewConnection } from '../../connections/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const APIS = ['apis'] as const

/** The connected APIs, newest first. */
export function useApis() {
  return usePages([...APIS, 'list'], (cursor) => send(api.apis.$get({ query: cursor ? { cursor } : {} })))
}

/** One connected API. */
export function useApi(id: string) {
  return useQuery({
    queryKey: [...APIS, 'one', id],
    queryFn: async () => (await send(api.apis[':id'].$get({ param: { id } }))).data,
  })
}

/** The operations of an API; with words, those that fit them best first. */
export function useOperations(id: string, words: string) {
  return usePages([...APIS, 'operations', id, words], (cursor) => {
    const query = { ...(cursor ? { cursor } : {}), ...(words ? { query: words } : {}) }
    return send(api.apis[':id'].endpoints.$get({ param: { id }, query }))
  })
}

/** Connects an API. */
export function useConnect() {
  return useMutation({
    mutationFn: async (json: NewConnection) => (await send(api.apis.$post({ json }))).data,
    onSuccess: (connection) => {
      queryClient.setQueryData([...APIS, 'one', connection.id], connection)
      forgetLists()
    },
  })
}

/** Disconnects an API. */
export function useDisconnect() {
  return useMutation({
    mutationFn: (id: string) => send(api.apis[':id'].$delete({ param: { id } })),
    onSuccess: (_, id) => {
      queryClient.removeQueries({ queryKey: [...APIS, 'one', id] })
      forgetLists()
    },
  })
}

/** The list and the examples for the chat are made from all connected APIs. */
function forgetLists() {
  queryClient.removeQueries({ queryKey: [...APIS, 'list'] })
  queryClient.removeQueries({ queryKey: [...APIS, 'examples'] })
}
