import { tenantWithTold, type Office } from './office.ts'

const text = { type: 'string' }
const whole = { type: 'integer' }
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const object = (properties: object) => ({ type: 'object', properties })
const takes = (properties: object, required: string[] = []) => ({
  required: required.length > 0,
  content: { 'application/json': { schema: { ...object(properties), required } } },
})
const inPath = (name: string, schema: object = text) => ({ name, in: 'path', required: true, schema })
const query = (name: string, schema: object = text) => ({ name, in: 'query', schema })
const owner = inPath('owner')
const project = inPath('project')
const number = inPath('defect_number', whole)

const defect = object({ number: whole, title: text, state: text, opened_at: { type: 'string', format: 'date-time' } })
const remark = object({ id: whole, text })
const listOf = (items: object) => answers({ type: 'array', items })
const named = object({ name: text, owner: text })

const call = (summary: string, parameters: object[], responses: object, requestBody?: object) => ({
  summary,
  parameters,
  responses,
  ...(requestBody && { requestBody }),
})

/** A host of code that nobody has, with projects in projects' owners, and words cut short in its paths. */
const paths = {
  '/projects/{owner}/{project}': {
    get: call('Get a project', [owner, project], answers(named)),
    delete: call('Delete a project', [owner, project], answers(object({}))),
  },
  '/projects/{owner}/{project}/defects': {
    get: call('List defects', [owner, project, query('state', { ...text, enum: ['open', 'closed'] })], listOf(defect)),
    post: call('Report a defect', [owner, project], answers(defect), takes({ title: text }, ['title'])),
  },
  '/projects/{owner}/{project}/defects/{defect_number}': {
    patch: call(
      'Update a defect',
      [owner, project, number],
      answers(defect),
      takes({ title: text, state: { ...text, enum: ['open', 'closed'] } }),
    ),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/remarks': {
    get: call('List the remarks on a defect', [owner, project, number], listOf(remark)),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/marks/{name}': {
    delete: call('Remove a mark from a defect', [owner, project, number, inPath('name')], answers(object({}))),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/marks': {
    delete: call('Remove all marks from a defect', [owner, project, number], answers(object({}))),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/freeze': {
    put: call('Freeze a defect', [owner, project, number], answers(object({})), takes({ reason: text })),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/badges/{name}': {
    delete: call('Take it off', [owner, project, number, inPath('name')], answers(object({}))),
  },
  '/projects/{owner}/{project}/badges/{name}': {
    delete: call('Delete a badge of defects', [owner, project, inPath('name')], answers(object({}))),
  },
  '/projects/{owner}/{project}/branches/{branch}/protection': {
    delete: call('Delete branch protection', [owner, project, inPath('branch')], answers(object({}))),
  },
  '/projects/{owner}/{project}/defects/{defect_number}/sub_defects': {
    post: call(
      'Add a sub-defect',
      [owner, project, number],
      answers(defect),
      takes({ sub_defect_id: whole }, ['sub_defect_id']),
    ),
  },
  '/users/{username}': { get: call('Get a user', [inPath('username')], answers(object({ login: text }))) },
  '/orgs/{org}/seats/selected_users': {
    delete: call(
      'Remove users from the paid seats of an organization',
      [inPath('org')],
      answers(object({})),
      takes({ selected_usernames: { type: 'array', items: text } }, ['selected_usernames']),
    ),
  },
  '/projects/{owner}/{project}/copies': {
    get: call('List copies', [owner, project], listOf(named)),
    post: call('Create a copy', [owner, project], answers(named)),
  },
  '/member/bookmarked/{owner}/{project}': {
    get: call('Check if a project is bookmarked by the authenticated member', [owner, project], answers(object({}))),
    put: call('Bookmark a project for the authenticated member', [owner, project], answers(object({}))),
  },
  '/organizations': { get: call('List organizations', [], listOf(named)) },
  '/member/orgs': { get: call('List organizations for the authenticated member', [], listOf(named)) },
  '/orgs/{org}/crews': { get: call('List crews', [inPath('org')], listOf(named)) },
  '/orgs/{org}/crews/{crew_slug}/members': {
    get: call('List the members of a crew', [inPath('org'), inPath('crew_slug')], listOf(object({ login: text }))),
  },
  '/search/projects': {
    get: call('Search projects', [query('q')], answers(object({ items: { type: 'array', items: named } }))),
  },
  '/projects': { get: call('List public projects', [], listOf(named)) },
  '/machines/{machine_id}': {
    get: call('Get a machine', [inPath('machine_id', whole)], answers(object({ id: whole }))),
  },
  '/machines/{machine_id}/actions': {
    post: call(
      'Initiate an action of a machine',
      [inPath('machine_id', whole)],
      answers(object({})),
      takes({ type: { ...text, enum: ['reboot', 'power_off', 'snapshot'] }, name: text }, ['type']),
    ),
  },
  '/domains/{domain_name}/records': {
    get: call('List the records of a domain', [inPath('domain_name')], listOf(named)),
  },
}

const defects = [
  { number: 7, title: 'Crash', state: 'open', opened_at: '2026-02-01T00:00:00Z' },
  { number: 5, title: 'Typo', state: 'open', opened_at: '2026-01-01T00:00:00Z' },
]

/** A tenant with the host connected, which has one project, ada/loom-2, with two defects. */
export function tenantWithCodeHost(): Promise<Office> {
  return tenantWithTold('Code host', paths, {
    '/projects/ada/loom-2/defects': defects,
    '/projects/ada/loom-2/defects/7/remarks': [{ id: 1, text: 'Seen too' }],
    '/search/projects': { items: [{ name: 'loom-2', owner: 'ada' }] },
  })
}
