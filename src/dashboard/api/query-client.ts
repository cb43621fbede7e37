import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ProblemError } from './problem.ts'

/** The key of who is signed in; null there means nobody. */
export const ME = ['me'] as const

// Sign-in is asked for in one place: whoever finds out that the session is over says so here. Who may less than was known
// is asked anew, so that what they may no longer do is not shown.
function noticeStanding(error: unknown) {
  if (!(error instanceof ProblemError)) return
  if (error.problem.code === 'UNAUTHENTICATED') queryClient.setQueryData(ME, null)
  if (error.problem.code === 'FORBIDDEN') void queryClient.invalidateQueries({ queryKey: ME })
}

/** The cache of everything that was asked of the Worker. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeStanding }),
  mutationCache: new MutationCache({ onError: noticeStanding }),
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
