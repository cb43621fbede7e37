import { describe, expect, it } from 'vitest'
import { tenantWithTold } from './office.ts'

type Node = Record<string, unknown>

const paths = { '/pay': { post: { operationId: 'pay', responses: { 200: { description: 'Done' } } } } }
const pay = (more: Node = {}) => ({ stepId: 'pay', operationId: 'pay', ...more })
const workflow = (workflowId: string, more: Node = {}, steps: Node[] = [pay()]) => ({ workflowId, steps, ...more })

/** What the import of a document answers. */
async function answerTo(workflows: Node[], more: Node = {}) {
  const tenant = await tenantWithTold('Shop', paths, {})
  const document = {
    arazzo: '1.0.1',
    info: { title: 'Shop', version: '1' },
    sourceDescriptions: [{ name: 'shop', url: './shop.json', type: 'openapi' }],
    workflows,
    ...more,
  }
  const reply = await tenant.call('POST', '/api/workflows/import', { document })
  const definitions = []
  for (const { id } of reply.data?.created ?? [])
    definitions.push((await tenant.call('GET', `/api/workflows/${id}`)).data.definition)
  return { status: reply.status, body: reply.body, data: reply.data, definitions }
}

const numbered = (count: number, of: (index: number) => Node) => Array.from({ length: count }, (_, index) => of(index))

describe('an Arazzo document that means harm', () => {
  it.each([
    ['dependsOn', workflow('main', { dependsOn: [{ toString: 1 }] })],
    ['a stepId', workflow('main', {}, [pay({ stepId: { toString: 1 } })])],
    ['a workflowId', { ...workflow('main'), workflowId: { toString: 1 } }],
    ['a goto', workflow('main', {}, [pay({ onFailure: [{ name: 'x', type: 'goto', stepId: { toString: 1 } }] })])],
    [
      'a condition',
      workflow('main', {}, [
        pay({ onSuccess: [{ type: 'end', criteria: [{ condition: { valueOf: 1, toString: 1 } }] }] }),
      ]),
    ],
  ])('is read where %s is no text, and cannot be made one', async (_, main) => {
    expect((await answerTo([main])).status).toBe(201)
  })

  it('runs once first what it names many times', async () => {
    const main = workflow('main', { dependsOn: numbered(20_000, (index) => ['a', 'b'][index % 2] as never) })
    const { status, data, definitions } = await answerTo([main, workflow('a'), workflow('b')])
    expect([status, data.findings]).toEqual([201, []])
    expect(definitions.at(-1)?.steps.map(({ id }: Node) => id)).toEqual(['a', 'b', 'pay'])
  })

  it('is not followed into more workflows than a run may have', async () => {
    const all = numbered(100, (index) => workflow(`w${index}`, { dependsOn: [`w${index + 1}`, `w${index + 2}`] }))
    const { status, data } = await answerTo(all)
    expect(status).toBe(201)
    expect(data.refused.length).toBeGreaterThan(0)
  }, 30_000)

  it('is told that it has too many actions where steps share them', async () => {
    const criteria = numbered(100, () => ({ condition: '$statusCode == 200' }))
    const successActions = numbered(20, (index) => ({
      reference: '$components.successActions.away',
      name: `a${index}`,
    }))
    const steps = numbered(50, (index) => pay({ stepId: `pay${index}` }))
    const { status, body } = await answerTo([workflow('main', { successActions }, steps)], {
      components: { successActions: { away: { name: 'away', type: 'end', criteria } } },
    })
    expect([status, body.code, body.detail]).toEqual([422, 'ARAZZO_INVALID', expect.stringContaining('actions')])
  })

  it('has no pattern tried that takes minutes for a status of three digits', async () => {
    const criteria = [{ type: 'regex', context: '$statusCode', condition: String.raw`^(?:\d?){1000}x$` }]
    const onFailure = [{ name: 'again', type: 'retry', criteria }]
    const { data } = await answerTo([workflow('main', {}, [pay({ onFailure })])])
    expect(data.findings).toMatchObject([{ path: '/workflows/0/steps/0/onFailure/0/criteria' }])
  })
})
