import { useRef, type ReactNode } from 'react'
import { useMe } from '../auth/session.ts'
import { Bell } from '../notices/bell.tsx'
import { SettingsLink } from '../settings/settings-link.tsx'
import { WorkspaceSwitch } from '../workspaces/workspace-switch.tsx'
import { Logo } from './logo.tsx'
import { Nav } from './nav.tsx'
import { SignOut } from './sign-out.tsx'
import { useArrival } from './use-arrival.ts'

/** What is around every page: the bar or rail with the way around, and the page itself. */
export function Shell({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null)
  const { data: me } = useMe()
  useArrival(main, me?.workspaceId)
  // In another workspace everything begins anew: nothing that was shown or typed belongs there.
  return (
    <div key={me?.workspaceId} className="min-h-dvh md:grid md:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-30 focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-20 flex items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2 md:h-dvh md:flex-col md:items-stretch md:justify-start md:gap-5 md:border-r md:border-b-0 md:px-3 md:py-5">
        <Logo />
        <WorkspaceSwitch />
        <Nav />
        <div className="flex items-center md:flex-col md:items-stretch md:gap-1">
          <Bell />
          <SettingsLink />
          <SignOut />
        </div>
      </header>
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-4xl px-4 pt-6 pb-28 outline-none sm:px-6 md:px-10 md:pt-10 md:pb-16"
      >
        {children}
      </main>
    </div>
  )
}
