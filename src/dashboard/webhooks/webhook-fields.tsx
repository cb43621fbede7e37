import { fieldError } from '../api/problem.ts'
import { jsonError } from '../lib/json.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { AreaField, TextField } from '../ui/field.tsx'
import type { Draft } from './draft.ts'
import { SecretField } from './secret-field.tsx'
import { SignatureFields } from './signature-fields.tsx'

/** What there is to say of a webhook; how it is signed is only asked of a new one. */
export function WebhookFields({
  draft,
  isNew,
  error,
  onChange,
}: {
  draft: Draft
  isNew: boolean
  error: unknown
  onChange: (change: Partial<Draft>) => void
}) {
  const isMoreWrong = ['/secret', '/headers', '/requestsPerMinute'].some((path) => fieldError(error, path))
  return (
    <>
      <TextField
        label="Name"
        optional
        maxLength={200}
        value={draft.name}
        onChange={(event) => onChange({ name: event.target.value })}
        error={fieldError(error, '/name')}
      />
      {isNew && <SignatureFields draft={draft} error={error} onChange={onChange} />}
      <AreaField
        label="Input of the run"
        optional
        rows={4}
        spellCheck={false}
        className="font-mono text-xs"
        placeholder={'{ "orderId": "{{ body.order.id }}" }'}
        hint="JSON; {{ … }} in it is JSONata over body, headers and query. Left empty, the run gets all three."
        value={draft.input}
        onChange={(event) => onChange({ input: event.target.value })}
        error={jsonError(draft.input.trim()) ?? fieldError(error, '/input')}
      />
      <Disclosure key={String(isMoreWrong)} summary="More settings" open={isMoreWrong}>
        <div className="grid gap-5 pt-1">
          {isNew && (
            <SecretField
              value={draft.secret}
              standard={draft.signature === 'standard'}
              error={error}
              onChange={(secret) => onChange({ secret })}
            />
          )}
          <TextField
            label="Headers the run may see"
            optional
            spellCheck={false}
            className="font-mono text-sm"
            hint="Names, parted by commas"
            value={draft.headers}
            onChange={(event) => onChange({ headers: event.target.value })}
            error={fieldError(error, '/headers') ?? headerError(error)}
          />
          <TextField
            label="Events a minute, at most"
            type="number"
            required
            min={1}
            max={6000}
            value={draft.requestsPerMinute}
            onChange={(event) => onChange({ requestsPerMinute: event.target.value })}
            error={fieldError(error, '/requestsPerMinute')}
          />
        </div>
      </Disclosure>
    </>
  )
}

function headerError(error: unknown): string | undefined {
  return fieldError(error, ...Array.from({ length: 20 }, (_, index) => `/headers/${index}`))
}
