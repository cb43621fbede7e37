import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../src/specs/parse.ts'
import { toArazzo, type ExportApi } from '../src/workflows/arazzo/export.ts'
import { fromArazzo, type ImportApi } from '../src/workflows/arazzo/import.ts'
import { ArazzoDocument } from '../src/workflows/arazzo/schema.ts'
import { WorkflowDefinition } from '../src/steps/schema.ts'
import { anyDefinition } from './arazzo-definitions.ts'

const store: ImportApi = {
  slug: 'store',
  name: 'Store',
  specUrl: 'https://store.example/openapi.json',
  baseUrl: 'https://store.example',
  operations: [
    { operation: 'GET /orders', operationId: 'listOrders', parameters: null, body: null },
    { operation: 'GET /orders/{id}', operationId: 'getOrder', parameters: null, body: null },
    { operation: 'POST /orders', operationId: null, parameters: null, body: null },
  ],
}
const exported: ExportApi = {
  ...store,
  operationOf: (name) => {
    const found = store.operations.find(({ operation }) => operation === name)
    const parameters = [{ name: 'id', in: 'path' as const }]
    return found ? { operationId: found.operationId, parameters, contentType: 'application/json' } : null
  },
}

describe('export and import', () => {
  it('loses nothing of any definition, whether its APIs are connected or not', () => {
    fc.assert(
      fc.property(anyDefinition, fc.boolean(), (definition, connected) => {
        const document = toArazzo(definition, [exported])
        const { workflows, findings } = fromArazzo(document, connected ? [store] : [])
        expect(workflows.map((workflow) => workflow.definition)).toEqual([definition])
        expect(workflows[0]?.notes).toEqual([])
        expect(findings.filter(({ path }) => !path.startsWith('/sourceDescriptions'))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('takes more calls in lists within steps than one list may have', () => {
    const calls = (branch: number) => Array.from({ length: 80 }, (_, index) => call(`s${branch}_${index}`))
    const steps = [{ id: 'p', type: 'parallel', branches: [calls(1), calls(2)] }]
    const definition = WorkflowDefinition.parse({ name: 'x', steps })
    expect(fromArazzo(toArazzo(definition, [exported]), [store]).workflows[0]?.definition).toEqual(definition)
  })

  it('calls another workflow as Arazzo does, by its name in a source of its own', () => {
    const bill = {
      id: 'bill',
      type: 'workflow',
      workflowId: 'wfl_1',
      version: 3,
      input: { order: '{{ steps.a.body.id }}' },
    }
    const after = call('b', { parameters: { id: '{{ steps.bill.total }}' } })
    const definition = WorkflowDefinition.parse({
      name: 'x',
      steps: [call('a'), { ...bill, retry: { maxAttempts: 2 } }, after],
    })
    const callees = [{ id: 'wfl_1', name: 'Write a bill', url: 'https://apiq.example/api/workflows/wfl_1/export' }]
    const document = toArazzo(definition, [exported], callees)
    expect(document.sourceDescriptions).toContainEqual({ name: 'wfl_1', url: callees[0]?.url, type: 'arazzo' })
    const [workflow] = document.workflows
    expect(workflow?.steps[1]).toMatchObject({
      stepId: 'bill',
      workflowId: '$sourceDescriptions.wfl_1.write-a-bill',
      parameters: [{ name: 'order', value: '$steps.a.outputs.body_id' }],
      outputs: { total: '$outputs.total' },
    })
    expect(workflow?.steps[2]?.parameters).toMatchObject([{ name: 'id', value: '$steps.bill.outputs.total' }])
    expect(workflow).not.toHaveProperty('x-apiq-steps')
    expect(ArazzoDocument.safeParse(document).error?.issues ?? []).toEqual([])
    expect(fromArazzo(document, [store]).workflows[0]?.definition).toEqual(definition)
  })

  it('writes what the specification allows', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const result = ArazzoDocument.safeParse(toArazzo(definition, [exported]))
        expect(result.error?.issues ?? []).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('says the same as YAML and as JSON', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const document: unknown = JSON.parse(JSON.stringify(toArazzo(definition, [exported])))
        expect(parseDocument(dump(document, { noRefs: true, lineWidth: 100 }))).toEqual(document)
      }),
      { numRuns: 40 },
    )
  })
})

const call = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'GET /orders',
  ...more,
})
const note = (id: string) => ({ id, type: 'transform', value: 1 })

/** Where an export leads from a step, as other tools read it. */
function leads(steps: object[], id: string) {
  const definition = WorkflowDefinition.parse({ name: 'x', steps })
  const { steps: written } = toArazzo(definition, [exported]).workflows[0] ?? { steps: [] }
  const actions = written.find(({ stepId }) => stepId === id)?.onSuccess ?? []
  return actions.map((action) => {
    const { type, stepId, criteria } = action as { type: string; stepId?: string; criteria?: { condition: string }[] }
    return [type === 'goto' ? stepId : type, ...(criteria ?? []).map(({ condition }) => condition)].join(' | ')
  })
}

describe('the way that other tools take through an export', () => {
  it('leads over a step with a condition', () => {
    const steps = [call('a'), call('b', { when: '{{ steps.a.body.total > 10 and input.urgent != "no" }}' }), call('c')]
    expect(leads(steps, 'a')).toEqual(["b | $steps.a.outputs.body_total > 10 && $inputs.urgent != 'no'", 'c'])
    expect(leads(steps, 'b')).toEqual([])
  })

  it('leads into the branches of a condition, and behind it', () => {
    // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
    const choice = { id: 'x', type: 'condition', if: '{{ steps.a.body.ok }}', then: [call('b')], else: [call('c')] }
    const steps = [call('a'), choice, call('d')]
    expect(leads(steps, 'a')).toEqual(['b | $steps.a.outputs.body_ok == true', 'c'])
    expect(leads(steps, 'b')).toEqual(['d'])
    expect(leads(steps, 'c')).toEqual([])
  })

  it('leads from branch to branch of a parallel', () => {
    const both = { id: 'p', type: 'parallel', branches: [[call('b'), note('n')], [call('c')]] }
    expect([leads([call('a'), both], 'a'), leads([call('a'), both], 'b')]).toEqual([[], []])
  })

  it.each([
    ['a loop', { id: 'l', type: 'loop', items: [1], steps: [call('b')] }],
    ['an approval', { id: 'l', type: 'approval', message: 'Go on?' }],
    ['a condition that Arazzo cannot say', call('b', { when: '{{ $count(steps.a.body.items) > 1 }}' })],
  ])('ends before %s', (_, step) => {
    expect(leads([call('a'), step, call('c')], 'a')).toEqual(['end'])
  })

  it('is found in time where branches multiply', () => {
    const choice = (index: number) => ({
      id: `x${index}`,
      type: 'condition',
      if: '{{ input.a }}',
      // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
      then: [note(`n${index}`)],
    })
    const steps = [call('a'), ...Array.from({ length: 60 }, (_, index) => choice(index)), call('z')]
    expect(leads(steps, 'a').length).toBeLessThan(30)
  })
})

describe('the structure of a document', () => {
  const document = (change: object = {}, step: object = {}) => ({
    arazzo: '1.0.1',
    info: { title: 'Orders', version: '1' },
    sourceDescriptions: [{ name: 'store', url: './store.json' }],
    workflows: [{ workflowId: 'w', steps: [{ stepId: 's', operationId: 'listOrders', ...step }] }],
    'x-any': { thing: 1 },
    ...change,
  })
  const valid = (value: unknown) => ArazzoDocument.safeParse(value).success

  it('is what the specification says', () => {
    expect(valid(document())).toBe(true)
    expect(valid(document({}, { parameters: [{ reference: '$components.parameters.page' }], 'x-own': 1 }))).toBe(true)
  })

  it.each([
    ['another version', document({ arazzo: '1.1.0' })],
    ['an unknown member', document({ extra: 1 })],
    ['a name with a blank', document({ sourceDescriptions: [{ name: 'a b', url: 'u' }] })],
    ['no steps', document({ workflows: [{ workflowId: 'w', steps: [] }] })],
    ['two ways to name an operation', document({}, { operationPath: '#/paths/~1a/get' })],
    ['a parameter without its place', document({}, { parameters: [{ name: 'page', value: 1 }] })],
    ['a goto without a target', document({}, { onSuccess: [{ name: 'x', type: 'goto' }] })],
    ['a retry without a delay', document({}, { onFailure: [{ name: 'x', type: 'retry', stepId: 's' }] })],
    ['a typed criterion without a context', document({}, { successCriteria: [{ type: 'regex', condition: 'a' }] })],
    ['an output of an odd name', document({}, { outputs: { 'a b': '$response.body' } })],
    [
      'inputs that are no JSON Schema',
      document({
        workflows: [{ workflowId: 'w', steps: [{ stepId: 's', operationId: 'o' }], inputs: { type: 'text' } }],
      }),
    ],
    [
      'an id twice',
      document({
        workflows: [
          {
            workflowId: 'w',
            steps: [
              { stepId: 's', operationId: 'a' },
              { stepId: 's', operationId: 'b' },
            ],
          },
        ],
      }),
    ],
  ])('is not %s', (_, value) => {
    expect(valid(value)).toBe(false)
  })
})
