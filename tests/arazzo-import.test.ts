import { describe, expect, it } from 'vitest'
import { evaluate } from '../src/steps/expressions.ts'
import { conditionToJsonata, parseCondition } from '../src/workflows/arazzo/condition.ts'
import type { Needs } from '../src/workflows/arazzo/import-missing.ts'
import { fromArazzo, type ImportApi } from '../src/workflows/arazzo/import.ts'
import { jsonPathToJsonata } from '../src/workflows/arazzo/json-path.ts'

type Node = Record<string, unknown>

const operation = (name: string, operationId: string, names: string[] = [], body = false) => ({
  operation: name,
  operationId,
  parameters: names.map((name) => ({ name, in: name === 'id' ? 'path' : 'query' })),
  body,
})
const store: ImportApi = {
  slug: 'my-store',
  name: 'My store',
  specUrl: 'https://store.example/openapi.json',
  baseUrl: 'https://store.example',
  operations: [
    operation('GET /orders', 'listOrders', ['status', 'page']),
    operation('GET /orders/{id}', 'getOrder', ['id']),
    operation('POST /orders/{id}/refunds', 'refundOrder', ['id'], true),
  ],
}

function read(steps: Node[], more: Node = {}, document: Node = {}) {
  const source = { name: 'shop', url: 'https://store.example/openapi.json', type: 'openapi' }
  const { workflows, findings } = fromArazzo(
    { arazzo: '1.0.1', sourceDescriptions: [source], workflows: [{ workflowId: 'w', steps, ...more }], ...document },
    [store],
  )
  const [workflow] = workflows
  return { workflow, findings, steps: workflow?.definition.steps ?? [] }
}

const list = (more: Node = {}) => ({ stepId: 'list-orders', operationId: 'listOrders', ...more })
const get = (stepId: string, more: Node = {}) => ({
  stepId,
  operationId: 'getOrder',
  parameters: [{ name: 'id', in: 'path', value: 'o1' }],
  ...more,
})

describe('operations', () => {
  it.each([
    ['operationId', { operationId: 'getOrder' }],
    ['operationId with its source', { operationId: '$sourceDescriptions.shop.getOrder' }],
    ['operationPath', { operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders~1{id}/get' }],
    ['operationPath, encoded', { operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders~1%7Bid%7D/get' }],
    ['operationPath without a method', { operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders~1{id}' }],
    ['operationPath behind the name of the source', { operationPath: 'shop#/paths/~1orders~1{id}/get' }],
  ])('are found by %s', (_, name) => {
    expect(read([{ stepId: 'a', ...name }]).steps).toMatchObject([{ api: 'my-store', operation: 'GET /orders/{id}' }])
  })

  it('that no connected API has are told of with the API to connect, and the rest is read', () => {
    const sourceDescriptions = [
      { name: 'shop', url: 'https://store.example/openapi.json' },
      { name: 'post', url: 'https://post.example/openapi.json' },
    ]
    const { steps, findings, workflow } = read(
      [get('a'), { stepId: 'b', operationId: '$sourceDescriptions.post.send' }],
      { outputs: { sent: '$steps.b.outputs.id', order: '$steps.a.outputs.id' } },
      { sourceDescriptions },
    )
    expect(steps.map(({ id }) => id)).toEqual(['a'])
    expect(workflow?.steps).toEqual({ total: 2, mapped: 1 })
    expect(findings.map(({ path }) => path)).toEqual([
      '/sourceDescriptions/1',
      '/workflows/0/steps/1',
      '/workflows/0/outputs/sent',
      '/workflows/0/outputs/order',
    ])
    expect(findings[0]?.message).toContain('https://post.example/openapi.json')
  })

  it('of a source that is only a file are found in the API that has them', () => {
    const sourceDescriptions = [{ name: 'other', url: './openapi.yaml' }]
    expect(read([list(), get('a')], {}, { sourceDescriptions }).steps).toMatchObject([
      { api: 'my-store' },
      { api: 'my-store' },
    ])
  })

  it('are not found for a step that runs a workflow, which is told', () => {
    const { steps, findings } = read([get('a'), { stepId: 'b', workflowId: 'other' }])
    expect(steps.map(({ id }) => id)).toEqual(['a'])
    expect(findings).toMatchObject([
      { path: '/workflows/0/steps/1', message: expect.stringContaining('workflow "other"') },
    ])
  })
})

describe('what an operation needs and the document does not give', () => {
  const item = { type: 'object', properties: { amount: { type: 'integer' }, note: {} }, required: ['amount'] }
  const needy = (needs: Needs): ImportApi => ({
    ...store,
    operations: [{ ...operation('POST /orders/{id}/refunds', 'refundOrder', ['id'], true), needs }],
  })
  const id = { name: 'id', schema: { type: 'string' } }
  const readWith = (required: boolean, step: Node, source: Node = {}, more: Node = {}) => {
    const api = needy({ parameters: [id], body: { required, schema: item } })
    const sourceDescriptions = [{ name: 'shop', url: 'https://store.example/openapi.json', ...source }]
    const steps = [{ stepId: 'a-b', operationId: 'refundOrder', ...step }]
    const { workflows } = fromArazzo({ arazzo: '1.0.1', sourceDescriptions, workflows: [{ steps, ...more }] }, [api])
    return workflows[0]?.definition
  }

  it.each([
    ['all of a body', true, {}, { body: '{{ input.a_b_body }}' }, ['a_b_id', 'a_b_body']],
    ['no body that may be left out', false, {}, {}, ['a_b_id']],
    [
      'properties of a body',
      true,
      { requestBody: { payload: { note: 'x' } } },
      { body: { note: 'x', amount: '{{ input.a_b_amount }}' } },
      ['a_b_id', 'a_b_amount'],
    ],
    [
      'nothing that is there',
      true,
      { parameters: [{ name: 'id', in: 'path', value: 'o1' }], requestBody: { payload: { amount: 1 } } },
      { parameters: { id: 'o1' }, body: { amount: 1 } },
      undefined,
    ],
  ])('is asked for as inputs: %s', (_, required, step, expected, names) => {
    const definition = readWith(required, step)
    expect(definition?.steps).toMatchObject([expected])
    expect(definition?.inputs?.required).toEqual(names)
  })

  it('is asked for under a name that no input has', () => {
    const inputs = { type: 'object', properties: { a_b_id: { type: 'integer' } } }
    expect(readWith(false, {}, {}, { inputs })?.inputs).toEqual({
      type: 'object',
      properties: { a_b_id: { type: 'integer' }, a_b_id_2: { type: 'string' } },
      required: ['a_b_id_2'],
    })
  })

  it('is not asked for where our own export has it like that', () => {
    expect(readWith(true, {}, { 'x-apiq-api': 'my-store' })?.inputs).toBeUndefined()
  })
})

describe('values', () => {
  it('are what the runtime expressions name, in JSONata', () => {
    const { steps, findings } = read(
      [
        list({ outputs: { first: '$response.body#/items/0/id', all: '$response.body', tag: '$response.header.ETag' } }),
        {
          stepId: 'refund',
          operationId: 'refundOrder',
          parameters: [{ name: 'id', in: 'path', value: '$steps.list-orders.outputs.first' }],
          requestBody: {
            payload: {
              reason: 'Order {$steps.list-orders.outputs.first} came late',
              who: '$inputs.customer#/name',
              days: '$inputs.late-by',
              second: '$steps.list-orders.outputs.all.items[1].id',
              tag: '$steps.list-orders.outputs.tag',
              price: '$5.00',
              braces: '{{ no template }}',
              flag: true,
            },
          },
        },
      ],
      { inputs: { type: 'object', properties: { customer: {}, 'late-by': { type: 'integer' } } } },
    )
    expect(findings).toEqual([])
    expect(steps[1]).toMatchObject({
      parameters: { id: '{{ steps.list_orders.body.items[0].id }}' },
      body: {
        reason: 'Order {{ steps.list_orders.body.items[0].id }} came late',
        who: '{{ input.customer.name }}',
        days: '{{ input.`late-by` }}',
        second: '{{ steps.list_orders.body.items[1].id }}',
        tag: '{{ steps.list_orders.headers.etag }}',
        price: '$5.00',
        braces: '{{ "{{" }} no template }}',
        flag: true,
      },
    })
  })

  it('keep braces of the document as they are', async () => {
    const { steps } = read([{ stepId: 'a', operationId: 'refundOrder', requestBody: { payload: 'Dear {{ name }}' } }])
    const [step] = steps
    const body = step?.type === 'api_call' ? step.body : null
    expect(await evaluate(body, { input: {}, steps: {}, run: { id: '', startedAt: '' } })).toBe('Dear {{ name }}')
  })

  it('are read from a payload that is one text of JSON, and replaced where the document says so', () => {
    const payload = '{"customer": "{$inputs.customer}", "note": "for {$inputs.days} days", "lines": [{"n": 1}]}'
    const replacements = [
      { target: '/lines/0/n', value: '$inputs.days' },
      { target: '/to/name', value: 'Ada' },
    ]
    const { steps } = read([{ stepId: 'a', operationId: 'refundOrder', requestBody: { payload, replacements } }])
    expect(steps).toMatchObject([
      {
        body: {
          customer: '{{ input.customer }}',
          note: 'for {{ input.days }} days',
          lines: [{ n: '{{ input.days }}' }],
          to: { name: 'Ada' },
        },
      },
    ])
  })

  it('that name nothing are left out and told of', () => {
    const { steps, findings } = read([
      get('a', { parameters: [{ name: 'id', in: 'path', value: '$steps.b.outputs.id' }] }),
    ])
    expect(steps).toMatchObject([{ parameters: {} }])
    expect(findings).toMatchObject([{ path: '/workflows/0/steps/0/parameters/0/value' }])
  })
})

describe('parameters', () => {
  it('come from the step, the workflow and the components, the step first', () => {
    const components = { parameters: { page: { name: 'page', in: 'query', value: 1 } } }
    const { steps, findings } = read(
      [
        list({ parameters: [{ reference: '$components.parameters.page', value: 7 }] }),
        { ...list(), stepId: 'b' },
        get('c'),
      ],
      { parameters: [{ reference: '$components.parameters.page' }, { name: 'status', in: 'query', value: 'late' }] },
      { components },
    )
    expect(findings).toEqual([])
    expect(steps).toMatchObject([
      { parameters: { page: 7, status: 'late' } },
      { parameters: { page: 1, status: 'late' } },
      // What an operation does not take is not given to it.
      { parameters: { id: 'o1' } },
    ])
    expect(steps[2]).not.toHaveProperty('parameters.page')
  })

  it('that the operation does not have are left out and told of', () => {
    const { steps, findings } = read([get('a', { parameters: [{ name: 'token', in: 'header', value: 'secret' }] })])
    expect(steps).toMatchObject([{ parameters: {} }])
    expect(findings).toMatchObject([{ path: '/workflows/0/steps/0/parameters/0' }])
  })
})

describe('failure actions', () => {
  it('become retries and the way on, those of the workflow behind those of the step', () => {
    const components = {
      failureActions: {
        later: {
          name: 'later',
          type: 'retry',
          retryAfter: 2,
          retryLimit: 3,
          criteria: [{ condition: '$statusCode >= 503' }],
        },
      },
    }
    const { steps, findings } = read(
      [get('a', { onFailure: [{ name: 'on', type: 'goto', stepId: 'c' }] }), get('b'), get('c')],
      { failureActions: [{ reference: '$components.failureActions.later' }, { name: 'stop', type: 'end' }] },
      { components },
    )
    expect(findings).toEqual([])
    expect(steps).toMatchObject([
      { onError: { goto: 'c' } },
      { retry: { maxAttempts: 4, backoff: 'constant', delayMs: 2000 }, onError: 'fail' },
      { onError: 'fail' },
    ])
    const [, second] = steps
    expect(second?.type === 'api_call' ? second.retry?.on?.slice(0, 2) : null).toEqual([503, 504])
  })

  it('that cannot be said are told of', () => {
    const { findings } = read([
      get('a'),
      get('b', { onFailure: [{ name: 'back', type: 'goto', stepId: 'a' }] }),
      get('c', { onFailure: [{ name: 'away', type: 'goto', workflowId: 'x' }] }),
    ])
    expect(findings.map(({ path }) => path)).toEqual([
      '/workflows/0/steps/1/onFailure/0',
      '/workflows/0/steps/2/onFailure/0',
    ])
  })
})

/** Whether the steps of a workflow would be made, one after the other, when all calls are answered by these. */
async function made(steps: ReturnType<typeof read>['steps'], answers: Record<string, Node>): Promise<string[]> {
  const outputs: Record<string, unknown> = {}
  for (const step of steps) {
    const scope = { input: {}, steps: outputs, run: { id: '', startedAt: '' } }
    if (step.when !== undefined && (await evaluate(step.when, scope)) !== true) continue
    outputs[step.id] = answers[step.id] ?? { status: 200, body: {} }
  }
  return Object.keys(outputs)
}

describe('success actions', () => {
  const steps = [
    get('a', {
      onSuccess: [
        { name: 'new', type: 'goto', stepId: 'c', criteria: [{ condition: '$statusCode == 201' }] },
        {
          name: 'none',
          type: 'end',
          criteria: [{ context: '$response.body', type: 'jsonpath', condition: '$[?count(@.items) == 0]' }],
        },
      ],
    }),
    get('b', { onSuccess: [{ name: 'over', type: 'goto', stepId: 'd' }] }),
    get('c'),
    get('d'),
  ]

  it.each([
    [{ status: 201, body: { items: [] } }, ['a', 'c', 'd']],
    [{ status: 200, body: { items: [] } }, ['a']],
    [{ status: 200, body: { items: [1] } }, ['a', 'b', 'd']],
  ])('decide by %j what is made', async (answer, expected) => {
    const { steps: read_, findings } = read(steps)
    expect(findings).toEqual([])
    expect(await made(read_, { a: answer })).toEqual(expected)
  })

  it('that cannot be read are left to a person', () => {
    const back = {
      name: 'again',
      type: 'goto',
      stepId: 'a',
      criteria: [{ condition: "$response.body#/state == 'pending'" }],
    }
    const { steps: read_, findings } = read([get('a'), get('b', { onSuccess: [back] }), get('c')])
    expect(read_.map(({ id, type }) => [id, type])).toEqual([
      ['a', 'api_call'],
      ['b', 'api_call'],
      ['b_decision', 'approval'],
      ['c', 'api_call'],
    ])
    expect(read_[2]).toMatchObject({
      message: expect.stringContaining("go to a when $response.body#/state == 'pending'"),
    })
    expect(findings).toMatchObject([{ path: '/workflows/0/steps/1/onSuccess/0' }])
  })
})

describe('success criteria', () => {
  it('beyond the status are checked behind the step', async () => {
    const criteria = [
      { condition: '$statusCode == 200' },
      { condition: "$response.body#/state == 'Open'" },
      { context: '$response.body', type: 'jsonpath', condition: '$.items[?(@.price > 10 && @.kind != "gift")]' },
      { context: '$response.header.content-type', type: 'regex', condition: '^application/json' },
    ]
    const { steps, findings, workflow } = read([get('a', { successCriteria: criteria })])
    expect(findings).toEqual([])
    expect(workflow?.notes).toHaveLength(1)
    const check = steps[1]
    if (check?.type !== 'transform') throw new Error('there is no check')
    const value = (body: Node, type = 'application/json') =>
      evaluate(check.value, {
        input: {},
        steps: { a: { status: 200, headers: { 'content-type': type }, body } },
        run: { id: '', startedAt: '' },
      })
    const good = { state: 'OPEN', items: [{ price: 5 }, { price: 20, kind: 'tool' }] }
    expect(await value(good)).toBeUndefined()
    await expect(value({ ...good, state: 'closed' })).rejects.toThrow('not what the document wants')
    await expect(value({ ...good, items: [{ price: 20, kind: 'gift' }] })).rejects.toThrow(
      'not what the document wants',
    )
    await expect(value(good, 'text/html')).rejects.toThrow('not what the document wants')
  })

  it('that take a failure for success are statuses on which the step succeeds', () => {
    const { steps, findings } = read([
      get('a', { successCriteria: [{ condition: '$statusCode < 300 || $statusCode == 404 || $statusCode == 410' }] }),
    ])
    expect([steps[0], findings]).toEqual([expect.objectContaining({ succeedsOn: [404, 410] }), []])
  })

  it('that cannot be met or read are told of', () => {
    const { findings } = read([
      get('a', { successCriteria: [{ condition: '$statusCode == 302' }] }),
      get('b', { successCriteria: [{ context: '$response.body', type: 'xpath', condition: '/order' }] }),
    ])
    expect(findings.map(({ path }) => path)).toEqual([
      '/workflows/0/steps/0/successCriteria',
      '/workflows/0/steps/1/successCriteria/0',
    ])
  })
})

describe('a simple condition', () => {
  const context = { steps: new Map(), inputs: new Set<string>(), current: { id: 'a', outputs: {} } }
  const holds = async (text: string, body: unknown) => {
    const condition = parseCondition(text)
    const found = condition && conditionToJsonata(condition, context)
    if (!found || !('value' in found)) throw new Error(`${text} is not read`)
    const scope = { input: {}, steps: { a: { status: 200, body } }, run: { id: '', startedAt: '' } }
    return Boolean(await evaluate(`{{ ${found.value} }}`, scope))
  }

  it.each([
    ['$response.body#/n > 3 && $response.body#/n <= 5', { n: 5 }, true],
    ['$response.body#/n > 3 && $response.body#/n <= 5', { n: 6 }, false],
    ["$response.body#/s == 'it''s' || $statusCode == 404", { s: "IT'S" }, true],
    ['!($response.body#/n == 1)', { n: 1 }, false],
    ['!$response.body#/absent', {}, true],
    ['$response.body#/absent == null', {}, true],
    ['$response.body#/absent != null', {}, false],
    ['$response.body#/absent != 3', {}, true],
    ['$response.body#/0/id == 7', [{ id: 7 }], true],
    ['$response.body.list[1] == true', { list: [false, true] }, true],
    ["$response.body#/s != 'a'", { s: 'b' }, true],
  ])('%s of %j is %s', async (text, body, expected) => {
    expect(await holds(text, body)).toBe(expected)
  })

  it.each(['', '$statusCode ==', '== 200', '($statusCode == 200', '$statusCode = 200', 'status is 200', '(((((('])(
    '%j is none',
    (text) => {
      expect(parseCondition(text)).toBeNull()
    },
  )
})

describe('a JSONPath query', () => {
  const value = {
    store: {
      books: [
        { title: 'A', price: 8, tags: ['x'] },
        { title: 'B', price: 22 },
      ],
      'a-b': 1,
    },
  }
  it.each([
    ['$.store.books[0].title', 'A'],
    ["$.store['a-b']", 1],
    ['$.store.books[*].title', ['A', 'B']],
    ['$.store.books[-1].title', 'B'],
    ['$..price', [8, 22]],
    ['$.store.books[?(@.price < 10)].title', 'A'],
    ['$.store.books[?@.price >= 10 && @.title == "B"].title', 'B'],
    ["$.store.books[?(!@.tags || @.title == 'C')].title", 'B'],
    ['$.store.books[?(length(@.title) > 3)]', undefined],
  ])('%s gives what it says', async (query, expected) => {
    const found = jsonPathToJsonata(query, 'input.value')
    expect(await evaluate(`{{ ${found} }}`, { input: { value }, steps: {}, run: { id: '', startedAt: '' } })).toEqual(
      expected,
    )
  })

  it.each(['store.books', '$.books[0:2]', '$.books[?($.max > @.price)]', '$[', '$.a[?(', '$.a[?search(@.b, "c")]'])(
    '%s has no form',
    (query) => {
      expect(jsonPathToJsonata(query, 'input.value')).toBeNull()
    },
  )
})
