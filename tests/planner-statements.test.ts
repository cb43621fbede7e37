import { describe, expect, it } from 'vitest'
import { tenantWithMarina } from './marina.ts'

type Step = { operation: string | null; bindings: { target: string; value: string }[] }

const planned = async (message: string) => {
  const plan = await (await tenantWithMarina()).plan(message)
  const steps = plan.steps as Step[]
  return {
    calls: steps.flatMap(({ operation: call }) => call ?? []),
    bound: Object.fromEntries(steps.flatMap(({ bindings }) => bindings).map(({ target, value }) => [target, value])),
  }
}

describe('an id tells by its letters what it is of', () => {
  it.each([
    ['cancel CON-41', ['POST /contracts/{contract_id}/cancel'], { contract_id: 'CON-41' }],
    ['void inv_8Kd2', ['POST /invoices/{invoice_id}/void'], { invoice_id: 'inv_8Kd2' }],
    ['show WO-77', ['GET /work-orders/{work_order_id}'], { work_order_id: 'WO-77' }],
    ['put CNT-41 on hold', ['POST /contracts/{contract_id}/pause'], { contract_id: 'CNT-41' }],
    ['I need the PDF of INV-2291 for the accountant', ['GET /invoices/{invoice_id}/pdf'], { invoice_id: 'INV-2291' }],
    ['is CON-41 still running and when does it renew?', ['GET /contracts/{contract_id}'], { contract_id: 'CON-41' }],
    ['give Acme their money back for INV-12', ['POST /invoices/{invoice_id}/refund'], { invoice_id: 'INV-12' }],
    ['send the money for INV-12 back', ['POST /invoices/{invoice_id}/refund'], { invoice_id: 'INV-12' }],
  ])('%s', async (message, calls, bound) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual(calls)
    expect(plan.bound).toMatchObject(bound)
  })

  it('and cancels nothing of another kind', async () => {
    expect((await planned('cancel INV-41')).calls).not.toContain('POST /contracts/{contract_id}/cancel')
  })
})

describe('letters that tell nothing', () => {
  it.each([
    ['rename gate 5 to GAT-6', 'PATCH /gates/{gate_id}', { label: 'GAT-6' }],
    ["set CON-41's discount to 5", 'PATCH /contracts/{contract_id}', { discount: '5' }],
    ['add a note to boat 7 saying see INV-12', 'POST /boats/{boat_id}/notes', { text: 'see INV-12' }],
  ])('are left as they are: %s', async (message, call, bound) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual([call])
    expect(plan.bound).toMatchObject(bound)
  })

  it('what several ids are of is said once', async () => {
    const { calls, bound } = await planned('send reminders for INV-12 and INV-13')
    expect(calls).toEqual(['POST /invoices/remind'])
    expect(bound).toEqual({ invoice_ids: '["INV-12","INV-13"]' })
  })

  it.each([
    ['show INV-12 and CON-41', ['GET /invoices/{invoice_id}', 'GET /contracts/{contract_id}']],
    ['cancel CON-41 and void INV-12', ['POST /contracts/{contract_id}/cancel', 'POST /invoices/{invoice_id}/void']],
  ])('and of each its own where they differ: %s', async (message, calls) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual(calls)
    expect(plan.bound).toEqual({ invoice_id: 'INV-12', contract_id: 'CON-41' })
  })

  it('that is told and does not fit is asked for, and no other taken', async () => {
    const { bound } = await planned('show BOAT-7')
    expect(Object.values(bound).join()).not.toContain('first boat')
  })

  it('of each of a list the same is done', async () => {
    const plan = await planned('void INV-12 and INV-13')
    expect(plan.calls).toEqual(['POST /invoices/{invoice_id}/void', 'POST /invoices/{invoice_id}/void'])
  })

  it('an id of one kind is none of another', async () => {
    expect((await planned('delete the work order of CON-41')).bound).not.toMatchObject({ work_order_id: 'CON-41' })
    expect((await planned('withdraw boat 7 from CON-41')).bound).not.toMatchObject({ mooring_id: 'CON-41' })
  })
})

describe('what somebody tells before a request', () => {
  it.each([
    ['oops, I rejected request 9911 by mistake, restore it', ['POST /requests/{request_id}/restore'], '9911'],
    ['request 9911 has changed, show it', ['GET /requests/{request_id}'], '9911'],
    ['INV-12 was a mistake, void it', ['POST /invoices/{invoice_id}/void'], 'INV-12'],
    ["request 9911 wasn't rejected, show it", ['GET /requests/{request_id}'], '9911'],
    ['Ada left gate 18 open, lock it', ['POST /gates/{gate_id}/commands'], '18'],
    ['somebody turned gate 18 on, turn it off', ['POST /gates/{gate_id}/commands'], '18'],
    ['I moved gate 18 to pier 3, call it "Pier gate"', ['PATCH /gates/{gate_id}'], '18'],
    ['gate 18 is at pier 3, lock it', ['POST /gates/{gate_id}/commands'], '18'],
    ['WO-77 came in this morning, show it', ['GET /work-orders/{work_order_id}'], 'WO-77'],
    ['the harbour master paid invoice 12, show it', ['GET /invoices/{invoice_id}'], '12'],
  ])('says what “it” is: %s', async (message, calls, value) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual(calls)
    expect(Object.values(plan.bound)).toContain(value)
  })

  it('points at nothing in quotes', async () => {
    const { bound } = await planned('Ada called about boat 7, add the note "wants it by Friday" to boat 7')
    expect(bound).toMatchObject({ boat_id: '7', text: 'wants it by Friday' })
  })

  it.each(['ok, I voided invoice 12', 'we have already rejected request 9911'])(
    'is not done once more: %s',
    async (message) => {
      const { calls } = await planned(message)
      expect(calls.filter((call) => !call.startsWith('GET '))).toEqual([])
    },
  )

  it('asks for nothing by itself', async () => {
    const { calls } = await planned('I rejected request 9911 by mistake, bring it back')
    expect(calls).not.toContain('POST /requests/{request_id}/reject')
  })
})

describe('whose something is by number', () => {
  it('is no size of a page', async () => {
    const { calls, bound } = await planned("what's boat 4471's phone number?")
    expect(calls).toEqual(['GET /boats/{boat_id}'])
    expect(bound).toEqual({ boat_id: '4471' })
  })

  it('is not the thing itself, where that is to go', async () => {
    expect((await planned("delete boat 7's phone number")).calls).not.toContain('DELETE /boats/{boat_id}')
    expect((await planned("update boat 7's phone to 5551234")).bound).toEqual({ boat_id: '7', phone: '5551234' })
  })

  it('is looked for among people before anything else', async () => {
    const { calls } = await planned("cancel Ada Lovelace's mooring")
    expect(calls).toEqual(['GET /owners', 'GET /moorings', 'DELETE /moorings/{mooring_id}'])
  })
})

describe('a thing that is there by its number', () => {
  it.each([
    ['put boat 7 into the harbour race', 'POST /boats'],
    ['request 3301 cannot be on Wednesday, make it Thursday', 'POST /requests'],
  ])('is not made again: %s', async (message, call) => {
    expect((await planned(message)).calls).not.toContain(call)
  })

  it.each([
    ['add a boat named Petrel', 'POST /boats'],
    ['request 3 of them', 'POST /requests'],
    ['create a return for invoice 12', 'POST /returns'],
  ])('is made where just that is asked for: %s', async (message, call) => {
    expect((await planned(message)).calls).toEqual([call])
  })
})

describe('what a thing is told to do', () => {
  it.each([
    ['lock gate 18', 'lock'],
    ['turn off gate 18', 'turn_off'],
    ['switch the gate 18 on', 'turn_on'],
    ['perform a lock on gate 18', 'lock'],
    ['turn off everything at gate 18', 'turn_off'],
  ])('%s', async (message, command) => {
    const { calls, bound } = await planned(message)
    expect(calls).toEqual(['POST /gates/{gate_id}/commands'])
    expect(bound).toEqual({ gate_id: '18', command })
  })

  it.each([
    ['turn off the lamps at gate 18', 'it is done to all of the gate'],
    ['stop showing gate 18', 'it is another verb'],
    ['stop using gate 18', 'it is another verb'],
    ['raise a new gate named East', 'it is not there yet'],
    ['turn down the volume of gate 18', 'it is done less'],
  ])('is not told where it is something else: %s (%s)', async (message) => {
    expect((await planned(message)).calls).not.toContain('POST /gates/{gate_id}/commands')
  })

  it.each(['paint gate 18', 'disable boat 7'])('nothing is updated, or set to nothing, for it: %s', async (message) => {
    const { calls } = await planned(message)
    expect(calls.filter((call) => !call.startsWith('GET '))).toEqual([])
  })

  it('what is set later is still asked for', async () => {
    expect((await planned('update gate 18')).calls).toEqual(['PATCH /gates/{gate_id}'])
    expect((await planned('finish the work order 5')).calls).toEqual(['PATCH /work-orders/{work_order_id}'])
  })
})

describe('what nobody asked for', () => {
  it.each([
    ['disable hall 8', 'POST /routines/{routine_id}/disable', 'no routine is spoken of'],
    ['they paid INV-12 by check yesterday, record it', 'POST /invoices/{invoice_id}/void', 'nothing is void'],
    ['replace gate 18', 'POST /gates/{gate_id}/firmware-update', 'nothing is updated'],
    ['put mooring 5 on ice', 'POST /moorings/{mooring_id}/release', 'that is the contrary'],
    ['send the note to request REQ-5', 'POST /invoices/remind', 'no request is made of what stands behind “to”'],
  ])('%s: not %s (%s)', async (message, call) => {
    expect((await planned(message)).calls).not.toContain(call)
  })

  it('what one has is not cancelled in bulk', async () => {
    const { choices } = await (await tenantWithMarina()).plan('cancel the mooring of boat 7')
    expect(choices[0].effects).toContain('delete')
  })

  it('a comment rejects nothing', async () => {
    const { calls } = await planned('leave a comment on request 5 that it can start in March')
    expect(calls).not.toContain('POST /requests/{request_id}/reject')
  })

  it('one cell is not cleared in bulk', async () => {
    const { calls, bound } = await planned('clear the cell B2 of the log "spring"')
    expect(calls).toEqual(['POST /logs/{log_id}/cells/{cell}/clear'])
    expect(bound).toEqual({ log_id: 'spring', cell: 'B2' })
    expect((await planned('clear all cells of the log "spring" in one go')).calls).toEqual([
      'POST /logs/{log_id}/cells/batchClear',
    ])
  })
})

describe('what something is called, or says', () => {
  it.each([
    ['new boat: Sea eagle', { name: 'Sea eagle' }],
    ['create boat: Sea eagle', { name: 'Sea eagle' }],
    ['add a boat Sea eagle', { name: 'Sea eagle' }],
    ['add a boat Queen of the north with phone 5551234', { name: 'Queen of the north', phone: '5551234' }],
    ['add boat Kittiwake', { name: 'Kittiwake' }],
    ['create boat: name Petrel, phone 5551234', { name: 'Petrel', phone: '5551234' }],
  ])('may be made of any words: %s', async (message, bound) => {
    const plan = await planned(message)
    expect(plan.calls).toEqual(['POST /boats'])
    expect(plan.bound).toEqual(bound)
  })

  it.each(['add a note to boat 7: the engine runs hot', 'leave a note on boat 7: the engine runs hot'])(
    'stands behind a colon: %s',
    async (message) => {
      const plan = await planned(message)
      expect(plan.calls).toEqual(['POST /boats/{boat_id}/notes'])
      expect(plan.bound).toEqual({ boat_id: '7', text: 'the engine runs hot' })
    },
  )

  it.each([
    'add a note to boat 7: turn down the request',
    'add a note to boat 7 saying "see INV-7 and void INV-8"',
    'add a note to boat 7: put the contract on hold',
  ])('is left as it is: %s', async (message) => {
    const said = /(?:: |saying ")([^"]*)/.exec(message)?.[1]
    expect((await planned(message)).bound).toMatchObject({ text: said })
  })

  it('is no search of what somebody has', async () => {
    const { calls, bound } = await planned("show Ada Lovelace's fees")
    expect(calls).toEqual(['GET /owners', 'GET /owners/{owner_id}/fees'])
    expect(bound).toMatchObject({ q: 'Ada Lovelace' })
    expect(bound).not.toHaveProperty('term')
  })

  it('is nobody to whom something is assigned', async () => {
    expect((await planned('add boat Petrel and assign it to Ada Lovelace')).bound).not.toMatchObject({
      q: 'Ada Lovelace',
    })
  })
})

describe('said otherwise', () => {
  it.each([
    ['turn down request 5', 'POST /requests/{request_id}/reject'],
    ['put contract 5 on ice', 'POST /contracts/{contract_id}/pause'],
    ['put boat 5 on hold', 'GET /boats/{boat_id}'],
    ['call gate 5 "North gate" from now on', 'PATCH /gates/{gate_id}'],
    ['pull up contract 5', 'GET /contracts/{contract_id}'],
    ['prioritise contract 5', 'GET /contracts/{contract_id}'],
    ["what's the phone number that we have on file for Kittiwake?", 'GET /boats'],
  ])('%s', async (message, call) => {
    expect((await planned(message)).calls.at(-1)).toBe(call)
  })
})
