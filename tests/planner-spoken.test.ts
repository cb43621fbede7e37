import { describe, expect, it } from 'vitest'
import { tenantWithObservatory } from './observatory.ts'

const planned = async (message: string) => {
  const plan = await (await tenantWithObservatory()).plan(message)
  const bound = plan.steps.flatMap((step: { bindings: { target: string; value: string }[] }) => step.bindings)
  return {
    calls: plan.steps.flatMap(({ operation }: { operation: string | null }) => operation ?? []) as string[],
    bound: Object.fromEntries(bound.map(({ target, value }: { target: string; value: string }) => [target, value])),
  }
}

describe('a verb that says little', () => {
  it.each([
    ['like the photo p7', ['POST /photos/{photoId}/likes']],
    ['show the photo p7 and like it', ['GET /photos/{photoId}', 'POST /photos/{photoId}/likes']],
    ['unlike the photo p7', ['DELETE /photos/{photoId}/likes']],
    ['run a quick search for comets in the notes', ['GET /notes/search']],
    ['I request the deletion of the alarm a3', ['DELETE /alarms/{alarmId}']],
    ['kill the alarm a3', ['DELETE /alarms/{alarmId}']],
  ])('%s: %j', async (message, calls) => {
    expect((await planned(message)).calls).toEqual(calls)
  })

  it.each(['find notes like the one about comets', "I'd like the photo p7", 'show the photo p7, like the others'])(
    '“like” is none there: %s',
    async (message) => {
      const { calls } = await planned(message)
      expect(calls.filter((call) => !call.startsWith('GET '))).toEqual([])
      expect(calls.length).toBeGreaterThan(0)
    },
  )
})

describe('what nobody asked for', () => {
  it.each([
    ['delete the notes on the alarm a3', 'DELETE /alarms/{alarmId}', 'what something is on stays'],
    ['kill the process that rings the alarm a3', 'DELETE /alarms/{alarmId}', 'so does what only tells which'],
    ['forget about the alarm a3', 'DELETE /alarms/{alarmId}', 'what is forgotten is not deleted'],
    ['message Bea Strand', 'DELETE /rooms/{roomId}/messages/{messageId}', 'no message is deleted, whoever is meant'],
    ['zap the alarm for the eclipse', 'POST /alarms', 'what is spoken of as there is not made again'],
    ['assign the ticket 5 to Bea Strand', 'POST /tickets', 'what is given to somebody is there'],
    ['take the alarms and turn them into a list', 'DELETE /alarms/{alarmId}', 'taking something deletes nothing'],
    ["what's the topic of the room dome set to", 'PUT /rooms/{roomId}/topic', 'a question changes nothing'],
    ['post hello in the room dome', 'POST /rooms/{roomId}/leave', 'who posts does not leave'],
    [
      'message Bea Strand saying "clouds tonight"',
      'DELETE /rooms/{roomId}/messages/{messageId}',
      'no message is deleted',
    ],
  ])('%s: not %s (%s)', async (message, operation) => {
    expect((await planned(message)).calls).not.toContain(operation)
  })

  it('what is for somebody alone goes into no room that a search by her name leads to', async () => {
    const { calls } = await planned('DM Bea Strand that the dome is open')
    expect(calls).toContain('POST /rooms/{roomId}/messages')
    expect(calls).not.toContain('GET /notes/search')
  })

  it('a number behind a noun says which one it is of those, and is no amount', async () => {
    const { calls, bound } = await planned('update the ticket 5 for the member 7')
    expect(calls).toEqual(['PATCH /tickets/{ticketId}'])
    expect(bound).toMatchObject({ ticketId: '5' })
    expect(Object.keys(bound)).not.toContain('amount')
    expect(Object.keys(bound)).not.toContain('ticketSource')
  })
})

describe('whose it is that is asked for', () => {
  it.each([
    ['what is the email of Bea Strand?', 'GET /members/{memberId}', 'bea@observatory.example'],
    ['what timezone is Bea Strand in?', 'GET /members/{memberId}', 'Europe/Oslo'],
    ['show the presence of Bea Strand', 'GET /members/{memberId}/presence', 'yes'],
  ])('is looked for among those who have it, and not by a word in something else: %s', async (message, last, value) => {
    const office = await tenantWithObservatory()
    const plan = await office.plan(message)
    const calls = plan.steps.flatMap(({ operation }: { operation: string | null }) => operation ?? [])
    expect(calls).toEqual(['GET /members', last])
    const { data } = await office.run(plan)
    expect(data).toMatchObject({ status: 'succeeded' })
    expect(JSON.stringify(data.output)).toContain(value)
  })
})
