import { Play } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import { InputFields } from '../inputs/input-fields.tsx'
import { entryError, initialEntries } from '../inputs/input-values.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useTryOperation } from './queries.ts'
import { fieldsOf, pathOf, toTryRequest } from './try-input.ts'
import { TryResultView } from './try-result.tsx'

const DOES = {
  read: null,
  create: 'creates something',
  update: 'changes something',
  delete: 'deletes something',
  pay: 'moves money',
  message: 'sends a message',
} as const

/** Calls an operation once: a form from its parameters and body, then the request and the response. */
export function TryForm({ operation }: { operation: EndpointView }) {
  const fields = fieldsOf(operation)
  const inputs = [...fields.parameters, ...fields.body]
  const [entries, setEntries] = useState(() => initialEntries(inputs))
  const attempt = useTryOperation(operation)
  const does = DOES[operation.effect]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (inputs.some((input) => entryError(input, entries[input.name] ?? ''))) return
    attempt.mutate(toTryRequest(fields, entries))
  }
  return (
    <div className="grid gap-4">
      <form onSubmit={submit} className="grid gap-4">
        {inputs.length === 0 && <p className="text-muted">It takes no parameters.</p>}
        {inputs.length > 0 && (
          <InputFields inputs={inputs} entries={entries} error={attempt.error} pathOf={pathOf} onChange={setEntries} />
        )}
        {does && (
          <Notice tone="warn" title={`This call is real: it ${does}`}>
            <p>APIQ cannot take it back.</p>
          </Notice>
        )}
        <div>
          <Button type="submit" look={does ? 'danger' : 'primary'} busy={attempt.isPending}>
            {!attempt.isPending && <Play aria-hidden size={15} />}
            Send the request
          </Button>
        </div>
      </form>
      {attempt.isError && <ProblemNotice error={attempt.error} />}
      {attempt.data && <TryResultView result={attempt.data} />}
    </div>
  )
}
