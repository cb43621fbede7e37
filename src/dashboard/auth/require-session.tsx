import type { ReactNode } from 'react'
import { Redirect, useLocation, useSearch } from 'wouter'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { signInPath } from './return-to.ts'
import { useMe } from './session.ts'

/** Lets signed-in people through; everybody else goes to the sign-in page, and back here from there. */
export function RequireSession({ children }: { children: ReactNode }) {
  const me = useMe()
  const [path] = useLocation()
  const search = useSearch()
  if (me.isPending) return <PageSkeleton />
  if (me.data === null) return <Redirect to={signInPath(path, search)} replace />
  if (me.data === undefined) return <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
  return children
}
