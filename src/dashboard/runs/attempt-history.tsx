import { History } from 'lucide-react'
import { useState } from 'react'
import type { ExecutionAttempt } from '../../runs/schema.ts'
import { bytes, duration } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { HeaderList } from '../ui/header-list.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { useAttempts } from './queries.ts'

const OUTCOMES = {
  running: { word: 'Running', tone: 'info' },
  succeeded: { word: 'Succeeded', tone: 'ok' },
  failed: { word: 'Failed', tone: 'danger' },
  interrupted: { word: 'Cut short', tone: 'warn' },
} as const

/** Every attempt of a step of the run `id`, those before somebody took the run up again included. */
export function AttemptHistory({ id, step, name }: { id: string; step: string; name: string }) {
  const [open, setOpen] = useState(false)
  return (
    <div>
      <Button look="quiet" className="-ml-4" onClick={() => setOpen(true)}>
        <History aria-hidden size={15} />
        Attempts
      </Button>
      {open && (
        <Dialog title={`Attempts of ${name}`} onClose={() => setOpen(false)}>
          <Attempts id={id} step={step} />
          <div className="flex justify-end">
            <Button onClick={() => setOpen(false)}>Close</Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

function Attempts({ id, step }: { id: string; step: string }) {
  const query = useAttempts(id, step)
  if (query.isPending) return <Bar className="h-24 w-full" />
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
  return (
    <ol className="grid gap-4">
      {query.data.map((attempt) => (
        <AttemptItem key={attempt.number} attempt={attempt} />
      ))}
    </ol>
  )
}

function AttemptItem({ attempt }: { attempt: ExecutionAttempt }) {
  const { number, outcome, startedAt, durationMs, request, response, output, error, retryAt, upstreamRequestId } =
    attempt
  const { word, tone } = OUTCOMES[outcome]
  return (
    <li className="grid gap-1.5 border-t border-line pt-3 first:border-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <h3 className="text-sm font-semibold">Attempt {number}</h3>
        <Badge tone={tone}>{response ? `${word} · ${response.status}` : word}</Badge>
        {durationMs !== null && <span className="text-muted tabular-nums">{duration(durationMs)}</span>}
        {startedAt && (
          <time className="text-muted" dateTime={startedAt}>
            {new Date(startedAt).toLocaleString()}
          </time>
        )}
      </div>
      {error && <p className="text-sm text-delete first-letter:uppercase">{error.message}</p>}
      {retryAt && <p className="text-sm text-muted">Tried again at {new Date(retryAt).toLocaleTimeString()}</p>}
      {upstreamRequestId && (
        <p className="text-sm text-muted">
          The API’s id for it: <code className="font-mono text-xs break-all text-ink">{upstreamRequestId}</code>
        </p>
      )}
      {request && (
        <Disclosure summary={<code className="font-mono text-xs break-all">{`${request.method} ${request.url}`}</code>}>
          <Body body={request.body} label="Request body" />
          <HeaderList headers={request.headers} title="Request headers" />
        </Disclosure>
      )}
      {response && (
        <Disclosure summary="Response">
          <Body body={response.body} label="Response body" />
          <HeaderList headers={response.headers} title="Response headers" />
        </Disclosure>
      )}
      {output && (
        <Disclosure summary="Value">
          <Body body={output} label="Value" />
        </Disclosure>
      )}
    </li>
  )
}

function Body({ body, label }: { body: ExecutionAttempt['output']; label: string }) {
  if (!body) return null
  return (
    <>
      <JsonBlock value={body.value} label={label} />
      {body.full && (
        <p className="pt-1 text-xs text-muted">
          The beginning of {bytes(body.bytes)}.{' '}
          <a href={body.full} target="_blank" rel="noreferrer" className="font-medium text-accent-ink underline">
            All of it, as JSON
          </a>
        </p>
      )}
    </>
  )
}
