import { useState, type FormEvent } from 'react'
import { OperationFields } from '../connect/operation-fields.tsx'
import { BLANK, toEndpoint } from '../connect/source.ts'
import { jsonError } from '../lib/json.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useAddOperation } from './queries.ts'

/** Adds an operation that no document tells of. */
export function AddDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [operation, setOperation] = useState(BLANK)
  const add = useAddOperation(id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (jsonError(operation.example)) return
    add.mutate(toEndpoint(operation), { onSuccess: onClose })
  }
  return (
    <Dialog title="Add an operation" onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <p className="text-sm text-muted">For what the API can do and its document does not say.</p>
        <OperationFields operation={operation} error={add.error} path="" onChange={setOperation} />
        {add.isError && <ProblemNotice error={add.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={add.isPending}>
            Add the operation
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
