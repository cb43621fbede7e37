import { useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'

/** The versions of an API's document, the newest first. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: ['apis', 'versions', id],
    queryFn: async () => (await send(api.apis[':id'].versions.$get({ param: { id } }))).data,
  })
}
