import { LogOut } from 'lucide-react'
import { useSignOut } from '../auth/session.ts'

/** Ends the session. */
export function SignOut() {
  const signOut = useSignOut()
  return (
    <button
      type="button"
      aria-label="Sign out"
      disabled={signOut.isPending}
      onClick={() => signOut.mutate()}
      className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink"
    >
      <LogOut aria-hidden size={18} />
      <span className="hidden md:inline">Sign out</span>
    </button>
  )
}
