import type { ApiCallStep, Step, WorkflowDefinition } from '../../steps/schema.ts'
import { listsOf } from './place-findings.ts'

/** What a workflow calls, in its order. */
export function CallList({ definition }: { definition: WorkflowDefinition }) {
  const calls = callsOf(definition.steps)
  if (calls.length === 0) return <p className="text-sm text-muted">It calls no API.</p>
  return (
    <ol className="grid gap-1.5 rounded-lg bg-sunken px-3 py-2.5 text-sm">
      {calls.map(({ id, name, api, operation }) => (
        <li key={id}>
          {name && <span className="block">{name}</span>}
          <code className="font-mono text-xs text-muted">
            {api} · {operation}
          </code>
        </li>
      ))}
    </ol>
  )
}

function callsOf(steps: readonly Step[]): ApiCallStep[] {
  return steps.flatMap((step) =>
    step.type === 'api_call' ? [step] : listsOf(step).flatMap(({ steps: inside }) => callsOf(inside)),
  )
}
