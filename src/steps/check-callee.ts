import { checkValue } from './check-value.ts'
import { wrong, type Checked, type CheckFinding, type Path } from './checking.ts'
import type { Callee, WorkflowStep } from './schema.ts'

/**
 * Holds a workflow step against the workflow that it calls: the input that it gives, and whether that one can run.
 * `review` checks the callee as a definition of its own.
 */
export function checkCallee(
  checked: Checked,
  { callee, input = {} }: WorkflowStep,
  path: Path,
  review: (callee: Callee) => readonly CheckFinding[],
): void {
  // What cannot be linked is told where it is linked.
  if (!callee) return
  const properties = callee.inputs?.properties ?? {}
  for (const name of callee.inputs?.required ?? [])
    if (!Object.hasOwn(input, name) && !('default' in (properties[name] ?? {})))
      wrong(checked, [...path, 'input', name], 'missing_input', `"${callee.name}" needs the input "${name}"`)
  for (const [name, value] of Object.entries(input)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    const at = [...path, 'input', name]
    if (schema) checkValue(checked, value, schema, at)
    else wrong(checked, at, 'unknown_input', `"${callee.name}" has no input "${name}"`)
  }
  const first = review(callee).find(({ verdict }) => verdict === 'wrong')
  if (!first) return
  const message = `"${callee.name}" cannot run: ${first.path}: ${first.message}`
  wrong(checked, [...path, 'workflowId'], 'broken_workflow', message)
}
