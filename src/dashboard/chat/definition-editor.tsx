import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { AreaField } from '../ui/field.tsx'

/** The definition as JSON, to read or to change. */
export function DefinitionEditor({
  text,
  edited,
  error,
  onChange,
  onReset,
}: {
  text: string
  edited: boolean
  error: string | undefined
  onChange: (text: string) => void
  onReset: () => void
}) {
  return (
    <Disclosure summary={edited ? 'Definition (edited)' : 'Definition'}>
      <div className="grid justify-items-start gap-2 *:w-full">
        <AreaField
          label="Definition as JSON"
          rows={Math.min(22, text.split('\n').length + 1)}
          spellCheck={false}
          className="font-mono text-xs leading-relaxed"
          value={text}
          error={error}
          hint="It is checked against the specifications before it runs."
          onChange={(event) => onChange(event.target.value)}
        />
        {edited && (
          <div>
            <Button onClick={onReset}>Undo edits</Button>
          </div>
        )}
      </div>
    </Disclosure>
  )
}
