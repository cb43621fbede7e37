import { Plus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { OperationFields } from './operation-fields.tsx'
import { BLANK, type WrittenOperation } from './source.ts'

/** The operations of an API without a document, one block each. */
export function HandFields({
  operations,
  error,
  onChange,
}: {
  operations: readonly WrittenOperation[]
  error: unknown
  onChange: (operations: readonly WrittenOperation[]) => void
}) {
  return (
    <div className="grid gap-4">
      {operations.map((operation, index) => (
        <fieldset key={index} className="grid min-w-0 gap-4 rounded-xl border border-line p-4">
          <legend className="sr-only">Operation {index + 1}</legend>
          <OperationFields
            operation={operation}
            error={error}
            path={`/endpoints/${index}`}
            onChange={(changed) => onChange(operations.map((one, at) => (at === index ? changed : one)))}
          />
          {operations.length > 1 && (
            <div>
              <Button look="quiet" onClick={() => onChange(operations.filter((_, at) => at !== index))}>
                Remove operation {index + 1}
              </Button>
            </div>
          )}
        </fieldset>
      ))}
      <div>
        <Button onClick={() => onChange([...operations, BLANK])}>
          <Plus aria-hidden size={15} />
          Another operation
        </Button>
      </div>
    </div>
  )
}
