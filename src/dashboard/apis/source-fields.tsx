import { FileText } from 'lucide-react'
import { useState } from 'react'
import { fieldError, ProblemError } from '../api/problem.ts'
import { AreaField, TextField } from '../ui/field.tsx'

/** Where the OpenAPI document comes from. */
export type Source = { kind: 'url' | 'document'; text: string }

const MAX_DOCUMENT = 1_900_000

/** The document: by its address, or itself. */
export function SourceFields({
  source,
  error,
  onChange,
}: {
  source: Source
  error: unknown
  onChange: (source: Source) => void
}) {
  const wrong = specError(error)
  return (
    <fieldset className="grid gap-4">
      <legend className="sr-only">OpenAPI document</legend>
      <div className="inline-grid grid-cols-2 justify-self-start rounded-lg bg-sunken p-1 text-sm font-medium">
        <Choice
          label="From a URL"
          checked={source.kind === 'url'}
          onChoose={() => onChange({ ...source, kind: 'url' })}
        />
        <Choice
          label="Paste or upload"
          checked={source.kind === 'document'}
          onChoose={() => onChange({ ...source, kind: 'document' })}
        />
      </div>
      {source.kind === 'url' ? (
        <TextField
          label="Specification URL"
          name="specUrl"
          type="url"
          required
          placeholder="https://api.example.com/openapi.json"
          hint="An OpenAPI 3 or Swagger 2 document, JSON or YAML."
          error={fieldError(error, '/specUrl') ?? wrong}
        />
      ) : (
        <DocumentField
          text={source.text}
          error={fieldError(error, '/spec') ?? wrong}
          onChange={(text) => onChange({ kind: 'document', text })}
        />
      )}
    </fieldset>
  )
}

function Choice({ label, checked, onChoose }: { label: string; checked: boolean; onChoose: () => void }) {
  return (
    <label className="cursor-pointer rounded-md px-3 py-1.5 text-center text-muted has-checked:bg-accent-soft has-checked:text-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <input type="radio" name="source" className="sr-only" checked={checked} onChange={onChoose} />
      {label}
    </label>
  )
}

function DocumentField({
  text,
  error,
  onChange,
}: {
  text: string
  error: string | undefined
  onChange: (text: string) => void
}) {
  const [file, setFile] = useState('')
  const tooLarge = text.length > MAX_DOCUMENT ? 'Larger than 2 MB. Connect it by its URL instead.' : undefined
  const read = async (chosen: File | undefined) => {
    if (!chosen) return
    setFile(chosen.name)
    onChange(await chosen.text())
  }
  return (
    <div className="grid gap-3">
      <AreaField
        label="Specification document"
        rows={9}
        required
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        placeholder="openapi: 3.1.0"
        className="font-mono text-xs"
        error={tooLarge ?? error}
      />
      <label className="flex min-h-10 cursor-pointer items-center gap-2 justify-self-start rounded-lg border border-edge px-4 text-sm font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <FileText aria-hidden size={16} />
        {file ? `${file} — choose another` : 'Choose a file'}
        <input
          type="file"
          accept=".json,.yaml,.yml,application/json,application/yaml"
          className="sr-only"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </label>
    </div>
  )
}

/** What is wrong with the document as a whole; the places inside it are in the summary. */
function specError(error: unknown): string | undefined {
  return error instanceof ProblemError && error.problem.code.startsWith('SPEC_') ? error.problem.title : undefined
}
