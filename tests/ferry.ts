import { tenantWithTold, type Office } from './office.ts'
import { inPath, inQuery, list, object, operation, text } from './spec-pieces.ts'

const whole = { type: 'integer' }
const moment = { type: 'string', format: 'date-time' }
const choice = (...values: string[]) => ({ type: 'string', enum: values })
const id = (name: string) => inPath(`${name}_id`)
const number = (name: string) => ({ ...id(name), schema: whole })
const passenger = object({ id: whole, name: text, email: text, phone: text, address: text })
const crossing = object({ id: text, reference: text, status: text, price: whole, starts_at: moment })
const department = object({ id: whole, name: text })
const shift = object({ id: whole, dept_id: whole, starts_at: moment })
const dog = object({ id: whole, name: text, owner_id: whole })
const claim = object({ id: whole, claimant: text, status: text })
const alarm = object({ id: whole, name: text })
const photo = object({ id: whole, name: text })

/** A ferry line that nobody has: ids that are short for what they are of, filters by reference, by name and by whose it is. */
const paths = {
  '/passengers': {
    get: operation('List passengers', list(passenger), [inQuery('search')]),
    post: operation('Add a passenger', passenger, [], object({ name: text, phone: text, address: text }, ['name'])),
  },
  '/passengers/{passenger_id}': {
    get: operation('Get a passenger', passenger, [number('passenger')]),
    patch: operation(
      'Update a passenger',
      passenger,
      [number('passenger')],
      object({ email: text, phone: text, address: text, contact_by: choice('email', 'phone', 'post') }),
    ),
  },
  '/passengers/{passenger_id}/check-in': { post: operation('Check in', passenger, [number('passenger')]) },
  '/passengers/{passenger_id}/check-out': { post: operation('Check out', passenger, [number('passenger')]) },
  '/passengers/{passenger_id}/dogs': {
    get: operation("List a passenger's dogs", list(dog), [number('passenger')]),
  },
  '/dogs': { get: operation('Search dogs', list(dog), [inQuery('name'), inQuery('breed')]) },
  '/dogs/{dog_id}/walks': { get: operation('Walks of a dog', list(object({ id: whole })), [number('dog')]) },
  '/crossings': {
    get: operation('Search crossings', list(crossing), [inQuery('reference'), inQuery('status'), inQuery('city')]),
  },
  '/crossings/{crossing_id}': {
    get: operation('Get a crossing', crossing, [id('crossing')]),
    patch: operation('Update a crossing', crossing, [id('crossing')], object({ starts_at: moment, note: text })),
    delete: operation('Delete a crossing', object({}), [id('crossing')]),
  },
  '/crossings/{crossing_id}/cancel': {
    post: operation('Cancel', crossing, [id('crossing')], object({ comment: text })),
  },
  '/crossings/{crossing_id}/eta': { get: operation('Estimated arrival', object({ eta: moment }), [id('crossing')]) },
  '/crossings/{crossing_id}/travelers': {
    get: operation('People on board', list(passenger), [id('crossing')]),
  },
  '/crossings/{crossing_id}/photos': { get: operation('List photos', list(photo), [id('crossing')]) },
  '/photos/{photo_id}': { delete: operation('Delete a photo', object({}), [number('photo')]) },
  '/reports/crossings/{crossing_id}': {
    get: operation('How a crossing did', object({ seats: whole }), [id('crossing')]),
  },
  '/departments': { get: operation('List departments', list(department), [inQuery('q')]) },
  '/departments/{dept_id}/shifts': { get: operation('List shifts', list(shift), [number('dept')]) },
  '/departments/{dept_id}/crew/{sailor_id}': {
    delete: operation('Take somebody off the crew', object({}), [number('dept'), number('sailor')]),
  },
  '/shifts': { get: operation('All shifts', list(shift), [inQuery('dept_id', whole), inQuery('status')]) },
  '/quotes/{quote_id}': { get: operation('Get a quote', object({ id: text, price: whole }), [id('quote')]) },
  '/quotes/{quote_id}/accept': { post: operation('Accept a quote', object({}), [id('quote')]) },
  '/claims': { get: operation('List claims', list(claim), [inQuery('claimant'), inQuery('status')]) },
  '/claims/{claim_id}': {
    patch: operation('Decide on a claim', claim, [number('claim')], object({ status: choice('approved', 'rejected') })),
  },
  '/alarms': {
    get: operation('List alarms', list(alarm)),
    post: operation('Create an alarm', alarm, [], object({ name: text }, ['name'])),
  },
  '/alarms/{alarm_id}/pause': { post: operation('Pause', alarm, [number('alarm')]) },
  '/alarms/{alarm_id}/start': { post: operation('Activate', alarm, [number('alarm')]) },
  '/timetables/{timetable_id}/duplicate': { post: operation('Duplicate', object({}), [number('timetable')]) },
  '/lab-orders': {
    post: operation('Order a lab test', object({}), [], object({ crossing_id: text, test: text }, ['crossing_id'])),
  },
  '/lab-orders/{lab_order_id}/results': {
    get: operation('Lab results', list(object({ id: whole, value: text })), [id('lab_order')]),
  },
}

/** A tenant with the ferry line connected. */
export function tenantWithFerry(): Promise<Office> {
  return tenantWithTold('Ferry line', paths, {})
}
