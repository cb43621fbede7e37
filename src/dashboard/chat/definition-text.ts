import type { WorkflowDefinition } from '../../steps/schema.ts'

/** A definition as it is shown and edited. */
export function pretty(definition: WorkflowDefinition | null): string {
  return JSON.stringify(definition, null, 2)
}

/** Reads it back. Whether it can run is for the Worker to say. */
export function readDefinition(text: string): { ok: true; value: WorkflowDefinition } | { ok: false; message: string } {
  try {
    return { ok: true, value: JSON.parse(text) as WorkflowDefinition }
  } catch (error) {
    return { ok: false, message: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
