import type { ReactNode } from 'react'
import { Notice } from '../ui/notice.tsx'

/** The way back from a provider led to a failure; its code leads to cause and cure. */
export function ConsentFailed({ code, children }: { code: string; children: ReactNode }) {
  const known = /^[A-Z_]{3,60}$/.test(code)
  return (
    <Notice tone="danger" role="alert" title="The account was not connected">
      <p>{children}</p>
      {known && (
        <p className="text-xs">
          Code{' '}
          <a href={`/api/errors/${code}`} className="font-mono underline underline-offset-2">
            {code}
          </a>
        </p>
      )}
    </Notice>
  )
}
