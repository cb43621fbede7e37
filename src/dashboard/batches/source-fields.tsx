import type { RefObject } from 'react'
import type { InputSpec } from '../inputs/input-values.ts'
import { FileField } from '../ui/file-field.tsx'
import { NumberedArea } from '../ui/numbered-area.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { FORMATS } from './format.ts'
import { exampleOf, formatOfSource, type Source } from './source.ts'

const WAYS = [
  ['paste', 'Paste it'],
  ['file', 'From a file'],
] as const

/** The inputs of a batch: pasted or a file, and what they are written in. */
export function SourceFields({
  source,
  inputs,
  error,
  marked,
  area,
  onChange,
}: {
  source: Source
  inputs: readonly InputSpec[]
  error: string | undefined
  marked: readonly number[]
  area: RefObject<HTMLTextAreaElement | null>
  onChange: (source: Source) => void
}) {
  const format = formatOfSource(source)
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap justify-between gap-3">
        <Segmented
          legend="Where the inputs come from"
          value={source.kind}
          choices={WAYS}
          onChange={(kind) => onChange({ ...source, kind, format: null })}
        />
        <Segmented
          legend="What they are written in"
          value={format}
          choices={FORMATS}
          onChange={(chosen) => onChange({ ...source, format: chosen })}
        />
      </div>
      {source.kind === 'paste' ? (
        <NumberedArea
          label="Inputs"
          hint={hints[format]}
          error={error}
          value={source.text}
          marked={marked}
          placeholder={exampleOf(inputs, format)}
          area={area}
          onChange={(text) => onChange({ ...source, text })}
        />
      ) : (
        <FileField
          label="Choose a file, or drop it here"
          hint="CSV, JSON or NDJSON; up to 20 MB"
          accept=".csv,.json,.ndjson,.jsonl,text/csv,application/json,application/x-ndjson"
          file={source.file}
          error={error}
          onChange={(file) => onChange({ ...source, file, format: null })}
        />
      )}
    </div>
  )
}

const hints = {
  csv: 'The first line names the inputs; an empty cell is left out.',
  json: 'One array of objects.',
  ndjson: 'One object a line.',
} as const
