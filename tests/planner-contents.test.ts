import { describe, expect, it } from 'vitest'
import { tenantWithOffice } from './office.ts'

const rooms = [
  'id: r1, name: Attic, price: 40',
  'id: r2, name: Suite, price: 210',
  'id: r3, name: Garden, price: 95.5',
  'id: r4, name: Tower, price: 130',
].join('\n')
const level = 'tank id: tank_1, level: 50'

describe('what a message says', () => {
  it.each([
    [
      "Send a letter with the list of rooms to ada@example.com with the subject 'Rooms'",
      `POST /letters ${JSON.stringify({ to: 'ada@example.com', subject: 'Rooms', body: rooms })}`,
    ],
    ['Create an alarm that says the level of tank tank_1', `POST /alarms ${JSON.stringify({ message: level })}`],
    ['Create an alarm with the number of stalled tickets', `POST /alarms ${JSON.stringify({ message: '2' })}`],
    ['Get the level of tank tank_1 and create an alarm with it', `POST /alarms ${JSON.stringify({ message: level })}`],
  ])('is read by a call of its own, or was before: %s', async (message, expected) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect(plan.status).toBe('ready')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    const sent = (await office.changes()).map((line) => [
      line.split(' ', 2).join(' '),
      JSON.parse(line.slice(line.indexOf('{'))),
    ])
    const at = expected.indexOf('{')
    expect(sent).toEqual([[expected.slice(0, at - 1), JSON.parse(expected.slice(at))]])
  })

  it.each([
    ['Email the stalled tickets to ada@example.com', ['Sink', 'Door']],
    ['List the stalled tickets and email them to ada@example.com', ['Sink', 'Door']],
    ['Email all rooms over 100 to ada@example.com', ['Suite', 'Tower']],
  ])('is one message about those that are meant: %s', async (message, names) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect(plan.missing.map(({ name }: { name: string }) => name)).toEqual(['subject'])
    expect((await office.run(plan, { subject: 'Today' })).data.status).toBe('succeeded')
    const [sent, ...others] = await office.changes()
    const { body } = JSON.parse(sent?.slice('POST /letters '.length) ?? '{}')
    expect([others, body.split('\n').map((line: string) => /(?:subject|name): (\w+)/.exec(line)?.[1])]).toEqual([
      [],
      names,
    ])
  })

  it('is shown before it is sent', async () => {
    const plan = await (await tenantWithOffice()).plan('Email the stalled tickets to ada@example.com')
    const bindings = plan.steps.at(-1).bindings as { target: string; source: string; value: string }[]
    expect(bindings.find(({ target }) => target === 'body')).toMatchObject({
      source: 'step',
      value: 'what the ticket call answers (listTickets)',
    })
  })

  it.each([
    'Create an alarm about the tickets',
    'Send a letter to ada@example.com that says the tickets are late',
    'Send a letter to ada@example.com on the rooms',
    'Email ada@example.com her tickets',
  ])('is asked for where it only speaks of something: %s', async (message) => {
    const plan = await (await tenantWithOffice()).plan(message)
    expect([plan.status, plan.steps.length]).toEqual(['needs_input', 1])
  })

  it.each([
    'List the rooms and create an alarm about the rooms',
    'List the tickets and create an alarm that says it is late',
  ])('is not what happens to have been read before: %s', async (message) => {
    const plan = await (await tenantWithOffice()).plan(message)
    expect(plan.missing.map(({ name }: { name: string }) => name)).toEqual(['message'])
  })

  it('is what somebody said, where somebody said it', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('List the tickets and create an alarm "they are late"')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual(['POST /alarms {"message":"they are late"}'])
  })
})
