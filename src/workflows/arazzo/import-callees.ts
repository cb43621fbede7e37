import type { InputSchema } from '../../steps/schema.ts'
import { isRecord } from './json-schema.ts'
import { textOf } from './importing.ts'
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

/** The inputs that a workflow cannot do without. */
export function neededOf(takes: CalleeTarget['takes']): { name: string; schema: Record<string, unknown> }[] {
  const known = takes?.properties ?? {}
  const required = (takes?.required ?? []).filter((name) => !('default' in (known[name] ?? {})))
  return required.map((name) => ({ name, schema: known[name] ?? {} }))
}

/** A workflow that is stored here already. */
export type StoredWorkflow = { id: string; name: string }

/** How a step names a workflow: one of its own document, where `source` is null, or one of another. */
type WorkflowName = { source: string | null; workflowId: string }

function readName(workflowId: string): WorkflowName {
  const [, source, other] = /^\$sourceDescriptions\.([A-Za-z0-9_-]+)\.(.+)$/.exec(workflowId) ?? []
  return source === undefined || other === undefined ? { source: null, workflowId } : { source, workflowId: other }
}

/** The workflows of other documents that one names: by the ids in addresses of exports, and by what they are called. */
export function calleeNames(document: Record<string, unknown>): { ids: string[]; names: string[] } {
  const others = namesIn(document)
    .map(readName)
    .filter(({ source }) => source !== null)
  const ids = others.flatMap(({ source }) => exportedId(document, source) ?? [])
  return { ids: [...new Set(ids)], names: [...new Set(others.map(({ workflowId }) => workflowId))] }
}

const ACTIONS = ['onSuccess', 'onFailure', 'successActions', 'failureActions']

/** What steps and actions have for their workflowId, and what workflows depend on. */
function namesIn({ workflows, components }: Record<string, unknown>): string[] {
  const owners = [...recordsIn(workflows), ...recordsIn(workflows).flatMap(({ steps }) => recordsIn(steps))]
  const shared = isRecord(components) ? [components] : []
  const actions = [...owners, ...shared].flatMap((owner) => ACTIONS.flatMap((key) => recordsIn(owner[key])))
  const called = [...recordsIn(workflows).flatMap(({ steps }) => recordsIn(steps)), ...actions]
  const first = recordsIn(workflows).flatMap(({ dependsOn }) => (Array.isArray(dependsOn) ? dependsOn : []))
  return [...called.map(({ workflowId }) => workflowId), ...first].filter((name) => typeof name === 'string')
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return typeof value === 'object' && value !== null ? Object.values(value).filter(isRecord) : []
}

/** The id in the address of an export, `https://…/api/workflows/{id}/export`, that a source description gives. */
function exportedId(document: Record<string, unknown>, source: string | null): string | null {
  const list: unknown[] = Array.isArray(document['sourceDescriptions']) ? document['sourceDescriptions'] : []
  const found = list.find((node) => isRecord(node) && node['type'] === 'arazzo' && node['name'] === source)
  const url = isRecord(found) ? textOf(found['url']) : ''
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
