import type { ReactNode } from 'react'
import { Redirect, useSearch } from 'wouter'
import { Mark } from '../layout/logo.tsx'
import { useTitle } from '../ui/use-title.ts'
import { returnPath } from './return-to.ts'
import { useMe } from './session.ts'

/** The page around the two forms that open a session. Who has one is sent on to where they were going. */
export function AuthPage(props: PageProps) {
  const me = useMe()
  const search = useSearch()
  return me.data ? <Redirect to={returnPath(search)} replace /> : <PublicPage {...props} />
}

type PageProps = { title: string; children: ReactNode; foot: ReactNode }

/** A page for anybody, signed in or not. */
export function PublicPage({ title, children, foot }: PageProps) {
  useTitle(title)
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="grid w-full max-w-sm gap-8">
        <div className="grid justify-items-center gap-4 text-center">
          <Mark size={48} />
          <div className="grid gap-1">
            <h1 className="text-2xl">{title}</h1>
            <p className="text-muted">Say what should happen. Confirm it. Watch it run.</p>
          </div>
        </div>
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-sm">{children}</div>
        <p className="text-center text-sm text-muted">{foot}</p>
      </div>
    </main>
  )
}
