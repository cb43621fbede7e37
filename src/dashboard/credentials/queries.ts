import { useMutation, useQuery } from '@tanstack/react-query'
import type { Provider } from '../../oauth/schema.ts'
import { api, send } from '../api/client.ts'
import { refreshApi } from '../apis/queries.ts'

export type { Provider } from '../../oauth/schema.ts'

/** The providers people can sign in at, with whether this server has a client there. */
export function useProviders() {
  return useQuery<Provider[]>({
    queryKey: ['providers'],
    staleTime: 300_000,
    queryFn: async () => (await send(api.oauth.providers.$get())).data,
  })
}

/** How an API authenticates, what its document offers, and which scopes its operations need. */
export function useAuthOverview(id: string) {
  return useQuery({
    queryKey: ['apis', 'auth', id],
    queryFn: async () => (await send(api.apis[':id'].auth.$get({ param: { id } }))).data,
  })
}

/** Sends the browser to the provider; it comes back to the API's page. */
export function useSignInAtProvider(id: string) {
  return useMutation({
    mutationFn: async () => {
      const { data } = await send(api.apis[':id'].connect.$post({ param: { id } }))
      window.location.assign(data.authorizeUrl)
      // The page is about to be left: the button stays busy until then.
      return new Promise<never>(() => {})
    },
  })
}

/** Forgets the connected account. */
export function useForgetAccount(id: string) {
  return useMutation({
    mutationFn: async () => (await send(api.apis[':id'].disconnect.$post({ param: { id } }))).data,
    onSuccess: () => refreshApi(id),
  })
}
