import type { ApiCallStep, Step, WorkflowDefinition } from '../../steps/schema.ts'

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
  return steps.flatMap((step): ApiCallStep[] => {
    switch (step.type) {
      case 'api_call':
        return [step]
      case 'condition':
        return callsOf([...step.then, ...(step.else ?? [])])
      case 'loop':
        return callsOf(step.steps)
      case 'parallel':
        return callsOf(step.branches.flat())
      case 'transform':
      case 'delay':
      case 'approval':
      case 'ai':
      case 'workflow':
        return []
      default:
        return step satisfies never
    }
  })
}
