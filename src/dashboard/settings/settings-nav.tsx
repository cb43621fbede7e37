import { Link, useLocation } from 'wouter'
import { useProfile } from '../account/queries.ts'
import { useMay } from '../auth/may.tsx'
import { useIsDevelopment } from './queries.ts'

const PLACES = [
  { href: '/settings', name: 'Account', for: 'all' },
  { href: '/settings/workspace', name: 'Workspace', for: 'all' },
  { href: '/settings/keys', name: 'API keys', for: 'all' },
  { href: '/settings/connections', name: 'Connections', for: 'all' },
  { href: '/settings/limits', name: 'Limits', for: 'all' },
  { href: '/settings/usage', name: 'Usage', for: 'all' },
  { href: '/settings/audit', name: 'Audit log', for: 'overseers' },
  { href: '/settings/users', name: 'Users', for: 'installation' },
  { href: '/settings/workspaces', name: 'Workspaces', for: 'installation' },
  { href: '/settings/mails', name: 'E-mails', for: 'development' },
] as const

/** The way around the settings: only what whoever is signed in may see. */
export function SettingsNav() {
  const [path] = useLocation()
  const { oversee } = useMay()
  const profile = useProfile()
  const isDevelopment = useIsDevelopment()
  const shown = {
    all: true,
    overseers: oversee,
    installation: (profile.data?.role ?? 'USER') !== 'USER',
    development: isDevelopment,
  }
  return (
    <nav aria-label="Settings" className="-mx-4 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0">
      <ul className="flex w-max gap-1 sm:w-auto sm:flex-wrap">
        {PLACES.filter((place) => shown[place.for]).map(({ href, name }) => {
          const here = path === href
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                ref={here ? bringIntoView : undefined}
                className={`flex min-h-10 items-center border-b-2 px-2.5 text-sm font-medium -outline-offset-2 ${here ? 'border-accent text-accent-ink' : 'border-transparent text-muted hover:text-ink'}`}
              >
                {name}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

// On a phone the row is longer than the screen.
function bringIntoView(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' })
}
