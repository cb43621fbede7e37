import { useMutation, useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { startSession } from './session.ts'

/** What people can sign in with besides a password, as far as it is configured. */
export function useSignInOptions() {
  return useQuery({
    queryKey: ['sign-in-options'],
    queryFn: async () => (await send(api.auth.providers.$get())).data.filter(({ configured }) => configured),
    staleTime: Infinity,
  })
}

/** Goes on with a sign-in by a code of an app, or by a recovery code. */
export function useSecondFactor() {
  return useMutation({
    mutationFn: ({ code, recovery }: { code: string; recovery: boolean }) => {
      const way = api.auth['two-factor']
      return send(recovery ? way.recover.$post({ json: { code } }) : way.verify.$post({ json: { code } }))
    },
    onSuccess: startSession,
  })
}

/** Has a link mailed to choose another password. */
export function useForgotPassword() {
  return useMutation({ mutationFn: (email: string) => send(api.auth.password.forgot.$post({ json: { email } })) })
}

/** Chooses another password by the link of a mail. */
export function useResetPassword() {
  return useMutation({
    mutationFn: (json: { proof: string; password: string }) => send(api.auth.password.reset.$post({ json })),
  })
}

/** Confirms an address by the link of a mail. */
export function useVerifyEmail() {
  return useMutation({ mutationFn: (proof: string) => send(api.auth.email.verify.$post({ json: { proof } })) })
}
