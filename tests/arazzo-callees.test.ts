import { describe, expect, it } from 'vitest'
import { fromArazzo, type ImportApi } from '../src/workflows/arazzo/import.ts'
import { newTenant, tenantWithStore } from './helpers.ts'

type Node = Record<string, unknown>

const shop: ImportApi = {
  slug: 'shop',
  name: 'Shop',
  specUrl: null,
  baseUrl: 'https://shop.example',
  operations: [
    {
      operation: 'GET /orders/{orderId}',
      operationId: 'getOrder',
      parameters: [{ name: 'orderId', in: 'path' }],
      body: false,
    },
  ],
}

const sources = [{ name: 'shop', url: './shop.json', type: 'openapi' }]
const document = (workflows: Node[], more: Node[] = []) => ({
  arazzo: '1.0.1',
  info: { title: 'Orders', version: '1' },
  sourceDescriptions: [...sources, ...more],
  workflows,
})
const call = (stepId: string, workflowId: string, more: Node = {}) => ({ stepId, workflowId, ...more })
const getOrder = (stepId: string, orderId: string, more: Node = {}) => ({
  stepId,
  operationId: 'getOrder',
  parameters: [{ name: 'orderId', in: 'path', value: orderId }],
  ...more,
})
const readOrder = {
  workflowId: 'read-order',
  inputs: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  steps: [
    getOrder('get', '$inputs.order', { outputs: { total: '$response.body#/totalCents', id: '$response.body#/id' } }),
  ],
  outputs: { total: '$steps.get.outputs.total', id: '$steps.get.outputs.id' },
}
const order = { parameters: [{ name: 'order', value: '$inputs.first' }] }

function read(workflows: Node[], more: Node[] = [], stored: { id: string; name: string }[] = []) {
  const imported = fromArazzo(document(workflows, more), [shop], { idOf: (index) => `wfl_${index}`, stored })
  const byName = new Map(imported.workflows.map((workflow) => [workflow.workflowId, workflow]))
  return { ...imported, byName, stepsOf: (name: string) => byName.get(name)?.definition.steps ?? [] }
}

describe('a step that calls a workflow of its document', () => {
  it('becomes a call of what that one is here, with inputs from parameters and what it gives as outputs', () => {
    const caller = {
      workflowId: 'caller',
      steps: [
        call('sum-up', 'read-order', { ...order, outputs: { cents: '$outputs.total' } }),
        getOrder('again', '$steps.sum-up.outputs.id'),
      ],
      outputs: { cents: '$steps.sum-up.outputs.cents' },
    }
    const { workflows, findings, byName, stepsOf } = read([caller, readOrder])
    expect(findings).toEqual([])
    expect(workflows.map(({ workflowId }) => workflowId)).toEqual(['read-order', 'caller'])
    expect(stepsOf('caller')).toMatchObject([
      { id: 'sum_up', type: 'workflow', workflowId: 'wfl_1', version: 1, input: { order: '{{ input.first }}' } },
      { type: 'api_call', parameters: { orderId: '{{ steps.sum_up.id }}' } },
    ])
    expect(byName.get('caller')?.steps).toEqual({ total: 2, mapped: 2 })
    expect(byName.get('caller')?.definition.output).toEqual({ cents: '{{ steps.sum_up.total }}' })
  })

  it('takes parameters of the workflow around it that it has inputs for, its own before these', () => {
    const parameters = [
      { name: 'order', in: 'query', value: 'shared' },
      { name: 'page', in: 'query', value: 1 },
    ]
    const { stepsOf, findings } = read([
      { workflowId: 'caller', parameters, steps: [call('a', 'read-order'), call('b', 'read-order', order)] },
      readOrder,
    ])
    expect(stepsOf('caller')).toMatchObject([{ input: { order: 'shared' } }, { input: { order: '{{ input.first }}' } }])
    expect(findings).toEqual([])
  })

  it('is checked and branches by what that workflow gives, when it was called and went well', () => {
    const step = call('a', 'read-order', {
      ...order,
      successCriteria: [{ condition: '$statusCode == 200' }, { condition: '$outputs.total > 10' }],
      onSuccess: [{ name: 'stop', type: 'end', criteria: [{ condition: "$outputs.id == 'x'" }] }],
      onFailure: [{ name: 'on', type: 'goto', stepId: 'b' }],
    })
    const { stepsOf, byName } = read([{ workflowId: 'caller', steps: [step, getOrder('b', 'o1')] }, readOrder])
    const made = '$exists(steps.a) and $not($exists(steps.a.error))'
    expect(stepsOf('caller')).toMatchObject([
      { type: 'workflow', onError: { goto: 'b' } },
      { when: `{{ ${made} }}`, value: expect.stringContaining('steps.a.total > 10') },
      {
        when: expect.stringContaining(
          `(${made} and $not($exists(steps.a_check.error)) ? ($lowercase($string(steps.a.id)) = "x" ? false : true) : true)`,
        ),
      },
    ])
    expect(byName.get('caller')?.notes[0]).toContain('has no status')
  })

  it.each([
    ['an input that is not there', { parameters: [{ name: 'page', value: 1 }] }, '/workflows/0/steps/0/parameters/0'],
    ['an output that is not there', { outputs: { x: '$response.body' } }, '/workflows/0/outputs/x'],
  ])('is told of with %s', (_, more, path) => {
    const outputs = { x: '$steps.a.outputs.x' }
    const { findings, stepsOf } = read([
      { workflowId: 'caller', steps: [call('a', 'read-order', more)], outputs },
      readOrder,
    ])
    expect(findings.map((finding) => finding.path)).toContain(path)
    expect(stepsOf('caller')).toMatchObject([{ type: 'workflow' }])
  })

  it('asks for inputs that the workflow needs and nobody gives it, each step for its own', () => {
    const { byName } = read([
      { workflowId: 'caller', steps: [call('a', 'read-order'), call('b', 'read-order')] },
      readOrder,
    ])
    const { definition, notes } = byName.get('caller') ?? {}
    const order = { type: 'string' }
    expect(definition?.inputs).toEqual({
      type: 'object',
      properties: { a_order: order, b_order: order },
      required: ['a_order', 'b_order'],
    })
    expect(definition?.steps).toMatchObject([
      { input: { order: '{{ input.a_order }}' } },
      { input: { order: '{{ input.b_order }}' } },
    ])
    expect(notes).toEqual([expect.stringContaining('a_order, b_order')])
  })

  it.each([
    ['itself', [{ workflowId: 'a', steps: [getOrder('x', 'o1'), call('y', 'a')] }], 'comes to call itself'],
    [
      'one that calls it',
      [
        { workflowId: 'a', steps: [getOrder('x', 'o1'), call('y', 'b')] },
        { workflowId: 'b', steps: [getOrder('x', 'o1'), call('y', 'a')] },
      ],
      'comes to call itself',
    ],
    [
      'one that is not there',
      [{ workflowId: 'a', steps: [getOrder('x', 'o1'), call('y', 'b')] }],
      'there is no workflow',
    ],
    [
      'one of which nothing is left',
      [
        { workflowId: 'a', steps: [getOrder('x', 'o1'), call('y', 'b')] },
        { workflowId: 'b', steps: [{ stepId: 'x', operationId: 'unheardOf' }] },
      ],
      'nothing of the workflow',
    ],
  ])('is left out where it calls %s, and the rest is read', (_, workflows, message) => {
    const { findings, stepsOf } = read(workflows)
    expect(findings.map((finding) => finding.message).join('; ')).toContain(message)
    expect(
      stepsOf('a')
        .map(({ id }) => id)
        .at(0),
    ).toBe('x')
  })
})

describe('a step that calls a workflow of another document', () => {
  const url = 'https://apiq.example/api/workflows/wfl_7/export?format=yaml'
  const other = [{ name: 'billing', url, type: 'arazzo' }]
  const caller = { workflowId: 'caller', steps: [call('a', '$sourceDescriptions.billing.bill', order)] }

  it.each([
    ['by the address of its export', [{ id: 'wfl_7', name: 'Write a bill' }], 'wfl_7'],
    ['by its name', [{ id: 'wfl_9', name: 'bill' }], 'wfl_9'],
  ])('finds the one stored here %s', (_, stored, id) => {
    const { stepsOf, byName } = read([caller], other, stored)
    expect(stepsOf('caller')).toEqual([
      { id: 'a', type: 'workflow', workflowId: id, input: { order: '{{ input.first }}' } },
    ])
    expect(byName.get('caller')?.notes[0]).toContain('is stored here')
  })

  it.each([
    ['none has the name', []],
    [
      'two have the name',
      [
        { id: 'wfl_1', name: 'bill' },
        { id: 'wfl_2', name: 'bill' },
      ],
    ],
  ])('is told of where %s', (_, stored) => {
    expect(read([caller], other, stored).findings[0]).toMatchObject({
      path: '/workflows/0/steps/0',
      message: expect.stringContaining('it runs the workflow "$sourceDescriptions.billing.bill" of a document'),
    })
  })
})

describe('POST /api/workflows/import of workflows that call each other', () => {
  const caller = {
    workflowId: 'caller',
    steps: [
      {
        stepId: 'list',
        operationId: 'listOrders',
        outputs: { first: '$response.body#/items/0/id', total: '$response.body#/items/0/totalCents' },
      },
      call('a', 'read-order', {
        parameters: [{ name: 'order', value: '$steps.list.outputs.first' }],
        outputs: { cents: '$outputs.total' },
      }),
    ],
    outputs: { cents: '$steps.a.outputs.cents', listed: '$steps.list.outputs.total' },
  }
  const bodyOf = (workflows: Node[], more: Node[] = []) => ({ document: document(workflows, more) })

  it('stores them together, and the one runs the other', async () => {
    const tenant = await tenantWithStore()
    const { status, data } = await tenant.call('POST', '/api/workflows/import', bodyOf([caller, readOrder]))
    expect([status, data.findings, data.refused]).toEqual([201, [], []])
    const [callee, first] = data.created
    const stored = await tenant.call('GET', `/api/workflows/${first.id}`)
    expect(stored.data.definition.steps[1]).toMatchObject({ workflowId: callee.id, version: 1 })

    const run = await tenant.call('POST', `/api/workflows/${first.id}/execute?wait=20`, { input: {} })
    expect(run.data).toMatchObject({ status: 'succeeded', output: { cents: expect.any(Number) } })
    expect(run.data.output.cents).toBe(run.data.output.listed)
  })

  it('stores none that calls one that cannot run', async () => {
    const tenant = await tenantWithStore()
    const parameters = [{ name: 'status', in: 'query', value: 'no such status' }]
    const broken = { workflowId: 'read-order', steps: [{ stepId: 'get', operationId: 'listOrders', parameters }] }
    const fit = { workflowId: 'fit', steps: [getOrder('get', 'o1')] }
    const { data } = await tenant.call(
      'POST',
      '/api/workflows/import',
      bodyOf([{ ...caller, steps: [call('a', 'read-order')], outputs: {} }, broken, fit]),
    )
    expect(data.created.map(({ workflowId }: { workflowId: string }) => workflowId)).toEqual(['fit'])
    const codes = data.refused.map(({ workflowId, checks }: { workflowId: string; checks: { code: string }[] }) => [
      workflowId,
      checks.map(({ code }) => code),
    ])
    expect(codes).toEqual([
      ['read-order', ['enum']],
      ['caller', ['broken_workflow']],
    ])
  })

  it('finds a workflow of the workspace by the address of its export, and none of another workspace', async () => {
    const tenant = await tenantWithStore()
    const first = await tenant.call('POST', '/api/workflows/import', bodyOf([readOrder]))
    const url = `https://apiq.example/api/workflows/${first.data.created[0].id}/export`
    const source = [{ name: 'mine', url, type: 'arazzo' }]
    const calling = { ...caller, steps: [call('a', '$sourceDescriptions.mine.whatever', order)], outputs: {} }
    const again = await tenant.call('POST', '/api/workflows/import', bodyOf([calling], source))
    expect(again.data.findings).toEqual([])
    const { data } = await tenant.call('GET', `/api/workflows/${again.data.created[0].id}`)
    expect(data.definition.steps[0]).toMatchObject({ workflowId: first.data.created[0].id, version: 1 })

    const stranger = await newTenant()
    expect((await stranger.call('POST', '/api/workflows/import', bodyOf([calling], source))).status).toBe(422)
  })
})
