import { CalendarClock, Play } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Plan } from '../../planner/schema.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { toTrouble } from '../api/problem.ts'
import { InputFields } from '../inputs/input-fields.tsx'
import { entryError, initialEntries, toInput } from '../inputs/input-values.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { confirmWords, isGrave, scheduleWords } from './confirm-words.ts'
import { DefinitionEditor } from './definition-editor.tsx'
import { pretty, readDefinition } from './definition-text.ts'
import { useConfirm, useSchedulePlan } from './queries.ts'
import { SaveWorkflow } from './save-workflow.tsx'

/** What is still missing, the definition for who wants to change it, and the button that lets the plan run. */
export function ConfirmForm({ plan }: { plan: Plan }) {
  const needed = plan.definition?.inputs?.required
  const inputs = plan.missing.map((input) => ({ ...input, required: needed?.includes(input.name) ?? true }))
  const [entries, setEntries] = useState(() => initialEntries(inputs))
  const original = pretty(plan.definition)
  const [text, setText] = useState(original)
  const confirm = useConfirm()
  const schedule = useSchedulePlan()
  const { error } = confirm.isError ? confirm : schedule
  const edited = text !== original
  const definition = readDefinition(text)
  const usable = definition.ok && inputs.every((input) => entryError(input, entries[input.name] ?? '') === undefined)
  const confirmWith = (how: { mutate: typeof confirm.mutate | typeof schedule.mutate }) => {
    if (!usable) return
    confirm.reset()
    schedule.reset()
    const input = toInput(inputs, entries)
    how.mutate({ planId: plan.id, input, ...(edited ? { definition: definition.value } : {}) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirmWith(plan.schedule ? schedule : confirm)
  }
  return (
    <form onSubmit={submit} className="grid gap-5">
      {inputs.length > 0 && (
        <fieldset className="grid gap-4">
          <legend className="pb-3 font-semibold">Still needed from you</legend>
          <InputFields inputs={inputs} entries={entries} error={error} onChange={setEntries} />
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
      {(confirm.isError || schedule.isError) && <ProblemNotice error={error} />}
      <Actions
        plan={plan}
        definition={definition.ok ? definition.value : null}
        edited={edited}
        usable={usable}
        running={confirm.isPending}
        scheduling={schedule.isPending}
        error={error}
        onRunOnce={() => confirmWith(confirm)}
      />
    </form>
  )
}

function Actions({
  plan,
  definition,
  edited,
  usable,
  running,
  scheduling,
  error,
  onRunOnce,
}: {
  plan: Plan
  definition: WorkflowDefinition | null
  edited: boolean
  usable: boolean
  running: boolean
  scheduling: boolean
  error: unknown
  onRunOnce: () => void
}) {
  const { executionId } = toTrouble(error)
  const grave = isGrave(plan.steps)
  const look = grave ? 'danger' : plan.event ? 'secondary' : 'primary'
  if (executionId) return <ButtonLink href={`/runs/${executionId}`}>See what happened</ButtonLink>
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {plan.event && <SaveWorkflow definition={definition} />}
      {plan.schedule ? (
        <>
          <Button type="submit" look={look} busy={scheduling} disabled={!usable || running}>
            {!scheduling && <CalendarClock aria-hidden size={15} />}
            {scheduleWords(plan.schedule.words, edited)}
          </Button>
          <Button busy={running} disabled={!usable || scheduling} onClick={onRunOnce}>
            Run it once now
          </Button>
        </>
      ) : (
        <Button type="submit" look={look} busy={running} disabled={!usable}>
          {!running && <Play aria-hidden size={15} />}
          {edited ? 'Confirm: runs the edited definition' : confirmWords(plan.steps)}
        </Button>
      )}
      {grave && <p className="text-sm text-muted">APIQ cannot take this back.</p>}
    </div>
  )
}
