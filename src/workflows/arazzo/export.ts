import type { InputSchema, Step, WorkflowDefinition } from '../../steps/schema.ts'
import { walkSteps } from '../../steps/tree.ts'
import { calleeSource, isListed, writeStep, type ExportApi, type Exporting, type ListedStep } from './export-step.ts'
import { deriveActions } from './flow.ts'
import { readInputs } from './import-inputs.ts'
import { newImporting } from './importing.ts'
import { isJsonSchema, isRecord, withoutInvalid } from './json-schema.ts'
import type { ExpressionContext, Outputs } from './runtime.ts'
import { sameJson } from './same.ts'
import type { ArazzoDocument, ArazzoStep, ArazzoWorkflow, SourceDescription } from './schema.ts'
import { writeValue } from './values.ts'

export type { ExportApi, ExportOperation } from './export-step.ts'

/** A workflow that a definition calls: its id here, its name, and where its own export is. */
export type ExportCallee = { id: string; name: string; url: string }

const VERSION = '1.0.1'
const NATIVE = new Set(['name', 'description', 'inputs', 'steps', 'output'])
const PLACEHOLDER = 'no_call'

/**
 * A definition as an Arazzo 1.0.1 document of one workflow. Its calls, of APIs and of other workflows, are the steps;
 * conditions, loops and what else Arazzo has no form for stand in `x-apiq-…` extensions, with the nearest native form
 * beside them, so that `fromArazzo` gives the same definition again.
 */
export function toArazzo(
  definition: WorkflowDefinition,
  apis: readonly ExportApi[],
  callees: readonly ExportCallee[] = [],
): ArazzoDocument {
  const listed = [...walkSteps(definition.steps)].filter(isListed)
  const sources = writeSources(listed, apis, callees)
  const sourceDescriptions = sources.map(({ source }) => source)
  const workflow = writeWorkflow(definition, listed, {
    sources: new Map(sources.map(({ of, source }) => [of, source.name])),
    apis: new Map(apis.map((api) => [api.slug, api])),
    callees: new Map(callees.map(({ id, name }) => [id, idOf(name)])),
  })
  return {
    arazzo: VERSION,
    info: { title: definition.name, version: '1.0.0' },
    sourceDescriptions,
    workflows: [workflow],
  }
}

/** One source for each API and workflow that is called, or one that stands for none: the specification wants one. */
function writeSources(
  listed: readonly ListedStep[],
  apis: readonly ExportApi[],
  callees: readonly ExportCallee[],
): { of: string; source: SourceDescription }[] {
  const names = new Set<string>()
  const nameOf = (wanted: string) => {
    const base = wanted.replaceAll(/[^A-Za-z0-9_-]/g, '_')
    let name = base
    for (let count = 2; names.has(name); count++) name = `${base}_${count}`
    names.add(name)
    return name
  }
  const slugs = new Set(listed.flatMap((step) => (step.type === 'api_call' ? [step.api] : [])))
  const ids = new Set(listed.flatMap((step) => (step.type === 'workflow' ? [step.workflowId] : [])))
  const openapi = [...slugs].map((slug) => {
    const name = nameOf(slug)
    const api = apis.find((one) => one.slug === slug)
    const url = api?.specUrl ?? api?.baseUrl ?? `./${name}.json`
    return { of: slug, source: { name, url, type: 'openapi' as const, 'x-apiq-api': slug } }
  })
  const arazzo = [...ids].map((id) => {
    const name = nameOf(id)
    const url = callees.find((one) => one.id === id)?.url ?? `./${name}.json`
    return { of: calleeSource(id), source: { name, url, type: 'arazzo' as const } }
  })
  const all = [...openapi, ...arazzo]
  return all.length > 0 ? all : [{ of: '', source: { name: 'none', url: './none.json', type: 'openapi' } }]
}

function writeWorkflow(
  definition: WorkflowDefinition,
  listed: readonly ListedStep[],
  known: Pick<Exporting, 'sources' | 'apis' | 'callees'>,
): ArazzoWorkflow {
  const outputs: Outputs = new Map(
    listed.map(({ id, type }) => [
      id,
      { id, outputs: {}, ...(type === 'workflow' ? { gives: new Set<string>() } : {}) },
    ]),
  )
  const inputs = new Set(Object.keys(definition.inputs?.properties ?? {}))
  const contextOf = (): ExpressionContext => ({ steps: outputs, inputs, current: null })
  const order = listed.map(({ id }) => id)
  const actions = deriveActions(definition.steps, order, outputs)
  const exporting: Exporting = { ...known, outputs, contextOf, actions, order }
  const written = listed.map((step) => writeStep(exporting, step))
  const result = writeOutput(definition.output, outputs, contextOf)
  const own = Object.entries(definition).filter(([key, value]) => !NATIVE.has(key) && value !== undefined)
  const plain = definition.steps.every(isListed)
  return {
    workflowId: idOf(definition.name),
    summary: definition.name,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...(definition.inputs ? writeInputs(definition.inputs) : {}),
    steps: written.length > 0 ? written.map((step) => withOutputs(step, outputs)) : [placeholder],
    ...result,
    ...(plain ? {} : { 'x-apiq-steps': definition.steps.map(structureOf) }),
    ...Object.fromEntries(own.map(([key, value]) => [`x-apiq-${key}`, value])),
  }
}

const placeholder: ArazzoStep = {
  stepId: PLACEHOLDER,
  description: 'This workflow calls no API, and Arazzo wants a step; what it does is in x-apiq-steps',
  operationPath: '{$sourceDescriptions.none.url}#/paths/~1/get',
  'x-apiq-placeholder': true,
}

function withOutputs(step: ArazzoStep, outputs: Outputs): ArazzoStep {
  const given = outputs.get(step.stepId)?.outputs ?? {}
  return Object.keys(given).length === 0 ? step : { ...step, outputs: { ...given } }
}

/** A step with the steps in it; of a call only which it is, for it stands among the steps of the workflow. */
function structureOf(step: Step): unknown {
  switch (step.type) {
    case 'api_call':
    case 'workflow':
      return { type: step.type, id: step.id }
    case 'condition':
      // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
      return { ...step, then: step.then.map(structureOf), ...(step.else ? { else: step.else.map(structureOf) } : {}) }
    case 'loop':
      return { ...step, steps: step.steps.map(structureOf) }
    case 'parallel':
      return { ...step, branches: step.branches.map((branch) => branch.map(structureOf)) }
    default:
      return step
  }
}

/** Inputs as JSON Schema 2020-12: what of an older draft is not valid there stands in an extension only. */
function writeInputs(inputs: InputSchema): Partial<ArazzoWorkflow> {
  const properties = Object.fromEntries(
    Object.entries(inputs.properties).map(([name, schema]) => [
      name,
      isJsonSchema(schema) ? schema : withoutInvalid(schema),
    ]),
  )
  const native = {
    type: 'object',
    properties,
    ...(inputs.required ? { required: [...new Set(inputs.required)] } : {}),
  }
  const back = readInputs(newImporting({}), { node: { inputs: native }, place: [] })
  return { inputs: native, ...(sameJson(back, inputs) ? {} : { 'x-apiq-inputs': inputs }) }
}

const OUTPUT_NAME = /^[a-zA-Z0-9._-]+$/

/** The output as a map of runtime expressions, as far as it is one. */
function writeOutput(output: unknown, outputs: Outputs, contextOf: () => ExpressionContext): Partial<ArazzoWorkflow> {
  if (output === undefined) return {}
  const { value, exact } = writeValue(output, outputs, contextOf)
  const entries = Object.entries(isRecord(value) ? value : { output: value })
  const native = entries.filter(
    (entry): entry is [string, string] =>
      OUTPUT_NAME.test(entry[0]) && typeof entry[1] === 'string' && isExpression(entry[1]),
  )
  const whole = exact && isRecord(value) && native.length === entries.length
  return {
    ...(native.length > 0 || whole ? { outputs: Object.fromEntries(native) } : {}),
    ...(whole ? {} : { 'x-apiq-output': output }),
  }
}

function isExpression(text: string): boolean {
  return /^\$(?:steps|inputs)\./.test(text)
}

/** A name as a workflowId: letters, digits, hyphens and underscores. */
function idOf(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '-')
  return words.replaceAll(/^-|-$/g, '').slice(0, 64) || 'workflow'
}
