import { tenantWithTold, type Office } from './office.ts'
import { inPath, inQuery, list, object, operation, text } from './spec-pieces.ts'

const whole = { type: 'integer' }
const day = { type: 'string', format: 'date' }
const play = object({ play_id: text, name: text, length_minutes: whole })
const performance = object({ performance_id: text, starts_at: { type: 'string', format: 'date-time' }, seats: whole })
const booking = object({ booking_id: text, play_title: text, member_id: text, booked_on: day })
const hit = object({ id: text, type: { type: 'string', enum: ['play', 'actor', 'recording'] }, title: text })
const review = object({ review_id: text, rating: whole, text })
const found = { ...inQuery('q'), required: true }
const kinds = {
  ...inQuery('type', { type: 'array', items: text }),
  description: 'Kinds of result to return: play, actor, recording.',
}
const paged = (items: ReturnType<typeof object>) =>
  object({ data: { type: 'array', items }, page: whole, pages: whole, total: whole })

/** A playhouse that nobody has: things are told by `…_id`, one search finds many kinds, and its members have bookings. */
const paths = {
  '/search': { get: operation('Search everything', list(hit), [found, kinds]) },
  '/plays': { get: operation('List plays', paged(play), [inQuery('page', whole)]) },
  '/plays/{play_id}': { get: operation('Get a play', play, [inPath('play_id')]) },
  '/plays/{play_id}/performances': {
    get: operation('List the performances of a play', list(performance), [
      inPath('play_id'),
      inQuery('from', day),
      inQuery('to', day),
    ]),
  },
  '/plays/{play_id}/reviews': {
    get: operation('List the reviews of a play', list(review), [inPath('play_id')]),
    post: operation('Review a play', review, [inPath('play_id')], object({ rating: whole, text }, ['rating'])),
  },
  '/actors/{actor_id}': {
    get: operation('Get an actor', object({ id: text, birthplace: text }), [inPath('actor_id')]),
  },
  '/performances/{performance_id}': {
    delete: operation('Delete a performance', object({}), [inPath('performance_id')]),
  },
  '/performances/{performance_id}/stage': {
    put: operation('Set the stage', performance, [inPath('performance_id')], object({ stage_id: text }, ['stage_id'])),
  },
  '/performances/{performance_id}/waitlist': {
    post: operation('Join the waitlist', object({}), [inPath('performance_id')], object({ member_id: text })),
  },
  '/performances/{performance_id}/refund': {
    post: operation('Refund a performance', object({}), [inPath('performance_id')]),
  },
  '/stages': { get: operation('List stages', list(object({ stage_id: text, name: text }))) },
  '/me/bookings': { get: operation('List my bookings', list(booking)) },
  '/bookings': {
    get: operation('List bookings', list(booking)),
    post: operation('Book a performance', booking, [], object({ performance_id: text }, ['performance_id'])),
  },
  '/bookings/{booking_id}': {
    patch: operation('Update a booking', booking, [inPath('booking_id')], object({ seat: text })),
    delete: operation('Cancel a booking', object({}), [inPath('booking_id')]),
  },
  '/members/search': { get: operation('Search members', list(object({ member_id: text, name: text })), [found]) },
  '/members/{member_id}': {
    put: operation('Update a member', object({}), [inPath('member_id')], object({ email: text, title: text })),
  },
  '/members/{member_id}/bookings': {
    get: operation('List the bookings of a member', list(booking), [inPath('member_id')]),
  },
  '/costume-loans': {
    post: operation(
      'Check out a costume',
      object({}),
      [],
      object({ costume_id: text, member_id: text }, ['costume_id', 'member_id']),
    ),
  },
  '/recordings/play': { put: operation('Play a recording', object({}), [], object({ recording_id: text })) },
  '/me/playlists': {
    get: operation('List my playlists', list(object({ playlist_id: text, name: text }))),
    post: operation('Create a playlist', object({ playlist_id: text }), [], object({ name: text }, ['name'])),
  },
  '/playlists/{playlist_id}/recordings': {
    post: operation(
      'Add recordings to a playlist',
      object({}),
      [inPath('playlist_id')],
      object({ ids: { type: 'array', items: text } }, ['ids']),
    ),
  },
}

const told = {
  '/search': { items: [{ id: 'a7', type: 'actor', title: 'Olu Adeyemi' }] },
  '/plays': { data: [{ play_id: 'p9', name: 'The Tempest', length_minutes: 140 }], page: 1, pages: 1, total: 1 },
  '/plays/p9/performances': { items: [] },
  '/actors/a7': { id: 'a7', birthplace: 'Ibadan' },
}

/** A tenant with the playhouse connected. */
export function tenantWithPlayhouse(): Promise<Office> {
  return tenantWithTold('Theatre', paths, told)
}
