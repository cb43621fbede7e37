import type { ReactNode } from 'react'
import { fieldError, ProblemError } from '../api/problem.ts'
import { AreaField, TextField } from '../ui/field.tsx'
import { FileField } from '../ui/file-field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { HandFields } from './hand-fields.tsx'
import type { Source } from './source.ts'

const WAYS = [
  ['url', 'From a URL'],
  ['file', 'From a file'],
  ['paste', 'Paste it'],
  ['hand', 'Write by hand'],
] as const

type Editing = { source: Source; error: unknown; onChange: (source: Source) => void }

/** Where the operations come from: four ways, one of them open; `children` stand before what that asks for. */
export function SourceFields({ source, error, onChange, children }: Editing & { children: ReactNode }) {
  return (
    <div className="grid gap-5">
      <Segmented
        legend="Where the operations come from"
        value={source.kind}
        choices={WAYS}
        onChange={(kind) => onChange({ ...source, kind })}
      />
      {children}
      <Way source={source} error={error} onChange={onChange} />
    </div>
  )
}

function Way({ source, error, onChange }: Editing) {
  const wrong = specError(error)
  switch (source.kind) {
    case 'url':
      return (
        <TextField
          label="Specification URL"
          type="url"
          required
          placeholder="https://api.example.com/openapi.json"
          hint="An OpenAPI 3 or Swagger 2 document, JSON or YAML. Look for it in the API’s documentation."
          value={source.url}
          onChange={(event) => onChange({ ...source, url: event.target.value })}
          error={fieldError(error, '/specUrl') ?? wrong}
        />
      )
    case 'file':
      return (
        <FileField
          label="Choose a file, or drop it here"
          hint="OpenAPI or Swagger (JSON or YAML), a Postman collection, or a HAR; up to 25 MB"
          accept=".json,.yaml,.yml,.har,.txt,application/json,application/yaml"
          file={source.file}
          error={fieldError(error, '/spec') ?? wrong}
          onChange={(file) => onChange({ ...source, file })}
        />
      )
    case 'paste':
      return (
        <AreaField
          label="Specification document"
          rows={9}
          required
          spellCheck={false}
          value={source.text}
          onChange={(event) => onChange({ ...source, text: event.target.value })}
          placeholder="openapi: 3.1.0"
          hint="An OpenAPI or Swagger document, a Postman collection, a HAR, or a curl command."
          className="font-mono text-xs"
          error={fieldError(error, '/spec') ?? wrong}
        />
      )
    case 'hand':
      return (
        <HandFields
          operations={source.operations}
          error={error}
          onChange={(operations) => onChange({ ...source, operations })}
        />
      )
    default:
      return source.kind satisfies never
  }
}

/** What is wrong with the document as a whole; the places inside it are in the summary. */
function specError(error: unknown): string | undefined {
  return error instanceof ProblemError && error.problem.code.startsWith('SPEC_') ? error.problem.title : undefined
}
