import { useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'

const EVERY_MS = 5000

/** The mails that were printed in place of being sent, newest first. */
export function useMails() {
  return useQuery({
    queryKey: ['mails'],
    staleTime: 0,
    refetchInterval: EVERY_MS,
    queryFn: async () => (await send(api.development.mails.$get())).data,
  })
}
