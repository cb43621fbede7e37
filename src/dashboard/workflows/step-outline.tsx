import { PURPOSES } from '../runs/step-words.ts'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { Said } from '../ui/said.tsx'
import { placeFindings, type Finding, type PlacedStep } from './place-findings.ts'

const VERDICTS = {
  wrong: { word: 'Wrong', tone: 'danger' },
  unproven: { word: 'Not proved', tone: 'warn' },
  proved: { word: 'Proved', tone: 'ok' },
} as const

/** Every step of a workflow in its order, each with what the specifications say against it. */
export function StepOutline({ workflow: { definition, findings } }: { workflow: WorkflowDetail }) {
  const { steps, others } = placeFindings(definition, findings)
  return (
    <div className="grid gap-3">
      <Summary findings={findings} />
      <Card>
        <Steps steps={steps} />
        <Findings findings={others} />
      </Card>
    </div>
  )
}

function Summary({ findings }: { findings: readonly Finding[] }) {
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length
  if (wrong > 0)
    return (
      <Notice tone="danger" title={`It cannot run: ${count(wrong, 'place')} no longer ${wrong === 1 ? 'fits' : 'fit'}`}>
        <p>What is wrong stands at its step below.</p>
      </Notice>
    )
  if (findings.length === 0) return null
  return (
    <Notice tone="warn" title={`${count(findings.length, 'place')} the specifications do not prove`}>
      <p>It runs; whether the APIs answer what these steps expect shows only then.</p>
    </Notice>
  )
}

function Steps({ steps }: { steps: readonly PlacedStep[] }) {
  return (
    <ol className="grid gap-3">
      {steps.map(({ step, findings, inside }) => (
        <li key={step.id} className="grid gap-1.5 border-l-2 border-line pl-3">
          <div>
            <h3 className="text-[0.9375rem]">{step.name ?? step.id}</h3>
            {step.type === 'api_call' ? (
              <code className="font-mono text-xs text-muted">
                {step.api} · {step.operation}
              </code>
            ) : (
              <p className="text-sm text-muted">{PURPOSES[step.type]}</p>
            )}
          </div>
          <Findings findings={findings} />
          {inside.map((list) => (
            <div key={list.title} className="grid gap-1.5 pt-1">
              <p className="text-xs font-semibold text-muted uppercase">{list.title}</p>
              <Steps steps={list.steps} />
            </div>
          ))}
        </li>
      ))}
    </ol>
  )
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul className="grid gap-1.5">
      {findings.map(({ path, code, message, verdict }) => {
        const { word, tone } = VERDICTS[verdict]
        return (
          <li key={`${path} ${code} ${message}`} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-sm">
            <Badge tone={tone}>{word}</Badge>
            {path && <code className="font-mono text-xs text-muted">{path.slice(1)}</code>}
            <Said text={message} />
          </li>
        )
      })}
    </ul>
  )
}
