import type { ChatRequest } from './openai.ts'

const proposal = (steps: object[], more: object = {}) => ({ steps, inputs: [], assumptions: [], cannot: null, ...more })
const orders = {
  type: 'call',
  id: 'orders',
  function: 'store_listOrders',
  with: [{ name: 'status', value: 'late' }],
}
const invented = proposal([{ type: 'call', id: 'a', function: 'store_deleteEverything', with: [] }])
const removal = {
  type: 'call',
  id: 'gone',
  function: 'store_deleteCustomer',
  with: [{ name: 'customerId', value: 'cus_1001' }],
}

/** What a model that plans well proposes. */
export const listOrders = proposal([orders])

/** Proposals of models by their name; `corrected` once they were told that something does not hold. */
export const proposals: Record<string, (request: ChatRequest, corrected: boolean) => unknown> = {
  good: () => listOrders,
  'invents-once': (_request, corrected) => (corrected ? listOrders : invented),
  invents: () => invented,
  'misnames-a-value-once': (_request, corrected) =>
    corrected ? listOrders : proposal([{ ...orders, with: [{ name: 'lateness', value: 'late' }] }]),
  empty: () => proposal([]),
  cannot: () => proposal([], { cannot: 'an API that sends faxes' }),
  'writes-objects': () => proposal([{ ...orders, with: { status: 'late', limit: '2' } }]),
  'loops-and-decides': () =>
    proposal([
      orders,
      {
        type: 'loop',
        id: 'each',
        each: '{{ steps.orders.body.items }}',
        as: 'order',
        steps: [
          {
            type: 'call',
            id: 'items',
            function: 'store_listOrderItems',
            with: [{ name: 'orderId', value: '{{ order.id }}' }],
          },
        ],
      },
      {
        type: 'condition',
        id: 'many',
        if: '{{ $count(steps.each) > 3 }}',
        // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
        then: [{ type: 'transform', id: 'count', value: '{{ $count(steps.each) }}' }],
        else: [],
      },
    ]),
  orders: () =>
    proposal(
      [
        {
          type: 'call',
          id: 'order',
          function: 'store_createOrder',
          with: [
            { name: 'body.customerId', value: '{{ input.customer }}' },
            { name: 'body.items.0.productId', value: 'prd_2001' },
            { name: 'body.items.0.quantity', value: 2 },
          ],
        },
        orders,
      ],
      { inputs: [{ name: 'customer', type: 'string', description: 'Whose order it is' }] },
    ),
  'asks-which': () =>
    proposal(
      [
        {
          type: 'call',
          id: 'order',
          function: 'store_getOrder',
          with: [{ name: 'orderId', value: '{{ input.order }}' }],
        },
      ],
      { inputs: [{ name: 'order', type: 'string', description: 'Which order' }] },
    ),
  'obeys-anybody': () => proposal([orders, removal]),
  'sorts-too': ({ messages }) =>
    // Shows that it was told of what was planned before.
    messages.some(({ content }) => content.includes('I planned these steps') && content.includes('GET /orders'))
      ? proposal([{ ...orders, with: [...orders.with, { name: 'limit', value: 2 }] }])
      : listOrders,
}
