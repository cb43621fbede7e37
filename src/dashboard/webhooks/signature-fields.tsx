import { fieldError } from '../api/problem.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import type { Draft } from './draft.ts'

/** How the sender signs its events. */
export function SignatureFields({
  draft,
  error,
  onChange,
}: {
  draft: Draft
  error: unknown
  onChange: (change: Partial<Draft>) => void
}) {
  return (
    <>
      <SelectField
        label="Signature"
        value={draft.signature}
        hint={
          draft.signature === 'standard'
            ? 'Id, time and body are signed together.'
            : 'The body alone is signed, as many providers do.'
        }
        onChange={(event) => onChange({ signature: event.target.value === 'body' ? 'body' : 'standard' })}
      >
        <option value="standard">Standard Webhooks</option>
        <option value="body">In a header of the provider’s own</option>
      </SelectField>
      {draft.signature === 'body' && (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <HeaderField
            label="Header of the signature"
            required
            placeholder="X-Hub-Signature-256"
            value={draft.header}
            onChange={(event) => onChange({ header: event.target.value })}
            error={fieldError(error, '/signature/header')}
          />
          <SelectField
            label="Written in"
            value={draft.encoding}
            onChange={(event) => onChange({ encoding: event.target.value === 'base64' ? 'base64' : 'hex' })}
          >
            <option value="hex">Hex</option>
            <option value="base64">Base64</option>
          </SelectField>
          <HeaderField
            label="Prefix of the signature"
            optional
            maxLength={50}
            placeholder="sha256="
            value={draft.prefix}
            onChange={(event) => onChange({ prefix: event.target.value })}
            error={fieldError(error, '/signature/prefix')}
          />
          <HeaderField
            label="Header with the event’s id"
            optional
            placeholder="X-Event-Id"
            hint="Without it, the same body counts as the same event."
            value={draft.idHeader}
            onChange={(event) => onChange({ idHeader: event.target.value })}
            error={fieldError(error, '/signature/idHeader')}
          />
        </div>
      )}
    </>
  )
}

function HeaderField(props: React.ComponentProps<typeof TextField>) {
  return <TextField maxLength={100} autoComplete="off" spellCheck={false} className="font-mono text-sm" {...props} />
}
