import { Play } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Plan } from '../../planner/schema.ts'
import { toTrouble } from '../api/problem.ts'
import { InputFields } from '../inputs/input-fields.tsx'
import { entryError, initialEntries, toInput } from '../inputs/input-values.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { confirmWords, isGrave } from './confirm-words.ts'
import { DefinitionEditor } from './definition-editor.tsx'
import { pretty, readDefinition } from './definition-text.ts'
import { useConfirm } from './queries.ts'

/** What is still missing, the definition for who wants to change it, and the button that lets the plan run. */
export function ConfirmForm({ plan }: { plan: Plan }) {
  const needed = plan.definition?.inputs?.required
  const inputs = plan.missing.map((input) => ({ ...input, required: needed?.includes(input.name) ?? true }))
  const [entries, setEntries] = useState(() => initialEntries(inputs))
  const original = pretty(plan.definition)
  const [text, setText] = useState(original)
  const confirm = useConfirm()
  const edited = text !== original
  const definition = readDefinition(text)
  const usable = definition.ok && inputs.every((input) => entryError(input, entries[input.name] ?? '') === undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!usable) return
    const input = toInput(inputs, entries)
    confirm.mutate({ planId: plan.id, input, ...(edited ? { definition: definition.value } : {}) })
  }
  return (
    <form onSubmit={submit} className="grid gap-5">
      {inputs.length > 0 && (
        <fieldset className="grid gap-4">
          <legend className="pb-3 font-semibold">Still needed from you</legend>
          <InputFields inputs={inputs} entries={entries} error={confirm.error} onChange={setEntries} />
        </fieldset>
      )}
      {plan.definition && (
        <DefinitionEditor
          text={text}
          edited={edited}
          error={definition.ok ? undefined : definition.message}
          onChange={setText}
          onReset={() => setText(original)}
        />
      )}
      {confirm.isError && <ProblemNotice error={confirm.error} />}
      <Actions plan={plan} edited={edited} busy={confirm.isPending} usable={usable} error={confirm.error} />
    </form>
  )
}

function Actions({
  plan,
  edited,
  busy,
  usable,
  error,
}: {
  plan: Plan
  edited: boolean
  busy: boolean
  usable: boolean
  error: unknown
}) {
  const { executionId } = toTrouble(error)
  const grave = isGrave(plan.steps)
  if (executionId) return <ButtonLink href={`/runs/${executionId}`}>See what happened</ButtonLink>
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button type="submit" look={grave ? 'danger' : 'primary'} busy={busy} disabled={!usable}>
        {!busy && <Play aria-hidden size={15} />}
        {edited ? 'Confirm: runs the edited definition' : confirmWords(plan.steps)}
      </Button>
      {grave && <p className="text-sm text-muted">APIQ cannot take this back.</p>}
    </div>
  )
}
