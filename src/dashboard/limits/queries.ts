import { useMutation, useQuery } from '@tanstack/react-query'
import type { LimitSettings } from '../../runs/limit-schema.ts'
import { api, send } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'

const LIMITS = ['limits'] as const
const EVERY_MS = 15_000

/** How far runs of the workspace may go, and how many are open. */
export function useLimits() {
  return useQuery({ queryKey: LIMITS, queryFn: async () => (await send(api.limits.$get())).data })
}

/** Sets how far runs accepted from now on may go; what is left out has its default. */
export function useSetLimits() {
  return useMutation({
    mutationFn: async (json: LimitSettings) => (await send(api.limits.$put({ json }))).data,
    onSuccess: (view) => queryClient.setQueryData(LIMITS, view),
  })
}

/** Where whoever is signed in and the workspace stand with how often they may ask; asked for again and again. */
export function useStanding() {
  return useQuery({
    queryKey: ['standing'],
    staleTime: 0,
    refetchInterval: EVERY_MS,
    queryFn: async () => (await send(api.auth.test.$get())).data,
  })
}
