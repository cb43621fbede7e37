import { useMutation, useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'

const PROFILE = ['profile'] as const
const SESSIONS = ['sessions'] as const

const refresh = (key: readonly string[]) => () => queryClient.invalidateQueries({ queryKey: key })

/** The account of whoever is signed in. */
export function useProfile() {
  return useQuery({ queryKey: PROFILE, queryFn: async () => (await send(api.auth.profile.$get())).data })
}

/** Where they are signed in. */
export function useSessions() {
  return useQuery({ queryKey: SESSIONS, queryFn: async () => (await send(api.auth.sessions.$get())).data })
}

/** Ends one session, or all others. */
export function useRevokeSession() {
  return useMutation({
    mutationFn: async (id: string | null) =>
      id === null
        ? (await send(api.auth.sessions.$delete())).data
        : (await send(api.auth.sessions[':id'].$delete({ param: { id } }))).data,
    onSuccess: refresh(SESSIONS),
  })
}

/** Changes the password. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (json: { currentPassword: string; password: string }) => send(api.auth.password.change.$post({ json })),
    onSuccess: refresh(SESSIONS),
  })
}

const byPassword = (currentPassword: string) => ({ json: currentPassword ? { currentPassword } : {} })

/** Begins to set up a second factor. */
export function useSetUpTwoFactor() {
  return useMutation({
    mutationFn: async (password: string) =>
      (await send(api.auth['two-factor']['set-up'].$post(byPassword(password)))).data,
  })
}

/** Turns the second factor on by its first code. */
export function useConfirmTwoFactor() {
  return useMutation({
    mutationFn: (code: string) => send(api.auth['two-factor'].confirm.$post({ json: { code } })),
    onSuccess: refresh(PROFILE),
  })
}

/** Turns the second factor off. */
export function useDisableTwoFactor() {
  return useMutation({
    mutationFn: (password: string) => send(api.auth['two-factor'].disable.$post(byPassword(password))),
    onSuccess: refresh(PROFILE),
  })
}
