import { useState } from 'react'
import type { LimitSettings, LimitsView } from '../../runs/limit-schema.ts'
import { fieldError } from '../api/problem.ts'
import { useMay } from '../auth/may.tsx'
import { textOf } from '../lib/form.ts'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fact } from '../ui/fact.tsx'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useLimits, useSetLimits } from './queries.ts'
import { inWords, LIMITS } from './units.ts'

/** How far runs of the workspace may go. */
export function RunLimitSection() {
  const { admin } = useMay()
  const [isOpen, setOpen] = useState(false)
  const limits = useLimits()
  const change = admin && limits.data && <Button onClick={() => setOpen(true)}>Change the limits</Button>
  return (
    <Section title="Runs" action={change}>
      {limits.isPending && <CardsSkeleton cards={1} height="h-28" />}
      {limits.isError && <ProblemNotice error={limits.error} onRetry={() => void limits.refetch()} />}
      {limits.data && <Values view={limits.data} />}
      {isOpen && limits.data && <LimitsDialog view={limits.data} onClose={() => setOpen(false)} />}
    </Section>
  )
}

function Values({ view: { values, defaults, open } }: { view: LimitsView }) {
  return (
    <Card className="grid gap-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        {LIMITS.map((limit) => (
          <Fact key={limit.name} term={limit.label.split(',')[0] ?? limit.label}>
            {inWords(limit, values[limit.name])}
            {values[limit.name] === defaults[limit.name] && <span className="text-muted"> (usual)</span>}
          </Fact>
        ))}
      </dl>
      <p className="text-sm text-muted">{count(open, 'run')} open now.</p>
    </Card>
  )
}

function LimitsDialog({ view, onClose }: { view: LimitsView; onClose: () => void }) {
  const { values, defaults, ceilings } = view
  const set = useSetLimits()
  const submit = (form: HTMLFormElement) => {
    const given = LIMITS.flatMap(({ name, size }) => {
      const text = textOf(form, name)
      return text === '' ? [] : [[name, Math.round(Number(text) * size)] as const]
    })
    set.mutate(Object.fromEntries(given) as LimitSettings, { onSuccess: onClose })
  }
  return (
    <FormDialog
      title="How far a run may go"
      submit="Set the limits"
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-sm text-muted">For runs that begin from now on. What is left empty has its usual value.</p>
      {LIMITS.map((limit) => {
        const { name, label, hint, size, least } = limit
        return (
          <TextField
            key={name}
            label={label}
            name={name}
            type="number"
            optional
            min={least}
            step={size === 1 ? 1 : 'any'}
            max={ceilings[name] / size}
            defaultValue={values[name] === defaults[name] ? '' : String(values[name] / size)}
            placeholder={inWords(limit, defaults[name])}
            hint={`${hint} At most ${inWords(limit, ceilings[name])}.`}
            error={fieldError(set.error, `/${name}`)}
          />
        )
      })}
    </FormDialog>
  )
}
