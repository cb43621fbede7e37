import { isRecord } from './json-schema.ts'
import { tell, textOf, type Importing, type Placed } from './importing.ts'
import { neededOf, type CalleeTarget } from './import-callees.ts'
import type { MissingInputs } from './import-missing.ts'
import { formatPath } from './paths.ts'
import { newId } from './step-ids.ts'
import type { KnownStep, Read } from './runtime.ts'

// A list of a definition has at most 100 steps, and the workflow has its own.
const MAX_FIRST = 50

/** What it takes to call a workflow that the document does not list as a step. */
export type Transfers = {
  calleeOf: (workflowId: string) => Read<CalleeTarget>
  /** Whether one workflow of the document has another done first, by whatever others. */
  waitsFor: (one: string, other: string) => boolean
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
  { calleeOf, waitsFor }: Pick<Transfers, 'calleeOf' | 'waitsFor'>,
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
  return { calleeOf, waitsFor, write }
}

/** The workflows that must be done before a workflow, as its first steps, and as its expressions see them. */
export type Dependencies = { drafts: Record<string, unknown>[]; ids: string[]; known: Map<string, KnownStep> }

/** Reads `dependsOn`: each workflow of the list is carried out within every run, before all else. */
export function readDependencies(
  importing: Importing,
  { node, place }: Placed,
  { calleeOf, waitsFor, write }: Transfers,
  taken: Set<string>,
): Dependencies {
  const read: Dependencies = { drafts: [], ids: [], known: new Map() }
  const at = [...place, 'dependsOn']
  const { dependsOn = [] } = node
  if (!Array.isArray(dependsOn)) {
    tell(importing, at, 'is not a list', 'Make it a list of workflowIds.')
    return read
  }
  const wanted = [...new Set(dependsOn.map(textOf))]
  if (wanted.length > MAX_FIRST) {
    tell(importing, at, `are ${wanted.length}; at most ${MAX_FIRST} are run first`, 'Have one of them run the others.')
    return read
  }
  for (const workflowId of wanted) {
    const index = dependsOn.findIndex((entry) => textOf(entry) === workflowId)
    const callee = calleeOf(workflowId)
    if ('reason' in callee) {
      tell(importing, [...at, index], `is not run first: ${callee.reason}`, 'Run that workflow before this one.')
      continue
    }
    const twice = wanted.find((other) => other !== workflowId && waitsFor(other, workflowId))
    if (twice !== undefined)
      tell(importing, [...at, index], `is run twice: "${twice}" runs it first, too`, 'Name it in one of them.')
    const id = newId(workflowId.split('.').at(-1) ?? workflowId, taken)
    taken.add(id)
    read.drafts.push(write(id, callee.value, workflowId))
    read.ids.push(id)
    read.known.set(workflowId, { id, outputs: {}, gives: callee.value.gives })
  }
  return read
}

/** Answers which workflows of a document have which others done first; each is followed up once. */
export function newWaits({ workflows }: Record<string, unknown>): Transfers['waitsFor'] {
  const list = Array.isArray(workflows) ? workflows.filter(isRecord) : []
  const first = new Map(list.map(({ workflowId, dependsOn }) => [workflowId, namesIn(dependsOn)]))
  const followed = new Map<string, Set<string>>()
  const follow = (one: string) => {
    const found = new Set<string>()
    const open = [one]
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const name of first.get(next) ?? []) {
        if (found.has(name)) continue
        found.add(name)
        open.push(name)
      }
    followed.set(one, found)
    return found
  }
  return (one, other) => (followed.get(one) ?? follow(one)).has(other)
}

function namesIn(list: unknown): string[] {
  return Array.isArray(list) ? [...new Set(list.map(textOf))] : []
}
