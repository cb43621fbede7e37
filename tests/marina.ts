import { tenantWithTold, type Office } from './office.ts'
import { inPath, inQuery, list, object, operation, text } from './spec-pieces.ts'

const whole = { type: 'integer' }
const id = (name: string) => inPath(`${name}_id`)
// That of what is numbered.
const number = (name: string) => ({ ...id(name), schema: whole })
const invoice = object({ invoice_id: text, total: whole, status: text })
const contract = object({ contract_id: text, status: text, renews_on: { type: 'string', format: 'date' } })
const order = object({ work_order_id: text, note: text })
const boat = object({ boat_id: whole, name: text, phone: text })
const request = object({ request_id: whole, status: text })
const gate = object({ gate_id: whole, label: text })
const mooring = object({ mooring_id: whole, boat_id: whole, owner_id: whole })
const command = { type: 'string', enum: ['turn_on', 'turn_off', 'lock', 'raise'] }

/** A marina that nobody has: its ids begin with what they are of, and its gates are told what to do. */
const paths = {
  '/invoices': {
    get: operation('List invoices', list(invoice), [inQuery('status')]),
    post: operation('Create an invoice', invoice, [], object({ boat_id: whole, total: whole }, ['boat_id'])),
  },
  '/invoices/{invoice_id}': { get: operation('Get an invoice', invoice, [id('invoice')]) },
  '/invoices/{invoice_id}/pdf': {
    get: operation('Download the PDF of an invoice', object({ url: text }), [id('invoice')]),
  },
  '/invoices/{invoice_id}/void': { post: operation('Void an invoice', invoice, [id('invoice')]) },
  '/invoices/{invoice_id}/refund': { post: operation('Refund an invoice', invoice, [id('invoice')]) },
  '/invoices/remind': {
    post: operation(
      'Send reminders',
      object({}),
      [],
      object({ invoice_ids: { type: 'array', items: text } }, ['invoice_ids']),
    ),
  },
  '/returns': { post: operation('Create a return', object({}), [], object({ invoice_id: text }, ['invoice_id'])) },
  '/contracts/{contract_id}': {
    get: operation('Get a contract', contract, [id('contract')]),
    patch: operation('Update a contract', contract, [id('contract')], object({ discount: whole })),
  },
  '/contracts/{contract_id}/pause': { post: operation('Pause a contract', contract, [id('contract')]) },
  '/contracts/{contract_id}/cancel': { post: operation('Cancel a contract', contract, [id('contract')]) },
  '/work-orders/{work_order_id}': {
    get: operation('Get a work order', order, [id('work_order')]),
    patch: operation('Update a work order', order, [id('work_order')], object({ status: text })),
    delete: operation('Delete a work order', object({}), [id('work_order')]),
  },
  '/boats': {
    get: operation('List boats', list(boat), [inQuery('q'), inQuery('per_page', whole)]),
    post: operation('Add a boat', boat, [], object({ name: text, phone: text }, ['name'])),
  },
  '/boats/{boat_id}': {
    get: operation('Get a boat', boat, [number('boat')]),
    patch: operation('Update a boat', boat, [number('boat')], object({ name: text, phone: text })),
    delete: operation('Delete a boat', object({}), [number('boat')]),
  },
  '/boats/{boat_id}/surveys': {
    get: operation('List the surveys of a boat', list(object({ survey_id: whole, passed: { type: 'boolean' } })), [
      number('boat'),
      inQuery('term'),
    ]),
  },
  '/boats/{boat_id}/notes': {
    post: operation('Add a note to a boat', object({}), [number('boat')], object({ text }, ['text'])),
  },
  '/owners/{owner_id}/fees': {
    get: operation('List the fees of an owner', list(object({ fee_id: whole, amount: whole })), [
      number('owner'),
      inQuery('term'),
    ]),
  },
  '/owners': { get: operation('List owners', list(object({ owner_id: whole, name: text })), [inQuery('q')]) },
  '/moorings': {
    get: operation('List moorings', list(mooring), [inQuery('boat_id', whole), inQuery('owner_id', whole)]),
  },
  '/moorings/bulk-cancel': {
    post: operation(
      'Cancel moorings',
      object({}),
      [],
      object({ mooring_ids: { type: 'array', items: whole } }, ['mooring_ids']),
    ),
  },
  '/moorings/{mooring_id}/hold': {
    post: operation('Hold a mooring', mooring, [number('mooring')], object({ reason: text }, ['reason'])),
  },
  '/moorings/{mooring_id}/release': { post: operation('Release a mooring', mooring, [number('mooring')]) },
  '/moorings/{mooring_id}': { delete: operation('Cancel a mooring', object({}), [number('mooring')]) },
  '/requests': {
    get: operation('List requests', list(request)),
    post: operation('Make a request', request, [], object({ quantity: whole })),
  },
  '/requests/{request_id}': { get: operation('Get a request', request, [number('request')]) },
  '/requests/{request_id}/reject': {
    post: operation('Reject a request', request, [number('request')], object({ comment: text })),
  },
  '/requests/{request_id}/restore': { post: operation('Restore a request', request, [number('request')]) },
  '/gates': { get: operation('List gates', list(gate), [inQuery('q')]) },
  '/gates/{gate_id}': {
    get: operation('Get a gate', gate, [number('gate')]),
    patch: operation('Update a gate', gate, [number('gate')], object({ label: text })),
  },
  '/gates/{gate_id}/commands': {
    post: operation('Send a command to a gate', object({}), [number('gate')], object({ command }, ['command'])),
  },
  '/gates/{gate_id}/firmware-update': {
    post: operation('Update the firmware of a gate', object({}), [number('gate')]),
  },
  '/routines/{routine_id}/disable': { post: operation('Disable a routine', object({}), [id('routine')]) },
  '/logs/{log_id}/cells/{cell}/clear': {
    post: operation('Clears the values of one cell', object({}), [id('log'), inPath('cell')]),
  },
  '/logs/{log_id}/cells/batchClear': {
    post: operation(
      'Clears one or more cells of values',
      object({}),
      [id('log')],
      object({ cells: { type: 'array', items: text } }),
    ),
  },
}

const told = {
  '/boats': { items: [{ boat_id: 7, name: 'Kittiwake', phone: '555-0172' }] },
  '/boats/7': { boat_id: 7, name: 'Kittiwake', phone: '555-0172' },
}

/** A tenant with the marina connected. */
export function tenantWithMarina(): Promise<Office> {
  return tenantWithTold('Marina', paths, told)
}
