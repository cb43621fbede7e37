import { useEffect, useRef, type RefObject } from 'react'
import { usePathname } from 'wouter/use-browser-location'

/** On a new page: the focus goes to its beginning, and so does the view, unless the browser went back or forward. */
export function useArrival(main: RefObject<HTMLElement | null>): void {
  const path = usePathname()
  const previous = useRef(path)
  const restored = useRef(false)
  useEffect(() => {
    const note = () => {
      restored.current = true
    }
    window.addEventListener('popstate', note)
    return () => window.removeEventListener('popstate', note)
  }, [])
  useEffect(() => {
    if (previous.current === path) return
    previous.current = path
    main.current?.focus({ preventScroll: true })
    if (!restored.current) window.scrollTo(0, 0)
    restored.current = false
  }, [path, main])
}
