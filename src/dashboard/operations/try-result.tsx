import type { TryResult } from '../../explorer/schema.ts'
import { duration } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { HeaderList } from '../ui/header-list.tsx'
import { JsonBlock } from '../ui/json-block.tsx'

/** The request as it was sent, its secrets masked, and what came back. */
export function TryResultView({ result }: { result: TryResult }) {
  const { request, response, ms } = result
  return (
    <div className="grid gap-3">
      <p role="status" className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={response.status < 400 ? 'ok' : 'danger'}>{response.status}</Badge>
        <span className="text-muted tabular-nums">{duration(ms)}</span>
      </p>
      <JsonBlock value={response.body} label="Response body" />
      <HeaderList headers={response.headers} title="Response headers" />
      <Disclosure summary="Request that was sent">
        <div className="grid gap-2">
          <JsonBlock value={`${request.method} ${request.url}`} label="Request line" />
          {request.body !== null && <JsonBlock value={request.body} label="Request body" />}
          <HeaderList headers={request.headers} title="Request headers" />
        </div>
      </Disclosure>
    </div>
  )
}
