import { Layers } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { toTrouble } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { goToLine } from '../ui/numbered-area.tsx'
import { inputsOf } from '../workflows/inputs-of.ts'
import { NeededInputs } from './needed-inputs.tsx'
import { OptionFields, type Options } from './option-fields.tsx'
import { useStartBatch } from './queries.ts'
import { RowErrors, rowErrorsOf, type RowError } from './row-errors.tsx'
import { SourceFields } from './source-fields.tsx'
import { bodyOf, formatOfSource, MAX_BYTES, NO_SOURCE, type Source } from './source.ts'

/** Takes the inputs of a batch, pasted or as a file, and starts it; rows that do not fit are shown where they are. */
export function NewBatchForm({ workflow }: { workflow: WorkflowDetail }) {
  const inputs = inputsOf(workflow.definition)
  const [source, setSource] = useState<Source>(NO_SOURCE)
  const [options, setOptions] = useState<Options>({ concurrency: '10', skipInvalid: false })
  // The lines as they were sent, for the errors that name them.
  const [lines, setLines] = useState<readonly string[]>([])
  const [missing, setMissing] = useState<string>()
  const area = useRef<HTMLTextAreaElement>(null)
  const start = useStartBatch(workflow.id)
  const [, navigate] = useLocation()
  const problem = start.isError ? toTrouble(start.error) : null
  const rows = rowErrorsOf(problem)
  const change = (next: Source) => {
    setSource(next)
    setMissing(undefined)
    // While a text is being mended, what was wrong with it stays.
    if (next.text === source.text) start.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = bodyOf(source)
    if (body === null) return setMissing(source.kind === 'file' ? 'Choose a file.' : 'Paste at least one row.')
    if (body.size > MAX_BYTES) return setMissing('At most 20 MB can be sent at once.')
    start.mutate(
      { format: formatOfSource(source), body, ...options, concurrency: Number(options.concurrency) },
      {
        onSuccess: (id) => navigate(`/batches/${id}`),
        onError: () => void body.text().then((text) => setLines(text.split('\n'))),
      },
    )
  }
  return (
    <form onSubmit={submit} className="grid gap-6">
      <NeededInputs inputs={inputs} />
      <SourceFields
        source={source}
        inputs={inputs}
        error={missing}
        marked={unmended(rows, lines, source.text)}
        area={area}
        onChange={change}
      />
      <OptionFields options={options} onChange={setOptions} />
      {problem && rows.length === 0 && <ProblemNotice error={start.error} />}
      {problem && rows.length > 0 && (
        <RowErrors
          problem={problem}
          rows={rows}
          lines={lines}
          onGo={source.kind === 'paste' ? (line) => area.current && goToLine(area.current, line) : null}
        />
      )}
      <div className="flex justify-end">
        <Button type="submit" look="primary" busy={start.isPending}>
          {!start.isPending && <Layers aria-hidden size={16} />}
          Start the batch
        </Button>
      </div>
    </form>
  )
}

/** The lines that are wrong and still as they were sent. */
function unmended(rows: readonly RowError[], sent: readonly string[], text: string): number[] {
  if (rows.length === 0) return []
  const now = text.split('\n')
  return rows.flatMap(({ line }) => (sent[line - 1] === now[line - 1] ? [line] : []))
}
