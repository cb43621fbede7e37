import { fieldError } from '../api/problem.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { AreaField, SelectField, TextField } from '../ui/field.tsx'
import { jsonError } from '../lib/json.ts'
import type { WrittenOperation } from './source.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

/** One operation, written by hand: what it is called by and what it does; the rest on request. */
export function OperationFields({
  operation,
  error,
  path,
  onChange,
}: {
  operation: WrittenOperation
  error: unknown
  /** JSON pointer of the operation in what is sent. */
  path: string
  onChange: (operation: WrittenOperation) => void
}) {
  const { method, summary, query, example } = operation
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <SelectField
          label="Method"
          value={method}
          onChange={(event) =>
            onChange({ ...operation, method: METHODS.find((known) => known === event.target.value) ?? 'GET' })
          }
        >
          {METHODS.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </SelectField>
        <TextField
          label="Path"
          required
          placeholder="/orders/{orderId}"
          pattern="/.*"
          title="Begins with a slash"
          hint="Below the base URL; what changes from call to call stands in braces."
          value={operation.path}
          onChange={(event) => onChange({ ...operation, path: event.target.value })}
          error={fieldError(error, `${path}/path`)}
        />
      </div>
      <TextField
        label="What it does"
        required
        maxLength={300}
        placeholder="Get an order"
        value={summary}
        onChange={(event) => onChange({ ...operation, summary: event.target.value })}
        error={fieldError(error, `${path}/summary`)}
      />
      <Disclosure summary="Parameters and body" open={query !== '' || example !== ''}>
        <div className="grid gap-4 pt-1">
          <TextField
            label="Query parameters"
            optional
            placeholder="status, limit"
            hint="Their names, parted by commas."
            value={query}
            onChange={(event) => onChange({ ...operation, query: event.target.value })}
          />
          <AreaField
            label="Example of the body"
            optional
            rows={4}
            spellCheck={false}
            className="font-mono text-xs"
            placeholder='{ "amount": 12.5 }'
            hint="JSON. APIQ learns the fields and their types from it."
            value={example}
            onChange={(event) => onChange({ ...operation, example: event.target.value })}
            error={fieldError(error, `${path}/body`) ?? jsonError(example)}
          />
        </div>
      </Disclosure>
    </>
  )
}
