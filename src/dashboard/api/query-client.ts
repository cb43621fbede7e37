import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ProblemError } from './problem.ts'

/** The key of who is signed in; null there means nobody. */
export const ME = ['me'] as const

// Sign-in is asked for in one place: whoever finds out that the session is over says so here.
function noticeSignedOut(error: unknown) {
  if (error instanceof ProblemError && error.problem.code === 'UNAUTHENTICATED') queryClient.setQueryData(ME, null)
}

/** The cache of everything that was asked of the Worker. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && (!(error instanceof ProblemError) || isPassing(error.problem.status)),
    },
  },
})

function isPassing(status: number): boolean {
  return status === 0 || status === 502 || status === 503 || status === 504
}
