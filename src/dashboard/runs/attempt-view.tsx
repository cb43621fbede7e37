import type { UpstreamResponse } from '../../connections/egress.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { HeaderList } from '../ui/header-list.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { LargeValue } from './large-value.tsx'
import type { Attempt } from './run-state.ts'
import { isValueRef } from './value-ref.ts'

/** One try of a step: what was sent, and what came back. */
export function AttemptView({ attempt, numbered, isCall }: { attempt: Attempt; numbered: boolean; isCall: boolean }) {
  const { request, output, error, finishedAt } = attempt
  const response = isCall && isResponse(output) ? output : null
  return (
    <div className="grid gap-0.5">
      {numbered && <h4 className="pt-1 text-sm font-semibold">Attempt {attempt.attempt}</h4>}
      {error && <p className="text-sm text-delete first-letter:uppercase">{error.message}</p>}
      {request && <Request request={request} />}
      {response && (
        <Disclosure summary={<Status code={response.status} />}>
          <WholeBlock value={response.body} label="Response body" />
          <HeaderList headers={response.headers} />
        </Disclosure>
      )}
      {error?.status !== undefined && (
        <Disclosure summary={<Status code={error.status} />}>
          <WholeBlock value={error.body ?? null} label="Response body" />
          {error.headers && <HeaderList headers={error.headers} />}
        </Disclosure>
      )}
      {/* A large response is not here in its parts: all of it is loaded, or nothing. */}
      {(!isCall || isValueRef(output)) && finishedAt !== null && !error && (
        <Disclosure summary={isCall ? 'Response' : 'Value'}>
          <WholeBlock value={output} label={isCall ? 'Response' : 'Value'} />
        </Disclosure>
      )}
    </div>
  )
}

/** A value as JSON, or where it is large the link to all of it. */
function WholeBlock({ value, label }: { value: unknown; label: string }) {
  if (!isValueRef(value)) return <JsonBlock value={value} label={label} />
  return <LargeValue value={value}>{(whole) => <JsonBlock value={whole} label={label} />}</LargeValue>
}

function Request({ request }: { request: NonNullable<Attempt['request']> }) {
  const url = URL.parse(request.url)
  return (
    <Disclosure
      summary={
        <span className="min-w-0">
          Request{' '}
          <code className="font-mono text-xs">
            {request.method} {url ? `${url.pathname}${url.search}` : request.url}
          </code>
        </span>
      }
    >
      <div className="grid gap-2">
        <JsonBlock value={`${request.method} ${request.url}`} label="Request line" />
        {request.body !== null && <JsonBlock value={request.body} label="Request body" />}
        <HeaderList headers={request.headers} />
      </div>
    </Disclosure>
  )
}

function Status({ code }: { code: number }) {
  return (
    <span>
      Response{' '}
      <code className={`font-mono text-xs font-semibold ${code < 400 ? 'text-create' : 'text-delete'}`}>{code}</code>
    </span>
  )
}

function isResponse(output: unknown): output is UpstreamResponse {
  return typeof output === 'object' && output !== null && 'status' in output && 'body' in output && 'headers' in output
}
