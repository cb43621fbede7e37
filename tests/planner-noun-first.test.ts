import { describe, expect, it } from 'vitest'
import { tenantWithNursery } from './nursery.ts'
import type { Office } from './office.ts'
import { tenantWithWorkshop } from './workshop.ts'

/** Plans and runs a message; gives what was read to find things, and what was sent to change something. */
async function done(office: Office, message: string) {
  const plan = await office.plan(message)
  expect(plan).toMatchObject({ status: 'ready' })
  const { data } = await office.run(plan)
  expect(data).toMatchObject({ status: 'succeeded' })
  const bound = plan.steps.flatMap((step: { bindings: { target: string; value: string }[] }) => step.bindings)
  return {
    calls: plan.steps.flatMap(({ operation }: { operation: string | null }) => operation ?? []),
    sent: (await office.changes()).map(decodeURIComponent),
    bound: Object.fromEntries(bound.map(({ target, value }: { target: string; value: string }) => [target, value])),
  }
}

const workshop = async (message: string) => done(await tenantWithWorkshop(), message)

describe('what stands before the noun of a thing', () => {
  it.each([
    'add the first plant of Ada Holm to my Herbs bed',
    'add the first plant of Ada Holm to my "Herbs" bed',
    'add the first plant of Ada Holm to my bed Herbs',
  ])('is what it is called, where it is a name: %s', async (message) => {
    const { calls, sent } = await done(await tenantWithNursery(), message)
    expect(calls).toContain('GET /me/beds')
    expect(sent).toEqual(['POST /beds/b2/plants {"plantIds":["p1"]}'])
  })

  it('is no name of what is made there', async () => {
    const { sent } = await workshop('create a task "Sand the door" on the Mill Lane site')
    expect(sent).toEqual(['POST /sites/M2/tasks {"title":"Sand the door"}'])
  })

  it.each(['add the Waiting label to the stair railing task', 'add the label Waiting to the task Stair Railing'])(
    'is looked for among things of its kind, also in small letters: %s',
    async (message) => {
      const { calls, sent, bound } = await workshop(message)
      expect(calls).toEqual(['GET /tasks/search', 'GET /labels', 'POST /tasks/{taskId}/labels'])
      expect(sent).toEqual(['POST /tasks/t7/labels {"labelId":"W2"}'])
      expect(bound['q'].toLowerCase()).toContain('stair railing')
    },
  )

  it('is what it is called by whatever the thing is called', async () => {
    const { sent } = await workshop('assign the stair railing ticket to Priya Nair')
    expect(sent).toEqual(['POST /tasks/t7/assignees {"personId":"P1"}'])
  })

  it.each([
    ['delete the stair railing task', 'what is not taken back is not done to what looks like it'],
    ['mark the new task as done', 'a word that tells which of several is no name'],
    ['mark the urgent task as done', 'nor is an adjective'],
  ])('names nothing: %s (%s)', async (message) => {
    const plan = await (await tenantWithWorkshop()).plan(message)
    const bindings = plan.steps.flatMap((step: { bindings: { target: string }[] }) => step.bindings)
    expect(bindings.map(({ target }: { target: string }) => target)).not.toContain('q')
  })

  it('is found as it is called and not as it is to be', async () => {
    const { sent, bound } = await workshop('mark the stair railing task as done')
    expect(sent).toEqual(['PATCH /tasks/t7 {"state":"done"}'])
    expect(bound['q']).toContain('stair railing')
    const commented = await workshop('add a comment "done" to the stair railing task')
    expect(commented.sent).toEqual(['POST /tasks/t7/comments {"text":"done"}'])
    expect(commented.bound['state']).toBeUndefined()
  })
})

describe('a channel', () => {
  it.each([
    ['archive #gluing', 'PATCH /channels/g1 {"archived":true}'],
    ['post "the glue is here" to #gluing', 'POST /channels/g1/messages {"text":"the glue is here"}'],
    ['post "the glue is here" in the #gluing channel', 'POST /channels/g1/messages {"text":"the glue is here"}'],
    ['tell #gluing that the glue is here', 'POST /channels/g1/messages {"text":"the glue is here"}'],
    ['post "the glue is here" to the channel Gluing', 'POST /channels/g1/messages {"text":"the glue is here"}'],
  ])('is named with a hash, and is there already: %s', async (message, sent) => {
    const made = await workshop(message)
    expect(made.calls[0]).toBe('GET /channels')
    expect(made.sent).toEqual([sent])
  })
})

describe('what is no channel, and no name', () => {
  it.each([
    ['create a #oiling channel', ['POST /channels {"name":"oiling"}']],
    ['add the label #waiting to the stair railing task', ['POST /tasks/t7/labels {"labelId":"waiting"}']],
  ])('stays what it is: %s', async (message, sent) => {
    expect((await workshop(message)).sent).toEqual(sent)
  })

  it.each([
    ['approve the oak task', 'which kind it is of is no name where something is changed'],
    ['tell no one that the oak is late', 'who is told has to be said'],
    ['tell my foreman that the oak is late', 'and is not whoever asks'],
    ['assign the stair railing task to the foreman', 'nor is who something is given to'],
  ])('nothing is done at once: %s (%s)', async (message) => {
    const { status, steps } = await (await tenantWithWorkshop()).plan(message)
    const changes = steps.filter(({ effect }: { effect: string }) => effect !== 'read')
    expect(status === 'ready' && changes.length > 0).toBe(false)
  })

  it('ends where something else is asked for, and not at a point in a number', async () => {
    const { sent } = await workshop('tell Priya Nair that the oak is 3.5 days late and archive #gluing')
    expect(sent).toEqual([
      'POST /direct-messages {"text":"the oak is 3.5 days late","personId":"P1"}',
      'PATCH /channels/g1 {"archived":true}',
    ])
  })

  it.each([
    'tell Priya Nair that the task “Stair railing” is done',
    'tell Priya Nair that the task "Stair railing" is done',
  ])('is no text where something stands in quotes in it: %s', async (message) => {
    const { steps } = await (await tenantWithWorkshop()).plan(message)
    const operations = steps.map(({ operation }: { operation: string }) => operation)
    expect(operations).not.toContain('POST /direct-messages')
  })

  it('is not what is deleted where an older one is meant', async () => {
    const { status, missing } = await (
      await tenantWithWorkshop()
    ).plan('post "the oak is here" to #gluing and delete the old message')
    expect([status, missing.length]).toEqual(['needs_input', 1])
  })

  it('is told apart in two requests', async () => {
    const { sent } = await workshop('archive #gluing and post "bye" in #oak-deliveries')
    expect(sent).toEqual(['PATCH /channels/g1 {"archived":true}', 'POST /channels/g1/messages {"text":"bye"}'])
  })

  it('is a person who is called like a verb', async () => {
    const { sent } = await workshop('assign the stair railing task to Mark and comment "please look" on it')
    expect(sent).toEqual([
      'POST /tasks/t7/assignees {"personId":"P1"}',
      'POST /tasks/t7/comments {"text":"please look"}',
    ])
  })
})

it.each([
  'tell Priya Nair that the oak is late',
  'message Priya Nair that the oak is late',
  'DM Priya that the oak is late',
])('what somebody is told is a text: %s', async (message) => {
  expect((await workshop(message)).sent).toEqual(['POST /direct-messages {"text":"the oak is late","personId":"P1"}'])
})

it.each([
  'order a delivery with the goods "oak boards" for the Mill Lane site',
  'order a delivery with the goods "oak boards" for the site Mill Lane',
])('what is named by its kind goes where one of its kind may go, though none has to: %s', async (message) => {
  const { calls, sent } = await workshop(message)
  expect(calls).toEqual(['GET /sites', 'POST /deliveries'])
  expect(sent).toEqual(['POST /deliveries {"goods":"oak boards","siteId":"M2"}'])
})

it('who asks is whoever the key belongs to', async () => {
  expect((await workshop('who am I logged in as?')).calls).toEqual(['GET /people/me'])
})

it('what lists the things that an id is asked of is told right behind what is planned', async () => {
  const { considered } = await (
    await tenantWithWorkshop()
  ).plan('create a task with the title "Oil the gate" on a site')
  const operations = considered.map(({ operation }: { operation: string }) => operation)
  expect(operations.slice(0, 2)).toEqual(['POST /sites/{siteId}/tasks', 'GET /sites'])
})
