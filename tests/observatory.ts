import { tenantWithTold, type Office } from './office.ts'
import { inPath, inQuery, list, named, object, operation, text } from './spec-pieces.ts'

const member = object({ id: text, name: text, email: { ...text, format: 'email' }, timezone: text })
const photo = object({ id: text, title: text })
const alarm = object({ id: text, label: text, at: text })
const ticket = object({ id: text, title: text, assigneeId: text, ticketSource: text, amount: { type: 'number' } })
const room = object({ id: text, name: text, topic: text })

/** An observatory that nobody has: its members, their photographs and notes, rooms to talk in, alarms and tickets. */
const paths = {
  '/members': { get: operation('List members, in short', list(object({ id: text, name: text }))) },
  '/members/{memberId}': { get: operation('Get a member', member, [inPath('memberId')]) },
  '/members/{memberId}/presence': { get: operation('Get presence', object({ online: text }), [inPath('memberId')]) },
  '/notes/search': {
    get: operation('Search notes', list(object({ id: text, text, memberId: text, roomId: text })), [
      { ...inQuery('query'), required: true },
    ]),
  },
  '/photos/{photoId}': { get: operation('Get a photo', photo, [inPath('photoId')]) },
  '/photos/{photoId}/likes': {
    post: operation('Set a like on a photo', object({}), [inPath('photoId')]),
    delete: operation('Remove a like from a photo', object({}), [inPath('photoId')]),
  },
  '/rooms': { get: operation('List rooms', list(room)) },
  '/rooms/{roomId}/leave': { post: operation('Leave a room', object({}), [inPath('roomId')]) },
  '/rooms/{roomId}/topic': {
    put: operation('Set the topic of a room', room, [inPath('roomId')], object({ topic: text }, ['topic'])),
  },
  '/rooms/{roomId}/messages': {
    post: operation('Post a message in a room', object({ id: text }), [inPath('roomId')], object({ text }, ['text'])),
  },
  '/rooms/{roomId}/messages/{messageId}': {
    delete: operation('Delete a message', object({}), [inPath('roomId'), inPath('messageId')]),
  },
  '/alarms': {
    get: operation('List alarms', list(alarm)),
    post: operation('Create an alarm', alarm, [], object({ label: text, at: text }, ['label', 'at'])),
  },
  '/alarms/{alarmId}': { delete: operation('Delete an alarm', object({}), [inPath('alarmId')]) },
  '/tickets': {
    get: operation('List tickets', list(ticket)),
    post: operation('Create a ticket', ticket, [], object({ title: text }, ['title'])),
  },
  '/tickets/{ticketId}': {
    patch: operation(
      'Update a ticket',
      ticket,
      [inPath('ticketId')],
      object({ title: text, assigneeId: text, ticketSource: text, amount: { type: 'number' } }),
    ),
  },
}

const told = {
  '/members': named('Olu Adeyemi', 'Bea Strand'),
  '/members/B2': { id: 'B2', name: 'Bea Strand', email: 'bea@observatory.example', timezone: 'Europe/Oslo' },
  '/members/B2/presence': { online: 'yes' },
  '/notes/search': { items: [{ id: 'n1', text: 'Seen with Bea Strand', memberId: 'O1', roomId: 'r4' }] },
  '/rooms': { items: [{ id: 'r4', name: 'dome', topic: 'Saturn tonight' }] },
}

/** A tenant with the observatory connected. */
export function tenantWithObservatory(): Promise<Office> {
  return tenantWithTold('Observatory', paths, told)
}
