import type { ConnectionTest } from '../../explorer/schema.ts'
import { duration } from '../lib/text.ts'
import { Notice } from '../ui/notice.tsx'

/** Whether the API answered and took the credential. */
export function TestResult({ result }: { result: ConnectionTest }) {
  const { tone, title } = verdictOf(result)
  return (
    <Notice tone={tone} role="status" title={title}>
      <p>{result.detail}</p>
      {result.ms !== null && <p className="text-xs tabular-nums">It took {duration(result.ms)}.</p>}
    </Notice>
  )
}

function verdictOf({ reachable, tls, authentication }: ConnectionTest): {
  tone: 'ok' | 'warn' | 'danger'
  title: string
} {
  if (tls === 'failed') return { tone: 'danger', title: 'The API’s certificate is not trusted' }
  if (!reachable) return { tone: 'danger', title: 'The API cannot be reached' }
  switch (authentication) {
    case 'accepted':
      return { tone: 'ok', title: 'It works: the API took the credential' }
    case 'not_needed':
      return { tone: 'ok', title: 'It works: the API answered, and needs no credential' }
    case 'refused':
      return { tone: 'danger', title: 'The API refused the credential' }
    case 'unknown':
      return { tone: 'warn', title: 'The API is there; whether it takes the credential is not known' }
    default:
      return authentication satisfies never
  }
}
