import { describe, expect, it } from 'vitest'
import type { Step as Planned } from '../src/steps/schema.ts'
import { tenantWithAtelier } from './atelier.ts'

type Step = { operation: string | null; bindings: { target: string; value: string }[] }
type Body = { body?: Record<string, unknown>; steps?: Planned[] }

const planned = async (message: string) => {
  const plan = await (await tenantWithAtelier()).plan(message)
  const calls = (plan.steps as Step[]).flatMap(({ operation: call }) => call ?? [])
  return { status: plan.status as string, calls, definition: plan.definition as { steps: (Planned & Body)[] } }
}

const FOUND = ['GET /members', 'PATCH /jobs/{job_id}']

describe('whoever is to have a role', () => {
  it.each([
    ['assign job 7 to Ada', FOUND, 'assignee_id'],
    ['give job 7 to Ada Lovelace', FOUND, 'assignee_id'],
    ['reassign job 7 to ada@example.com', FOUND, 'assignee_id'],
    ['set the assignee of job 7 to Ada', FOUND, 'assignee_id'],
    ['make Ada the owner of studio 3', ['GET /members', 'PATCH /studios/{studio_id}'], 'owner_id'],
    ['show job 7 and assign it to Ada', ['GET /jobs/{job_id}', ...FOUND], 'assignee_id'],
  ])('is found among everybody: %s', async (message, calls, field) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual(calls)
    expect(String(plan.definition.steps.at(-1)?.body?.[field])).toMatch(/members/)
  })

  it.each(['assign job 7 to member 5', 'make member 5 the assignee of job 7'])(
    'may be told by their number: %s',
    async (message) => {
      const { calls, definition } = await planned(message)
      expect(calls).toEqual(['PATCH /jobs/{job_id}'])
      expect(definition.steps.at(-1)?.body).toEqual({ assignee_id: 5 })
    },
  )

  it('is given those of a state that is another word for all of them', async () => {
    const { definition } = await planned('assign all todo tasks to Ada')
    expect(definition.steps[0]).toMatchObject({ operation: 'GET /tasks', parameters: { status: 'todo' } })
  })

  it.each(['assign all open jobs to Ada', 'assign all jobs of studio 3 to Ada'])(
    'is given each of them: %s',
    async (message) => {
      const { calls, definition } = await planned(message)
      expect(calls).toEqual(['GET /jobs', ...FOUND])
      expect(definition.steps.at(-1)?.type).toBe('loop')
    },
  )

  it('is no name of something new', async () => {
    expect((await planned('assign all jobs to Ada')).calls).not.toContain('POST /jobs')
  })
})

describe('a day of a thing that is moved', () => {
  it.each([
    ['move the start of task 5 to 2027-03-05', { starts_on: '2027-03-05' }],
    ['move the end of task 5 to 2027-03-05', { ends_on: '2027-03-05' }],
    ['move task 5 to 2027-03-05', { starts_on: '2027-03-05' }],
  ])('is the one that is named: %s', async (message, body) => {
    const { calls, definition } = await planned(message)
    expect(calls).toEqual(['PATCH /tasks/{task_id}'])
    expect(definition.steps.at(-1)?.body).toEqual(body)
  })
})

describe('what is done to many', () => {
  it('is done to those that are open', async () => {
    const { calls, definition } = await planned('delete all open jobs')
    expect(calls).toEqual(['GET /jobs', 'DELETE /jobs/{job_id}'])
    expect(definition.steps[0]).toMatchObject({ parameters: { status: 'open' } })
  })

  it('is not done to all, where nothing tells which are open', async () => {
    expect((await planned('delete all open benches')).calls).not.toContain('GET /benches')
  })

  it('is not done to all from a day on, where those of that day are meant', async () => {
    expect((await planned('cancel all orders of 2026-05-05')).calls).not.toContain('GET /orders')
    expect((await planned('cancel all orders since 2026-05-05')).calls).toEqual([
      'GET /orders',
      'POST /orders/{order_id}/cancel',
    ])
  })
})

describe('what cannot be taken back', () => {
  it('is not done at once, where a day is told that nothing takes', async () => {
    expect((await planned('send letter 5 on 2027-05-01')).calls).not.toContain('POST /letters/{letter_id}/send')
    expect((await planned('send letter 5')).calls).toEqual(['POST /letters/{letter_id}/send'])
  })
})
