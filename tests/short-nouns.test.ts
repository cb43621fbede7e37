import { describe, expect, it } from 'vitest'
import { isNounOf, isSameNoun, shortNouns } from '../src/links/short-nouns.ts'
import { peopleFor, roleOf } from '../src/links/roles.ts'

describe('what the ids of a path are short for', () => {
  it.each([
    ['/repositories/{repo_id}/branches', [['repo', 'repository']]],
    ['/departments/{deptId}', [['dept', 'department']]],
    ['/payslips/{slip_id}/pdf', [['slip', 'payslip']]],
    ['/job-openings/{opening_id}', [['opening', 'job opening']]],
    ['/time-off-requests/{tor_id}', [['tor', 'time off request']]],
    [
      '/repositories/{repo_id}/merge-requests/{mr_id}',
      [
        ['repo', 'repository'],
        ['mr', 'merge request'],
      ],
    ],
  ])('%s', (path, pairs) => {
    expect(shortNouns(path)).toEqual(pairs)
  })

  it.each(['/orders/{order_id}', '/orders/{id}', '/projects/{project_id}/members/{user_id}', '/lists/{cat_id}', '/me'])(
    'is nothing that is called otherwise, or the same: %s',
    (path) => {
      expect(shortNouns(path)).toEqual([])
    },
  )
})

it.each([
  ['repo', 'repository', true],
  ['book', 'booking', false],
  ['build', 'building', false],
  ['order', 'order', true],
])('%s stands for “%s”: %s', (noun, said, is) => {
  expect(isSameNoun(noun, said)).toBe(is)
})

it.each([
  ['time off request', 'requests', true],
  ['time off request', 'time', false],
  [null, 'request', false],
])('%s is called “%s”: %s', (noun, said, is) => {
  expect(isNounOf(noun, said)).toBe(is)
})

describe('who may have a role', () => {
  it.each([
    ['assignee', ['task', 'user'], ['user']],
    ['head emp', ['user', 'employee'], ['employee']],
    ['owner', ['member', 'agent'], []],
    ['owner', ['user', 'member'], ['user']],
  ])('%s among %j', (noun, resources, people) => {
    expect(roleOf(noun)).not.toBeNull()
    expect(peopleFor(noun, resources)).toEqual(people)
  })

  it('is nobody for what is no role', () => {
    expect(roleOf('order')).toBeNull()
  })
})
