import { useMutation } from '@tanstack/react-query'
import type { ApiKey, KeyEdit, KeyQuery, KeyRenewal, NewKey } from '../../keys/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'

const KEYS = ['keys'] as const

/** The keys of the workspace, newest first. */
export function useKeys(status: KeyQuery['status']) {
  return usePages([...KEYS, status], (cursor) =>
    send(api.keys.$get({ query: { ...(status && { status }), ...(cursor && { cursor }) } })),
  )
}

/** Makes a key; its token is in the answer, this once, and is not kept longer than it is shown. */
export function useCreateKey() {
  return useMutation({
    gcTime: 0,
    mutationFn: async (json: NewKey) => (await send(api.keys.$post({ json }))).data,
    onSuccess: readAgain,
  })
}

/** Changes what a key may, and where `renewal` is given when it expires. */
export function useEditKey({ id }: ApiKey) {
  return useMutation({
    mutationFn: async ({ edit, renewal }: { edit: KeyEdit; renewal: KeyRenewal | null }) => {
      await send(api.keys[':id'].$patch({ param: { id }, json: edit }))
      if (renewal) await send(api.keys[':id'].renew.$post({ param: { id }, json: renewal }))
    },
    onSettled: readAgain,
  })
}

/** Gives a key another token, which is in the answer as that of a new one is. */
export function useRotateKey({ id }: ApiKey) {
  return useMutation({
    gcTime: 0,
    mutationFn: async (overlapSeconds: number) =>
      (await send(api.keys[':id'].rotate.$post({ param: { id }, json: { overlapSeconds } }))).data,
    onSuccess: readAgain,
  })
}

/** Ends a key for good. */
export function useRevokeKey({ id }: ApiKey) {
  return useMutation({
    mutationFn: () => send(api.keys[':id'].$delete({ param: { id } })),
    onSuccess: readAgain,
  })
}

function readAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: KEYS })
}
