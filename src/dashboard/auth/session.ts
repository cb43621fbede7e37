import { useMutation, useQuery } from '@tanstack/react-query'
import { api, send } from '../api/client.ts'
import { ProblemError } from '../api/problem.ts'
import { ME, queryClient } from '../api/query-client.ts'
import type { Login, Registration } from '../../auth/schema.ts'
import { clearHistory } from '../chat/history.ts'

/** Who is signed in; null when nobody is. */
export function useMe() {
  return useQuery({ queryKey: ME, queryFn: readMe, staleTime: 300_000 })
}

async function readMe() {
  try {
    return (await send(api.auth.test.$get())).data
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return null
    throw error
  }
}

/** Signs in, and forgets what belonged to whoever was there before. */
export function useSignIn() {
  return useMutation({ mutationFn: (json: Login) => send(api.auth.login.$post({ json })), onSuccess: startSession })
}

/** Creates an account; it is signed in at once. */
export function useRegister() {
  return useMutation({
    mutationFn: (json: Registration) => send(api.auth.register.$post({ json })),
    onSuccess: startSession,
  })
}

/** Ends the session. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => send(api.auth.logout.$post()),
    onSuccess: forgetSession,
  })
}

/** Nobody is signed in any more: what belonged to whoever was is forgotten. */
export function forgetSession(): void {
  forget()
  queryClient.setQueryData(ME, null)
}

/** Reads who is signed in now, and forgets what belonged to whoever was there before. */
export async function startSession() {
  forget()
  await queryClient.fetchQuery({ queryKey: ME, queryFn: readMe, staleTime: 0 })
}

function forget() {
  clearHistory()
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] })
}
