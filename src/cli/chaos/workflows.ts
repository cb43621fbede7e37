import type { Api } from '../api.ts'

/** A workflow to be run under fire, and how many writes one run of it makes. */
export type Workload = { id: string; name: string; writes: number }

const inputs = { type: 'object', properties: { tag: { type: 'string' } }, required: ['tag'] }
const retry = { maxAttempts: 10, delayMs: 200, maxDelayMs: 2000 }

const get = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'GET /orders',
  retry,
  ...more,
})

/** A customer with a name and address of its own in all of the chaos: the API refuses the same address twice. */
const create = (id: string, mark: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: `Customer {{ input.tag }} ${mark}`, email: `{{ input.tag }}-${mark}@example.com` },
  retry,
  ...more,
})

const definitions = [
  {
    name: 'chain',
    writes: 2,
    steps: [
      get('orders'),
      create('first', 'first', { dependsOn: ['orders'] }),
      { id: 'seen', type: 'transform', value: '{{ steps.first.body.id }}' },
      get('again', { dependsOn: ['first'] }),
      create('second', 'second', { dependsOn: ['again'] }),
    ],
  },
  {
    name: 'loop',
    writes: 6,
    steps: [
      {
        id: 'all',
        type: 'loop',
        items: '{{ [1..6] }}',
        as: 'n',
        concurrency: 3,
        steps: [get('look'), create('make', '{{ $string(n) }}', { dependsOn: ['look'] })],
      },
    ],
    output: '{{ $count(steps.all) }}',
  },
  {
    name: 'branches',
    writes: 3,
    steps: [
      get('orders'),
      {
        id: 'both',
        type: 'parallel',
        branches: [
          [create('left', 'left'), { id: 'nap', type: 'delay', durationMs: 700 }, create('later', 'later')],
          [
            {
              id: 'check',
              type: 'condition',
              if: '{{ $count(steps.orders.body.items) > 0 }}',
              then: [create('right', 'right')],
            },
          ],
        ],
      },
    ],
  },
]

/** Stores the workflows that the chaos is made of. */
export async function createWorkflows(api: Api, slug: string): Promise<Workload[]> {
  const workloads: Workload[] = []
  for (const { writes, ...definition } of definitions) {
    const { id } = await api.call<{ id: string }>('POST', '/api/workflows', {
      definition: JSON.parse(JSON.stringify({ ...definition, inputs }).replaceAll('"api":"store"', `"api":"${slug}"`)),
    })
    workloads.push({ id, name: definition.name, writes })
  }
  return workloads
}
