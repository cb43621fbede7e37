import { useSearch } from 'wouter'
import { useSignInOptions } from './account-queries.ts'
import { returnPath } from './return-to.ts'

/** The ways in besides a password; nothing where none is configured. */
export function ProviderLinks() {
  const options = useSignInOptions()
  const search = useSearch()
  if (!options.data?.length) return null
  const next = encodeURIComponent(returnPath(search))
  return (
    <ul className="grid gap-2 border-t border-line pt-4">
      {options.data.map(({ id, name }) => (
        <li key={id}>
          <a
            href={`/api/auth/${id}/start?next=${next}`}
            className="block rounded-lg border border-edge bg-surface px-4 py-2.5 text-center text-sm font-medium hover:bg-sunken"
          >
            Sign in with {name}
          </a>
        </li>
      ))}
    </ul>
  )
}
