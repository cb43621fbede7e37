import type { WorkflowDefinition } from '../../steps/schema.ts'
import type { InputSpec } from '../inputs/input-values.ts'

/** What a workflow asks for, as fields can ask for it. */
export function inputsOf({ inputs }: WorkflowDefinition): InputSpec[] {
  const { properties = {}, required = [] } = inputs ?? {}
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
    required: required.includes(name),
  }))
}
