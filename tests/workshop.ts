import { flag, inPath, inQuery, list, named, object, operation, text } from './spec-pieces.ts'
import { tenantWithTold, type Office } from './office.ts'

const state = { type: 'string', enum: ['open', 'done', 'blocked'] }
const channel = object({ id: text, name: text, archived: flag })
const task = object({ id: text, title: text, state })
const person = object({ id: text, name: text, email: { ...text, format: 'email' } })
const label = object({ id: text, name: text })
const site = object({ id: text, name: text })

/** A joiners' workshop that nobody has: channels, the tasks of building sites, labels, and the people who do them. */
const paths = {
  '/channels': {
    get: operation('List channels', list(channel), [inQuery('name')]),
    post: operation('Create a channel', channel, [], object({ name: text }, ['name'])),
  },
  '/channels/{channelId}': {
    patch: operation('Update a channel', channel, [inPath('channelId')], object({ name: text, archived: flag })),
  },
  '/channels/{channelId}/messages': {
    post: operation(
      'Post a message in a channel',
      object({ id: text }),
      [inPath('channelId')],
      object({ text }, ['text']),
    ),
  },
  '/messages/{messageId}': { delete: operation('Delete a message', object({}), [inPath('messageId')]) },
  '/direct-messages': {
    post: operation(
      'Send a direct message to a person',
      object({ id: text }),
      [],
      object({ personId: text, text }, ['personId', 'text']),
    ),
  },
  '/tasks/search': { get: operation('Search tasks', list(task), [inQuery('q'), inQuery('state', state)]) },
  '/tasks/{taskId}': {
    patch: operation('Update a task', task, [inPath('taskId')], object({ title: text, state })),
    delete: operation('Delete a task', object({}), [inPath('taskId')]),
  },
  '/tasks/{taskId}/comments': {
    post: operation('Add a comment to a task', object({ id: text }), [inPath('taskId')], object({ text }, ['text'])),
  },
  '/tasks/{taskId}/assignees': {
    post: operation('Assign a task', task, [inPath('taskId')], object({ personId: text }, ['personId'])),
  },
  '/tasks/{taskId}/labels': {
    post: operation('Add a label to a task', task, [inPath('taskId')], object({ labelId: text }, ['labelId'])),
  },
  '/labels': { get: operation('List labels', list(label)) },
  '/sites': { get: operation('List sites', list(site)) },
  '/sites/{siteId}/tasks': {
    post: operation('Create a task on a site', task, [inPath('siteId')], object({ title: text }, ['title'])),
  },
  '/deliveries': {
    post: operation('Order a delivery', object({ id: text }), [], object({ goods: text, siteId: text }, ['goods'])),
  },
  '/people/me': { get: operation('Get the person whose key is used', person) },
  '/people/{personId}': { get: operation('Get a person', person, [inPath('personId')]) },
  '/people': { get: operation('List people', list(person), [inQuery('name')]) },
}

const told = {
  '/channels': named('gluing', 'oak-deliveries'),
  '/tasks/search': { items: [{ id: 't7', title: 'Stair railing', state: 'open' }] },
  '/labels': named('Urgent', 'Waiting'),
  '/sites': named('Harbour House', 'Mill Lane'),
  '/people': named('Priya Nair'),
  '/people/me': { id: 'P9', name: 'Ola Lund' },
}

/** A tenant with the workshop connected. */
export function tenantWithWorkshop(): Promise<Office> {
  return tenantWithTold('Workshop', paths, told)
}
