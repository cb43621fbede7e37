import { isRecord } from './json-schema.ts'
import { tell, type Importing, type Placed } from './importing.ts'
import { neededOf, type CalleeTarget } from './import-callees.ts'
import type { MissingInputs } from './import-missing.ts'
import { formatPath } from './paths.ts'
import { newId } from './step-ids.ts'
import type { KnownStep, Read } from './runtime.ts'

/** What it takes to call a workflow that the document does not list as a step. */
export type Transfers = {
  calleeOf: (workflowId: string) => Read<CalleeTarget>
  /** The workflow as a step, under a condition. */
  write: (id: string, callee: CalleeTarget, workflowId: string, when?: string) => Record<string, unknown>
}

/** The workflow that an action hands over to, for good; null of an action that does something else. */
export function transferOf({ calleeOf }: Transfers, node: Record<string, unknown>): Read<CalleeTarget> | null {
  const { type, workflowId } = node
  return type === 'goto' && typeof workflowId === 'string' ? calleeOf(workflowId) : null
}

/**
 * The document says of such a workflow only which one it is: it gets the inputs that the workflow around it has under the
 * same names, and what it needs besides is asked for.
 */
export function newTransfers(
  calleeOf: Transfers['calleeOf'],
  inputs: ReadonlySet<string>,
  missing: MissingInputs,
  notes: Set<string>,
): Transfers {
  const write: Transfers['write'] = (id, callee, workflowId, when) => {
    const { call, takes, note } = callee
    if (note !== undefined) notes.add(note)
    const own = Object.keys(takes?.properties ?? {}).flatMap((name) => {
      const path = inputs.has(name) ? formatPath('input', [name]) : null
      return path === null ? [] : [[name, `{{ ${path} }}`] as const]
    })
    const input = missing.complete(id, Object.fromEntries(own), neededOf(takes))
    if (own.length > 0)
      notes.add(`The workflow "${workflowId}" gets the inputs ${own.map(([name]) => name).join(', ')} of this one.`)
    return {
      id,
      type: 'workflow',
      ...call,
      ...(Object.keys(input).length > 0 ? { input } : {}),
      ...(when === undefined ? {} : { when }),
    }
  }
  return { calleeOf, write }
}

/** The workflows that must be done before a workflow, as its first steps, and as its expressions see them. */
export type Dependencies = { drafts: Record<string, unknown>[]; ids: string[]; known: Map<string, KnownStep> }

/** Reads `dependsOn`: each workflow of the list is carried out within every run, before all else. */
export function readDependencies(
  importing: Importing,
  { node, place }: Placed,
  { calleeOf, write }: Transfers,
  taken: Set<string>,
): Dependencies {
  const read: Dependencies = { drafts: [], ids: [], known: new Map() }
  const at = [...place, 'dependsOn']
  const { dependsOn = [] } = node
  if (!Array.isArray(dependsOn)) {
    tell(importing, at, 'is not a list', 'Make it a list of workflowIds.')
    return read
  }
  for (const [index, entry] of dependsOn.entries()) {
    const workflowId = String(entry)
    const callee = calleeOf(workflowId)
    if ('reason' in callee) {
      tell(importing, [...at, index], `is not run first: ${callee.reason}`, 'Run that workflow before this one.')
      continue
    }
    const twice = dependsOn.find((other) => other !== entry && waitsFor(importing.document, String(other), workflowId))
    if (twice !== undefined)
      tell(importing, [...at, index], `is run twice: "${String(twice)}" runs it first, too`, 'Name it in one of them.')
    const id = newId(workflowId.split('.').at(-1) ?? workflowId, taken)
    taken.add(id)
    read.drafts.push(write(id, callee.value, workflowId))
    read.ids.push(id)
    read.known.set(workflowId, { id, outputs: {}, gives: callee.value.gives })
  }
  return read
}

/** Whether one workflow of the document has another done first, by whatever others. */
function waitsFor({ workflows }: Record<string, unknown>, one: string, other: string): boolean {
  const list = Array.isArray(workflows) ? workflows.filter(isRecord) : []
  const seen = new Set<string>()
  const open = [one]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const found = list.find(({ workflowId }) => workflowId === next)?.['dependsOn']
    const first = Array.isArray(found) ? found.map(String) : []
    if (first.includes(other)) return true
    open.push(...first)
  }
  return false
}
