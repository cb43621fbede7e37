import { toPointer } from '../../lib/json-pointer.ts'
import { ExpressionError, referencesOf } from '../../steps/expressions.ts'
import { FIRST_VERSION } from '../../steps/link.ts'
import { WorkflowDefinition } from '../../steps/schema.ts'
import { type CalleeTarget, findCallee, type StoredWorkflow } from './import-callees.ts'
import { readInputs } from './import-inputs.ts'
import { ownFields, read } from './import-step.ts'
import { type Callable, readSteps } from './import-steps.ts'
import { newWaits } from './import-transfers.ts'
import {
  addFindings,
  type ImportFinding,
  type Importing,
  newImporting,
  type Placed,
  placedList,
  shorten,
  tell,
  textOf,
} from './importing.ts'
import { isRecord } from './json-schema.ts'
import type { Read } from './runtime.ts'
import { type ImportApi, readSources } from './sources.ts'

export type { ImportFinding } from './importing.ts'
export type { StoredWorkflow } from './import-callees.ts'
export { namesOf } from './sources.ts'
export { type ImportApi } from './sources.ts'
export { type ImportOperation } from './sources.ts'
export { type Names } from './sources.ts'

/** A workflow of a document, taken over. */
export type ImportedWorkflow = {
  /** What it is called here, and by what the others of the document call it. */
  id: string
  workflowId: string
  /** JSON pointer of the workflow in the document. */
  path: string
  definition: WorkflowDefinition
  /** Steps of the document, and those of them that became steps of the definition. */
  steps: { total: number; mapped: number }
  /** What holds here and not quite in the document; nothing to correct. */
  notes: string[]
}

/** What an Arazzo document gives: the workflows, and every place of it that could not be taken over as it is. */
export type ArazzoImport = { workflows: ImportedWorkflow[]; findings: ImportFinding[] }

const MAX_NAME = 200
const MAX_DESCRIPTION = 2000

/** Whether a value is an Arazzo document of a version that is read: 1.0.x. */
export function isArazzo(document: unknown): document is Record<string, unknown> {
  return isRecord(document) && /^1\.0\.\d+(-.+)?$/.test(textOf(document['arazzo']))
}

/** The workflows that steps of a document may call. */
export type KnownWorkflows = {
  /** The ids that those of the document get here, by their place in it. */
  idOf: (index: number) => string
  /** Those of the workspace that the document names by a source. */
  stored: readonly StoredWorkflow[]
}

const NONE_STORED: KnownWorkflows = { idOf: (index) => `workflow_${index + 1}`, stored: [] }

/**
 * Reads the workflows of an Arazzo 1.0.x document, those that others call before these. Operations are those of the
 * connected APIs given. What cannot be taken over is told of with its place and the rest is read all the same; a
 * workflow of which nothing is left is not among those returned. What `toArazzo` wrote comes back as it was.
 */
export function fromArazzo(
  document: Record<string, unknown>,
  apis: readonly ImportApi[],
  { idOf, stored }: KnownWorkflows = NONE_STORED,
): ArazzoImport {
  const importing = newImporting(document)
  const sources = readSources(importing, apis)
  const list = placedList(importing, document['workflows'] ?? null, ['workflows'])
  const waitsFor = newWaits(document)
  const open = new Set<number>()
  const done = new Map<number, { workflow: ImportedWorkflow | null; findings: ImportFinding[] }>()

  function readAt(index: number): ImportedWorkflow | null {
    const known = done.get(index)
    const placed = list[index]
    if (known || !placed) return known?.workflow ?? null
    const inside: Importing = { ...importing, findings: [] }
    open.add(index)
    const workflow = readWorkflow(inside, placed, idOf(index), { sources, calleeOf, waitsFor })
    open.delete(index)
    done.set(index, { workflow, findings: inside.findings })
    return workflow
  }
  function calleeOf(written: string): Read<CalleeTarget> {
    return findCallee(document, written, stored, (workflowId) => {
      const index = list.findIndex(({ node }) => node['workflowId'] === workflowId)
      if (index === -1) return { reason: `there is no workflow "${workflowId}" in the document` }
      if (open.has(index)) return { reason: `the workflow "${workflowId}" comes to call itself` }
      const callee = readAt(index)
      if (!callee) return { reason: `nothing of the workflow "${workflowId}" can be taken over` }
      const { inputs, output } = callee.definition
      return {
        value: {
          call: { workflowId: callee.id, version: FIRST_VERSION },
          gives: new Set(isRecord(output) ? Object.keys(output) : []),
          takes: inputs ?? { type: 'object', properties: {} },
        },
      }
    })
  }

  list.forEach((_, index) => readAt(index))
  for (const [, { findings }] of [...done].toSorted(([one], [other]) => one - other)) addFindings(importing, findings)
  return { workflows: [...done.values()].flatMap(({ workflow }) => workflow ?? []), findings: importing.findings }
}

function readWorkflow(importing: Importing, workflow: Placed, id: string, callable: Callable): ImportedWorkflow | null {
  const { node, place } = workflow
  const workflowId = textOf(node['workflowId'] ?? place.at(-1))
  const inputs = readInputs(importing, workflow)
  const notes = new Set<string>()
  const { steps, total, mapped, context, missing } = readSteps(importing, workflow, callable, inputs, notes)
  if (missing.names.length > 0)
    notes.add(`What is needed and the document does not give is asked for as inputs: ${missing.names.join(', ')}.`)
  const wanted = missing.addTo(inputs)
  if (steps.length === 0) {
    tell(importing, place, 'has no step that can be taken over', 'Connect the APIs that it calls, then import again.')
    return null
  }
  const { summary, description } = node
  const name = typeof summary === 'string' && summary.trim() !== '' ? summary.trim() : workflowId
  const output = readOutputs(importing, workflow, context)
  const definition = WorkflowDefinition.safeParse({
    name: shorten(name, MAX_NAME),
    ...(typeof description === 'string' ? { description: shorten(description, MAX_DESCRIPTION) } : {}),
    ...(wanted ? { inputs: wanted } : {}),
    steps,
    ...(output === undefined ? {} : { output }),
    ...ownFields(node),
  })
  if (!definition.success) {
    for (const issue of definition.error.issues)
      tell(importing, place, `${issue.path.join('.') || 'the workflow'}: ${issue.message}`, 'Correct what is named.')
    return null
  }
  const declared = declareInputs(definition.data, notes)
  return { id, workflowId, path: toPointer(place), definition: declared, steps: { total, mapped }, notes: [...notes] }
}

function readOutputs(importing: Importing, { node, place }: Placed, context: Parameters<typeof read>[3]): unknown {
  const { outputs } = node
  return isRecord(outputs) && !('x-apiq-output' in node)
    ? read(importing, outputs, [...place, 'outputs'], context)
    : undefined
}

/** Many documents use inputs that they do not declare. */
function declareInputs(definition: WorkflowDefinition, notes: Set<string>): WorkflowDefinition {
  const known = definition.inputs?.properties ?? {}
  const used = namesUsed(definition).filter((name) => !Object.hasOwn(known, name))
  if (used.length === 0) return definition
  notes.add(`The inputs ${used.join(', ')} are used and not declared; they are declared here, of any type.`)
  const properties = { ...known, ...Object.fromEntries(used.map((name) => [name, {}])) }
  return { ...definition, inputs: { type: 'object', ...definition.inputs, properties } }
}

function namesUsed({ steps, output }: WorkflowDefinition): string[] {
  try {
    const references = referencesOf([steps, output]).flatMap(([root, name]) => (root === 'input' && name ? [name] : []))
    return [...new Set(references)]
  } catch (error) {
    // An expression that an extension gave does not parse; the check of the definition says so.
    if (error instanceof ExpressionError) return []
    throw error
  }
}
