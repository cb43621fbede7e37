import { useMutation, useQuery } from '@tanstack/react-query'
import type { ConnectionChange, ConnectionDetail, RefreshRequest } from '../../connections/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const APIS = ['apis'] as const

/** The connected APIs, newest first; asked for again while a document of one is being read. */
export function useApis() {
  return usePages([...APIS, 'list'], (cursor) => send(api.apis.$get({ query: cursor ? { cursor } : {} })), {
    refetchInterval: (apis) => (apis.some(({ status }) => status === 'DRAFT') ? 5000 : false),
  })
}

/** One connected API. */
export function useApi(id: string) {
  return useQuery({
    queryKey: [...APIS, 'one', id],
    queryFn: async () => (await send(api.apis[':id'].$get({ param: { id } }))).data,
  })
}

/** Reads everything about an API again. */
export function refreshApi(id: string): Promise<unknown> {
  forgetLists()
  return queryClient.invalidateQueries({ queryKey: APIS, predicate: ({ queryKey }) => queryKey.includes(id) })
}

/** Reads one API again, and nothing else about it. */
export function readAgain(id: string): Promise<unknown> {
  return queryClient.invalidateQueries({ queryKey: [...APIS, 'one', id] })
}

/** Keeps what the Worker answered about an API. */
export function keepApi(connection: ConnectionDetail): void {
  queryClient.setQueryData([...APIS, 'one', connection.id], connection)
  forgetLists()
}

/** Changes name, base URL, status or credential. */
export function useUpdateApi(id: string) {
  return useMutation({
    mutationFn: async (json: ConnectionChange) =>
      (await send(api.apis[':id'].$patch({ param: { id }, json }))).data as ConnectionDetail,
    onSuccess: async (connection) => {
      keepApi(connection)
      await queryClient.invalidateQueries({ queryKey: [...APIS, 'auth', id] })
    },
  })
}

/** Asks whether the API is there and takes the credential; `updatedAt` says of which state of the connection. */
export function useTestApi(id: string) {
  return useMutation({
    mutationFn: async (_updatedAt: string) => (await send(api.apis[':id'].test.$post({ param: { id } }))).data,
    // A call may find out that the grant is gone.
    onSettled: () => readAgain(id),
  })
}

/** Reads the document again, or another one; says what changed. */
export function useRefreshDocument(id: string) {
  return useMutation({
    mutationFn: async (json: RefreshRequest) =>
      (await send(api.apis[':id'].refresh.$post({ param: { id }, json }))).data,
    onSuccess: () => refreshApi(id),
  })
}

/** Disconnects an API for good. */
export function useDeleteApi() {
  return useMutation({
    mutationFn: (id: string) => send(api.apis[':id'].$delete({ param: { id } })),
    onSuccess: (_, id) => {
      queryClient.removeQueries({ queryKey: APIS, predicate: ({ queryKey }) => queryKey.includes(id) })
      forgetLists()
    },
  })
}

/** The lists and the examples for the chat are made from all connected APIs. */
export function forgetLists(): void {
  queryClient.removeQueries({ queryKey: [...APIS, 'list'] })
  queryClient.removeQueries({ queryKey: [...APIS, 'examples'] })
  queryClient.removeQueries({ queryKey: [...APIS, 'accounts'] })
}
