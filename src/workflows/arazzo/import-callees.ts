import type { InputSchema } from '../../steps/schema.ts'
import { isRecord } from './json-schema.ts'
import type { Read } from './runtime.ts'

/** A workflow that a step calls. */
export type CalleeTarget = {
  /** Which one it is here; left out where extensions of the step say it. */
  call: { workflowId?: string; version?: number }
  /** Names of what it is known to give. */
  gives: ReadonlySet<string>
  /** Its inputs; null where they are not known. */
  takes: InputSchema | null
  /** What holds here and not quite in the document. */
  note?: string
}

/** A workflow that is stored here already. */
export type StoredWorkflow = { id: string; name: string }

/** How a step names a workflow: one of its own document, where `source` is null, or one of another. */
type WorkflowName = { source: string | null; workflowId: string }

function readName(workflowId: string): WorkflowName {
  const [, source, other] = /^\$sourceDescriptions\.([A-Za-z0-9_-]+)\.(.+)$/.exec(workflowId) ?? []
  return source === undefined || other === undefined ? { source: null, workflowId } : { source, workflowId: other }
}

/** The workflows of other documents that steps call: by the ids in addresses of exports, and by what they are called. */
export function calleeNames(
  document: Record<string, unknown>,
  steps: readonly Record<string, unknown>[],
): { ids: string[]; names: string[] } {
  const named = steps.flatMap(({ workflowId }) => (typeof workflowId === 'string' ? [readName(workflowId)] : []))
  const others = named.filter(({ source }) => source !== null)
  const ids = others.flatMap(({ source }) => exportedId(document, source) ?? [])
  return { ids: [...new Set(ids)], names: [...new Set(others.map(({ workflowId }) => workflowId))] }
}

/** The id in the address of an export, `https://…/api/workflows/{id}/export`, that a source description gives. */
function exportedId(document: Record<string, unknown>, source: string | null): string | null {
  const list: unknown[] = Array.isArray(document['sourceDescriptions']) ? document['sourceDescriptions'] : []
  const found = list.find((node) => isRecord(node) && node['type'] === 'arazzo' && node['name'] === source)
  const url = isRecord(found) ? String(found['url']) : ''
  return /\/api\/(?:v1\/)?workflows\/([^/?#]+)\/export(?:[?#]|$)/.exec(url)?.[1] ?? null
}

/**
 * Finds what a step calls by its `workflowId`: a workflow of the document by `inDocument`; one of another document among
 * those stored here, by the address of its export, else by its name where that is the name of one alone.
 */
export function findCallee(
  document: Record<string, unknown>,
  written: string,
  stored: readonly StoredWorkflow[],
  inDocument: (workflowId: string) => Read<CalleeTarget>,
): Read<CalleeTarget> {
  const { source, workflowId } = readName(written)
  if (source === null) return inDocument(workflowId)
  const exported = exportedId(document, source)
  const called = stored.filter(({ name }) => name === workflowId)
  const found = stored.find(({ id }) => id === exported) ?? (called.length === 1 ? called[0] : undefined)
  if (!found) return { reason: `it runs the workflow "${written}" of a document` }
  const note = `"${workflowId}" of the source "${source}" is the workflow "${found.name}" that is stored here.`
  return { value: { call: { workflowId: found.id }, gives: new Set(), takes: null, note } }
}
