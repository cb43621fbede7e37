import { tenantWithTold, type Office } from './office.ts'
import { inPath, inQuery, list, object, operation, text } from './spec-pieces.ts'

const whole = { type: 'integer' }
const day = { type: 'string', format: 'date' }
const state = { type: 'string', enum: ['open', 'done'] }
const number = (name: string) => ({ ...inPath(`${name}_id`), schema: whole })
const job = object({ id: whole, title: text, status: text, assignee_id: whole })
const studio = object({ id: whole, name: text, owner_id: whole })
const member = object({ id: whole, name: text, email: text })
const bench = object({ id: whole, name: text, state: text })
const order = object({ id: whole, placed_on: day })

/** A workshop of artists that nobody has: who does what is told by the ids of its members. */
const paths = {
  '/members': { get: operation('List members', list(member), [inQuery('q')]) },
  '/jobs': {
    get: operation('List jobs', list(job), [
      inQuery('assignee_id', whole),
      inQuery('status', state),
      inQuery('studio_id', whole),
      inQuery('q'),
    ]),
    post: operation('Create a job', job, [], object({ title: text, assignee_id: whole })),
  },
  '/jobs/{job_id}': {
    get: operation('Get a job', job, [number('job')]),
    patch: operation(
      'Update a job',
      job,
      [number('job')],
      object({ title: text, status: state, assignee_id: whole, due_on: day }),
    ),
    delete: operation('Delete a job', object({}), [number('job')]),
  },
  '/tasks': {
    get: operation('List tasks', list(object({ id: whole, status: text })), [
      inQuery('status', { type: 'string', enum: ['todo', 'done'] }),
    ]),
  },
  '/tasks/{task_id}': {
    patch: operation(
      'Update a task',
      job,
      [number('task')],
      object({ assignee_id: whole, starts_on: day, ends_on: day }),
    ),
  },
  '/studios': { get: operation('List studios', list(studio), [inQuery('q')]) },
  '/studios/{studio_id}': {
    get: operation('Get a studio', studio, [number('studio')]),
    patch: operation('Update a studio', studio, [number('studio')], object({ name: text, owner_id: whole })),
  },
  '/benches': { get: operation('List benches', list(bench)) },
  '/benches/{bench_id}': { delete: operation('Delete a bench', object({}), [number('bench')]) },
  '/orders': { get: operation('List orders', list(order), [inQuery('placed_after', day)]) },
  '/orders/{order_id}/cancel': { post: operation('Cancel an order', order, [number('order')]) },
  '/letters/{letter_id}/send': { post: operation('Send a letter', object({}), [number('letter')]) },
}

/** A tenant with the workshop connected. */
export function tenantWithAtelier(): Promise<Office> {
  return tenantWithTold('Atelier', paths, {})
}
