import { useEffect } from 'react'

/** Names the page in the browser's title bar and history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · APIQ`
  }, [title])
}
