import { expressionsOf } from './expressions.ts'

/** Chained calls of one run. */
export const STEPS = 10

const ids = Array.from({ length: STEPS }, (_, index) => `s${index + 1}`)

function call(id: string, operation: string, value: string, more: object = {}) {
  return { id, type: 'api_call', api: 'items', operation, parameters: { id: value }, ...more }
}

function chainOf(operation: string) {
  return ids.map((id, index) => {
    const value = index === 0 ? '{{ input.id }}' : `{{ steps.${ids[index - 1]}.body.next }}`
    return call(id, operation, value, operation.startsWith('POST') ? { body: { previous: value } } : {})
  })
}

/** `last` are steps after the call of each iteration: what the last gives is kept until the loop ends. */
function loopOver(operation: string, last: object[] = []) {
  return {
    id: 'all',
    type: 'loop',
    items: '{{ [1..input.count] }}',
    as: 'number',
    concurrency: 20,
    maxIterations: 10_000,
    steps: [call('each', operation, '{{ input.id & "-" & $string(number) }}'), ...last],
  }
}

const text = { id: { type: 'string' } }
const inputs = { type: 'object', properties: text, required: ['id'] }
const counted = { type: 'object', properties: { ...text, count: { type: 'integer' } }, required: ['id', 'count'] }

/** Ten transforms, one for each expression. */
export function expressionsWorkflow(number: number) {
  return {
    name: `Ten expressions, ${number}`,
    inputs: {
      type: 'object',
      properties: { ...text, lines: { type: 'array', items: { type: 'object' } } },
      required: ['id', 'lines'],
    },
    steps: expressionsOf(number).map((expression, index) => ({
      id: ids[index],
      type: 'transform',
      value: `{{ ${expression} }}`,
    })),
  }
}

/** Every workflow that the bench runs, by a name of its own. */
export const definitions = {
  gets: { name: 'Ten chained GETs', inputs, steps: chainOf('GET /items/{id}') },
  posts: { name: 'Ten chained POSTs', inputs, steps: chainOf('POST /items/{id}') },
  slowGets: { name: 'Ten chained GETs that take their time', inputs, steps: chainOf('GET /slow/{id}') },
  one: { name: 'One slow GET', inputs, steps: [call('one', 'GET /slow/{id}', '{{ input.id }}')] },
  independent: {
    name: 'Ten independent GETs',
    inputs,
    steps: ids.map((id) => call(id, 'GET /slow/{id}', `{{ input.id & "-${id}" }}`)),
  },
  expressions: expressionsWorkflow(0),
  loop: {
    name: 'A loop over slow GETs',
    inputs: counted,
    steps: [loopOver('GET /slow/{id}')],
    output: '{{ $count(steps.all) }}',
  },
  quickLoop: {
    name: 'A loop over quick GETs',
    inputs: counted,
    steps: [loopOver('GET /items/{id}', [{ id: 'got', type: 'transform', value: '{{ steps.each.status }}' }])],
    output: '{{ $count(steps.all) }}',
  },
}

/** One of them. */
export type WorkflowName = keyof typeof definitions
