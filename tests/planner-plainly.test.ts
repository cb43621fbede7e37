import { describe, expect, it } from 'vitest'
import { understand } from '../src/planner/understand/understand.ts'
import { tenantWithFerry } from './ferry.ts'

type Step = { operation: string | null; bindings: { target: string; value: string }[] }

const planned = async (message: string) => {
  const plan = await (await tenantWithFerry()).plan(message)
  const steps = plan.steps as Step[]
  return {
    calls: steps.flatMap(({ operation: call }) => call ?? []),
    bound: Object.fromEntries(steps.flatMap(({ bindings }) => bindings).map(({ target, value }) => [target, value])),
  }
}

const UPDATE = 'PATCH /passengers/{passenger_id}'

describe('what is told to have changed is written down', () => {
  it.each([
    ['passenger 77 moved, new address is 12 Elm Court, Dorking', { address: '12 Elm Court, Dorking' }],
    ["passenger 77's new address is 12 Elm Court", { address: '12 Elm Court' }],
    ['the new phone of passenger 77 is 555-0101', { phone: '555-0101' }],
    ['passenger 77 has a new email: a@b.example', { email: 'a@b.example' }],
    ["passenger 77's phone changed to 555-0101", { phone: '555-0101' }],
    ["change passenger 77's address to 12 Elm Court, Dorking", { address: '12 Elm Court, Dorking' }],
  ])('%s', async (message, values) => {
    const { calls, bound } = await planned(message)
    expect(calls).toEqual([UPDATE])
    expect(bound).toEqual({ passenger_id: '77', ...values })
  })

  it.each(["what is passenger 77's new address?", "is passenger 77's phone 555-0101?"])(
    'but not what is asked: %s',
    async (message) => {
      expect((await planned(message)).calls).not.toContain(UPDATE)
    },
  )
})

describe('what somebody adds behind a request', () => {
  it.each([
    ["cancel crossing X-41, it's a duplicate", { crossing_id: 'X-41', comment: "it's a duplicate" }],
    ['cancel crossing X-41, the customer changed their mind', { comment: 'the customer changed their mind' }],
    ['cancel crossing X-41 pls, thx', { crossing_id: 'X-41' }],
  ])('is why: %s', async (message, values) => {
    const { calls, bound } = await planned(message)
    expect(calls).toEqual(['POST /crossings/{crossing_id}/cancel'])
    expect(bound).toMatchObject(values)
  })

  it('is no description of what is changed', async () => {
    const [clause, ...others] = understand('archive crossing 5, nobody takes it anymore')
    expect(others).toEqual([])
    expect(clause?.terms).not.toContain('nobodi')
  })

  it('spares what is not to be deleted', async () => {
    expect((await planned("take crossing X-41 out of service, but don't delete it")).calls).not.toContain(
      'DELETE /crossings/{crossing_id}',
    )
  })
})

describe('ids', () => {
  it.each([
    ['show the shifts of department 7', ['GET /departments/{dept_id}/shifts'], { dept_id: '7' }],
    ['list shifts of dept 7', ['GET /departments/{dept_id}/shifts'], { dept_id: '7' }],
    ['accept Q-5510', ['POST /quotes/{quote_id}/accept'], { quote_id: 'Q-5510' }],
    ['our customer says yes to Q-5510', ['POST /quotes/{quote_id}/accept'], { quote_id: 'Q-5510' }],
    ['when will crossing X-41 arrive?', ['GET /crossings/{crossing_id}/eta'], { crossing_id: 'X-41' }],
    ['results for lab order lo_882', ['GET /lab-orders/{lab_order_id}/results'], { lab_order_id: 'lo_882' }],
    [
      'take sailor 12 off the crew of department 7',
      ['DELETE /departments/{dept_id}/crew/{sailor_id}'],
      { sailor_id: '12' },
    ],
  ])('are those of what is spoken of: %s', async (message, calls, values) => {
    const { calls: made, bound } = await planned(message)
    expect(made).toEqual(calls)
    expect(bound).toMatchObject(values)
  })

  it('that belong to a field find the thing', async () => {
    const { calls, bound } = await planned('cancel the crossing with reference PO-55')
    expect(calls).toEqual(['GET /crossings', 'POST /crossings/{crossing_id}/cancel'])
    expect(bound).toMatchObject({ reference: 'PO-55' })
    expect(bound['crossing_id']).not.toContain('PO-55')
  })

  it('are none of another thing that stands before', async () => {
    const { bound } = await planned('delete the photo bow.png from crossing 41')
    expect(bound['photo_id']).not.toBe('41')
  })

  it('that a noun is short for are found by its name', async () => {
    const { calls, bound } = await planned('show the shifts in deck-crew')
    expect(calls).toEqual(['GET /departments', 'GET /shifts'])
    expect(bound).toMatchObject({ q: 'deck-crew' })
  })
})

describe('whose something is', () => {
  it('is told by the name of the thing itself, where that is searched by', async () => {
    const { calls, bound } = await planned("show Bella's walks")
    expect(calls).toEqual(['GET /dogs', 'GET /dogs/{dog_id}/walks'])
    expect(bound).toMatchObject({ name: 'Bella' })
  })

  it('is told by a filter that is called so', async () => {
    const { calls, bound } = await planned("approve Jonas Weber's claim")
    expect(calls).toEqual(['GET /claims', 'PATCH /claims/{claim_id}'])
    expect(bound).toMatchObject({ claimant: 'Jonas Weber', status: 'approved' })
  })

  it.each(["who's on crossing X-41?", 'show everyone on crossing X-41'])(
    'are those who are in it: %s',
    async (message) => {
      expect(await planned(message)).toEqual({
        calls: ['GET /crossings/{crossing_id}/travelers'],
        bound: { crossing_id: 'X-41' },
      })
    },
  )
})

describe('said otherwise', () => {
  it.each([
    ['turn off alarm 3', ['POST /alarms/{alarm_id}/pause']],
    ['switch alarm 3 on', ['POST /alarms/{alarm_id}/start']],
    ['make a copy of timetable 8', ['POST /timetables/{timetable_id}/duplicate']],
    ['look at Q-3001', ['GET /quotes/{quote_id}']],
    ['any new passengers?', ['GET /passengers']],
  ])('%s', async (message, calls) => {
    expect((await planned(message)).calls).toEqual(calls)
  })

  it.each(['stop selling seats on crossing X-41', 'disable the notifications of crossing X-41'])(
    'is not done to what it is about: %s',
    async (message) => {
      expect((await planned(message)).calls).not.toContain('POST /crossings/{crossing_id}/cancel')
    },
  )
})

describe('verbs of two words', () => {
  it.each([
    ['check in passenger 77', 'POST /passengers/{passenger_id}/check-in'],
    ['check passenger 77 in', 'POST /passengers/{passenger_id}/check-in'],
    ['please check in passenger 77', 'POST /passengers/{passenger_id}/check-in'],
  ])('go the way that is said: %s', async (message, call) => {
    const { calls, bound } = await planned(message)
    expect([calls, bound]).toEqual([[call], { passenger_id: '77' }])
  })
})

describe('a condition behind a comma', () => {
  it('ends where the request begins', async () => {
    const plan = await (await tenantWithFerry()).plan("look at Q-3001, if it's below 1200 accept it")
    const steps = plan.steps as { type: string; operation: string | null }[]
    expect(steps.map(({ type, operation }) => operation ?? type)).toEqual([
      'GET /quotes/{quote_id}',
      'condition',
      'POST /quotes/{quote_id}/accept',
    ])
    expect(plan.assumptions).toEqual([])
  })
})

describe('when something is to be', () => {
  // A Monday.
  const now = { at: Date.parse('2026-11-30T12:00:00Z'), timeZone: 'UTC' }
  const times = (message: string) =>
    understand(message, now).flatMap(({ entities }) =>
      entities.flatMap(({ kind, value }) => (kind === 'date' || kind === 'time' ? [String(value)] : [])),
    )

  it.each([
    ['book it monday 9am', ['2026-12-07', '09:00']],
    ['move it to 3pm friday', ['15:00', '2026-12-04']],
    ['book it for friday at 10', ['2026-12-04', '10:00']],
    ['book it tomorrow at 3', ['2026-12-01', '15:00']],
    ['book it at 10 on june 3', ['10:00', '2027-06-03']],
    ['cancel everything she has friday', []],
    ['book it from monday 9am to tuesday 5pm', ['2026-12-07', '09:00', '2026-12-08', '17:00']],
    ['reschedule it to friday', ['2026-12-04']],
    ['show what came since friday', ['2026-11-27']],
    ['rename it to Black Friday', []],
    ['rename it to friday night live', []],
    ['show the Friday class', []],
    ['sell it on friday at 10 euros', ['2026-12-04']],
  ])('%s', (message, said) => {
    expect(times(message).toSorted()).toEqual(said.toSorted())
  })

  it.each([
    ['move crossing X-41 to 3pm on 2027-03-05', '2027-03-05T15:00:00Z'],
    ['reschedule crossing X-41 to 2027-03-05', '2027-03-05T00:00:00Z'],
    ['push crossing X-41 back to 2027-03-05 at 9am', '2027-03-05T09:00:00Z'],
  ])('%s', async (message, at) => {
    expect(await planned(message)).toEqual({
      calls: ['PATCH /crossings/{crossing_id}'],
      bound: { crossing_id: 'X-41', starts_at: at },
    })
  })
})
