import { useEffect, useRef, type RefObject } from 'react'
import { usePathname } from 'wouter/use-browser-location'

/**
 * On a new page, or in another workspace: the focus goes to its beginning, and so does the view, unless the browser went
 * back or forward.
 */
export function useArrival(main: RefObject<HTMLElement | null>, workspaceId: string | undefined): void {
  const path = usePathname()
  const previous = useRef({ path, workspaceId })
  const restored = useRef(false)
  useEffect(() => {
    const note = () => {
      restored.current = true
    }
    window.addEventListener('popstate', note)
    return () => window.removeEventListener('popstate', note)
  }, [])
  useEffect(() => {
    const before = previous.current
    previous.current = { path, workspaceId: workspaceId ?? before.workspaceId }
    // Finding out at first where one is moves nobody.
    const isElsewhere = before.workspaceId !== undefined && before.workspaceId !== previous.current.workspaceId
    if (before.path === path && !isElsewhere) return
    main.current?.focus({ preventScroll: true })
    if (!restored.current) window.scrollTo(0, 0)
    restored.current = false
  }, [path, workspaceId, main])
}
