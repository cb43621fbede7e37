import { useMutation, useQuery } from '@tanstack/react-query'
import type { EmailChange } from '../../people/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { forgetSession } from '../auth/session.ts'

const PROFILE = ['profile'] as const
const SESSIONS = ['sessions'] as const

const refresh = (key: readonly string[]) => () => queryClient.invalidateQueries({ queryKey: key })

/** The account of whoever is signed in. */
export function useProfile() {
  return useQuery({ queryKey: PROFILE, queryFn: async () => (await send(api.auth.profile.$get())).data })
}

/** Changes the name. */
export function useChangeName() {
  return useMutation({
    mutationFn: (name: string) => send(api.auth.profile.$patch({ json: { name } })),
    onSuccess: () => Promise.all([refresh(PROFILE)(), refresh(['members'])()]),
  })
}

/** Begins to change the address: the new one gets a link. */
export function useChangeEmail() {
  return useMutation({ mutationFn: (json: EmailChange) => send(api.auth.email.change.$post({ json })) })
}

/** Has the link mailed again that confirms the address. */
export function useResendVerification() {
  return useMutation({ mutationFn: (email: string) => send(api.auth.email.resend.$post({ json: { email } })) })
}

/** Ends the account; nobody is signed in after it. */
export function useDeleteAccount() {
  return useMutation({
    mutationFn: (password: string) => send(api.auth.account.delete.$post(byPassword(password))),
    onSuccess: forgetSession,
  })
}

/** Where they are signed in. */
export function useSessions() {
  return usePages(SESSIONS, (cursor) => send(api.auth.sessions.$get({ query: { ...(cursor && { cursor }) } })))
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

/** Begins to set up a second factor; what the app needs is not kept longer than it is shown. */
export function useSetUpTwoFactor() {
  return useMutation({
    gcTime: 0,
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

/** Makes new recovery codes, which are not kept longer than they are shown. */
export function useRenewRecoveryCodes() {
  return useMutation({
    gcTime: 0,
    mutationFn: async (password: string) =>
      (await send(api.auth['two-factor']['recovery-codes'].$post(byPassword(password)))).data,
  })
}
