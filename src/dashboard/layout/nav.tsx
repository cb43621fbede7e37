import { Blocks, ListChecks, MessageSquareText, Workflow } from 'lucide-react'
import { Link, useLocation } from 'wouter'

const PLACES = [
  { href: '/', name: 'Chat', icon: MessageSquareText },
  { href: '/apis', name: 'APIs', icon: Blocks },
  { href: '/runs', name: 'Runs', icon: ListChecks },
  { href: '/workflows', name: 'Workflows', icon: Workflow },
] as const

// Pages that are reached from a place, and belong to it, under another path.
const BELONGS: Readonly<Record<string, string>> = { '/operations': '/apis', '/batches': '/runs' }

function isAt(path: string, href: string): boolean {
  const top = `/${path.split('/')[1] ?? ''}`
  return (BELONGS[top] ?? top) === href
}

/** The four places: a bar at the bottom on phones, a rail at the side elsewhere. */
export function Nav() {
  const [path] = useLocation()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:static md:flex-1 md:border-0 md:pb-0"
    >
      <ul className="grid grid-cols-4 md:grid-cols-1 md:gap-1">
        {PLACES.map(({ href, name, icon: Icon }) => {
          const here = isAt(path, href)
          const look = here ? 'text-accent-ink md:bg-accent-soft' : 'text-muted hover:text-ink md:hover:bg-sunken'
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={`flex flex-col items-center gap-1 px-2 py-2 text-xs font-medium md:flex-row md:gap-3 md:rounded-lg md:px-3 md:py-2.5 md:text-sm ${look}`}
              >
                <Icon aria-hidden size={20} strokeWidth={here ? 2.3 : 1.8} />
                {name}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
