import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tenantWithOffice, tickets } from './office.ts'

type Shown = { type: string; title: string; effect: string; reach: string }

describe('what is done to every one of several', () => {
  it.each([
    ['For each stalled ticket send a reminder', ['t2', 't3']],
    ['Send a reminder for every stalled ticket', ['t2', 't3']],
    ['Send a reminder for all tickets of Mira Voss', ['t1', 't3']],
    ['Send a reminder for all urgent tickets', ['t2']],
    ['For each ticket with more than 5 votes, send a reminder', ['t2', 't3']],
    ['Send a reminder for all tickets opened after 2026-02-15', ['t3', 't4']],
    ['Send a reminder for all tickets older than 30 days', ['t1', 't2', 't3', 't4']],
    ['Send a reminder for all stalled tickets opened more than 2 weeks ago', ['t2', 't3']],
    ['Send a reminder for all tickets that are not solved', ['t1', 't2', 't3']],
    ['For each ticket, if it has more than 5 votes, send a reminder', ['t2', 't3']],
    ['List the stalled tickets and send a reminder for each of them', ['t2', 't3']],
  ])('%s', async (message, ids) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect([plan.status, plan.effects]).toEqual(['ready', ['read', 'create']])
    const run = await office.run(plan)
    expect(run.data.status).toBe('succeeded')
    expect((await office.changes()).toSorted()).toEqual(ids.map((id) => `POST /tickets/${id}/reminders`))
  })

  it('takes what it needs from the item, and the rest from the message', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('Send a letter to all guests with the subject "Sale" and the body "Come back"')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    const sent = (await office.changes()).map((line) => JSON.parse(line.slice('POST /letters '.length)))
    expect(sent.map(({ to }) => to).toSorted()).toEqual(['ana@example.com', 'bo@example.com', 'cy@example.com'])
    expect(new Set(sent.map(({ subject, body }) => `${subject} ${body}`))).toEqual(new Set(['Sale Come back']))
  })

  it('takes what is said for the text of a letter, not for its subject', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('Send a letter to bo@example.com with the subject "Sale" saying "Come back"')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    const [sent = ''] = await office.changes()
    expect(JSON.parse(sent.slice('POST /letters '.length))).toMatchObject({ subject: 'Sale', body: 'Come back' })
    const { missing } = await office.plan('Send a letter to bo@example.com saying "Come back"')
    expect(missing.map(({ name }: { name: string }) => name)).toEqual(['subject'])
  })

  it('gets rid of what is to be got rid of', async () => {
    const office = await tenantWithOffice()
    expect((await office.run(await office.plan('Please get rid of ticket t2'))).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual(['DELETE /tickets/t2'])
  })

  it.each([
    ['Delete the latest ticket', 't4', 'highest'],
    ['Delete the oldest ticket', 't1', 'lowest'],
  ])('is done to one of all that is told by where it comes: %s', async (message, id, end) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect([plan.status, plan.assumptions, plan.explanation]).toEqual(['ready', [], expect.stringContaining(end)])
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual([`DELETE /tickets/${id}`])
  })

  it.each(['Delete the strangest ticket', 'Delete the latest room', 'Delete the ticket'])(
    'takes none where nothing tells which comes first: %s',
    async (message) => {
      const { steps } = await (await tenantWithOffice()).plan(message)
      expect(steps.filter(({ type }: Shown) => type === 'transform')).toEqual([])
    },
  )

  it('leaves what stands in quotes as it is, and says nothing of its words', async () => {
    const office = await tenantWithOffice()
    const text = 'Get rid of half of the most orders that are open'
    const plan = await office.plan(`Send a letter to bo@example.com with the subject "Sale" saying "${text}"`)
    expect([plan.status, plan.assumptions]).toEqual(['ready', []])
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect((await office.changes())[0]).toContain(JSON.stringify(text))
  })

  it('shows how far it reaches before it is confirmed', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('Delete all stalled tickets')
    expect(plan.explanation).toBe(
      '1. List tickets; 2. Keep those where state is stalled; 3. Go over them: for each ticket; 4. Delete a ticket, for each ticket. Step 4 deletes something each time.',
    )
    const [, picked, loop, call] = plan.steps as Shown[]
    expect([picked?.type, loop?.type]).toEqual(['transform', 'loop'])
    expect(call?.reach).toMatch(/^one call for each ticket, up to 1000 × DELETE \/tickets\/\{ticketId\} at /)
    expect(await office.changes()).toEqual([])
  })

  it.each([
    ['Delete ticket t2', 'one that is named'],
    ['Show all stalled tickets', 'what only reads'],
    ['Delete all forgotten tickets', 'where nothing tells which are meant'],
    ['Delete all tickets near Paris', 'where a name is left over'],
    ['Create an alarm "all tickets are late"', 'what stands in quotes'],
  ])('does not go over a list for %s: %s', async (message) => {
    const plan = await (await tenantWithOffice()).plan(message)
    expect(plan.steps.map(({ type }: Shown) => type)).not.toContain('loop')
  })

  it.each([
    'Remind the agents of every ticket that is not solved',
    "Send a reminder for every ticket that isn't solved",
    'Send a reminder for all tickets except the solved ones',
  ])('goes over those that are not what is denied: %s', async (message) => {
    const plan = await (await tenantWithOffice()).plan(message)
    expect(plan.explanation).toContain('Keep those where state is not solved; 3. Go over them')
  })

  it.each([
    'Do not delete ticket t2',
    "Please don't delete ticket t2",
    'Never delete ticket t2',
    'Delete every ticket except t2',
    'Delete all tickets but t2',
    'Delete all tickets near Paris',
    'Delete all forgotten tickets',
    'Delete all tickets named Test',
  ])('takes nothing by itself where what is meant is not clear or not wanted: %s', async (message) => {
    const plan = await (await tenantWithOffice()).plan(message)
    const acting = plan.steps.filter(({ effect }: { effect: string }) => effect === 'delete')
    expect(acting.length === 0 || plan.status === 'needs_input').toBe(true)
    expect(JSON.stringify(plan.definition)).not.toMatch(/"t2"|\[0\]/)
  })

  it('does not create again what is listed', async () => {
    const plan = await (await tenantWithOffice()).plan('List the rooms and create a room for each of them')
    expect(plan.steps.map(({ type }: Shown) => type)).not.toContain('loop')
  })
})

describe('what is done only if something holds', () => {
  it.each([
    ['If the level of tank tank_1 is below 60, create an alarm "low"', 50, ['POST /alarms {"message":"low"}']],
    ['If the level of tank tank_1 is below 60, create an alarm "low"', 70, []],
    ['Create an alarm "low" unless the level of tank tank_1 is at least 60', 50, ['POST /alarms {"message":"low"}']],
    ['Create an alarm "low" unless the level of tank tank_1 is at least 60', 60, []],
    [
      'Get the level of tank tank_1 and if it is above 60, create an alarm "high"',
      61,
      ['POST /alarms {"message":"high"}'],
    ],
    [
      'If the level of tank tank_1 is below 60 create an alarm "low", otherwise create an alarm "fine"',
      50,
      ['POST /alarms {"message":"low"}'],
    ],
    [
      'If the level of tank tank_1 is below 60 create an alarm "low", otherwise create an alarm "fine"',
      80,
      ['POST /alarms {"message":"fine"}'],
    ],
    ['Once the level of tank tank_1 is below 60, create an alarm "low"', 70, []],
    ['If there are any stalled tickets, create an alarm "stalled"', 50, ['POST /alarms {"message":"stalled"}']],
    ['If more than 5 tickets are stalled, create an alarm "stalled"', 50, []],
  ])('%s, at %i', async (message, level, expected) => {
    const office = await tenantWithOffice(level)
    const plan = await office.plan(message)
    expect(plan.status).toBe('ready')
    expect(plan.steps.map(({ type }: Shown) => type)).toContain('condition')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual(expected)
  })

  it('is said in plain words', async () => {
    const plan = await (await tenantWithOffice()).plan('If the level of tank tank_1 is below 60, create an alarm "low"')
    expect(plan.explanation).toBe(
      '1. Get the level of a tank (tankId: tank_1); 2. Decide whether level is below 60; 3. If level is below 60: Create an alarm (message: low). Step 3 creates something.',
    )
  })

  it('is asked of who confirms where no answer tells', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('If the moon is full, create an alarm "moon"')
    expect([plan.status, plan.missing.map(({ schema }: { schema: object }) => schema)]).toMatchObject([
      'needs_input',
      [{ type: 'boolean' }],
    ])
    const [{ name }] = plan.missing
    expect((await office.run(plan, { [name]: false })).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual([])
  })

  it('leaves what is only said by the way unconditional', async () => {
    const plan = await (await tenantWithOffice()).plan('If you like, create an alarm "x"')
    expect(plan.steps.map(({ type }: Shown) => type)).toEqual(['api_call'])
  })
})

describe('what is asked of a list', () => {
  const names = (rows: Record<string, unknown>[]) => rows.map((row) => row['name'] ?? row['subject'] ?? row['value'])

  it.each([
    ['How many stalled tickets are there?', 2],
    ['How many tickets are there?', 4],
    ['How many tickets does Ben Ito have?', 2],
    ['What is the average price of the rooms?', 118.875],
    ['What is the total price of all rooms?', 475.5],
    ['A comma-separated list of the names of all rooms', 'Attic, Suite, Garden, Tower'],
  ])('%s', async (prompt, expected) => {
    const { call } = await tenantWithOffice()
    const { data } = await call('POST', '/api/v1/query', { prompt })
    expect([data.status, data.answer]).toEqual(['answered', `The answer is ${expected}.`])
  })

  it.each([
    ['What are the three most expensive rooms?', ['Suite', 'Tower', 'Garden']],
    ['Show the cheapest room', ['Attic']],
    ['List the rooms under 100', ['Attic', 'Garden']],
    ['Show the rooms sorted by price descending', ['Suite', 'Tower', 'Garden', 'Attic']],
    ['Show the latest ticket', ['Key']],
    ['Show the 2 tickets with the most votes', ['Sink', 'Door']],
    ['List the names of all rooms', ['Attic', 'Suite', 'Garden', 'Tower']],
    ['Show the open or stalled tickets', ['Lamp', 'Sink', 'Door']],
    ['Show the tickets', tickets.map(({ subject }) => subject)],
  ])('%s', async (prompt, expected) => {
    const { call } = await tenantWithOffice()
    const { data } = await call('POST', '/api/v1/query', { prompt })
    expect([data.status, names(data.rows)]).toEqual(['answered', expected])
  })

  it('says so where nothing tells by what to order', async () => {
    const plan = await (await tenantWithOffice()).plan('Show the cheapest ticket')
    expect(plan.steps.map(({ type }: Shown) => type)).toEqual(['api_call'])
    expect(plan.assumptions).toEqual([expect.stringMatching(/nothing in the answer says by what to order/)])
  })
})

describe('whatever is asked', () => {
  it('a plan that is ready passes the check of workflows', async () => {
    const office = await tenantWithOffice()
    const word = fc.constantFrom(
      ...'for each every all if unless when otherwise them ticket tickets stalled open urgent guest guests room rooms price below 60 more than 5 votes send a reminder delete create alarm "low" level of tank tank_1 is not the cheapest three how many names and , in Porto sorted by to letter first before after you deleting showing email it with that says ada@example.com'.split(
        ' ',
      ),
    )
    let planned = 0
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 2, maxLength: 14 }), async (words) => {
        const plan = await office.plan(words.join(' '))
        if (plan.definition === null) return
        planned++
        const kept = await office.call('POST', '/api/workflows', { definition: plan.definition })
        expect([plan.message, kept.status, kept.body.errors]).toEqual([plan.message, 201, undefined])
      }),
      { numRuns: 80 },
    )
    expect(planned).toBeGreaterThan(10)
    expect(await office.changes()).toEqual([])
  }, 60_000)
})
