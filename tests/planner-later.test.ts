import { describe, expect, it } from 'vitest'
import { LATER } from '../src/planner/language/events.ts'
import { readMovingDays } from '../src/planner/language/moving-days.ts'
import type { Planned } from '../src/planner/schema.ts'
import { withLaterThing } from '../src/planner/show/later-thing.ts'
import { withMovingDays } from '../src/planner/show/moving-days.ts'

const NOW = { at: Date.parse('2026-05-04T10:00:00Z'), timeZone: 'UTC' }

/** A plan of one call and what is kept of its answer. */
function planOf(body: object, value: string): Planned {
  return {
    status: 'ready',
    planner: 'embedded',
    explanation: 'Add a note. Step 1 creates something.',
    confidence: 1,
    steps: [],
    effects: ['create'],
    assumptions: [],
    missing: [],
    findings: [],
    considered: [],
    nearest: [],
    definition: {
      name: `notes of ${LATER} on 2026-05-04`,
      steps: [
        { id: 'add', type: 'api_call', api: 'notes', operation: 'POST /notes', body },
        { id: 'kept', type: 'transform', value },
      ],
    },
  }
}

describe('what becomes an expression in a plan', () => {
  it('is a day wherever it is sent, whatever it is called there', () => {
    const plan = planOf(
      { name: '2026-05-04', description: 'on 2026-05-04' },
      '{{ steps.add.body[due = "2026-05-04"] }}',
    )
    const { definition } = withMovingDays(plan, readMovingDays('today'), NOW)
    expect(definition).toMatchObject({
      name: expect.stringMatching(/ on today$/),
      steps: [
        { body: { name: '{{ $today("UTC") }}', description: 'on 2026-05-04' } },
        { value: '{{ steps.add.body[due = $today("UTC")] }}' },
      ],
    })
  })

  it('is the thing of an event, in values, texts and expressions', () => {
    const plan = planOf({ orderId: LATER, name: `see ${LATER}` }, `{{ steps.add.body[of = "${LATER}"] }}`)
    const { definition, status, missing } = withLaterThing(plan, 'order')
    expect(definition?.steps).toMatchObject([
      { body: { orderId: '{{ input.orderId }}', name: 'see {{ input.orderId }}' } },
      { value: '{{ steps.add.body[of = input.orderId] }}' },
    ])
    expect([status, missing.map(({ name }) => name), definition?.name]).toEqual([
      'needs_input',
      ['orderId'],
      'notes of the order on 2026-05-04',
    ])
  })

  it('is asked for where only an expression has it', () => {
    const { definition, missing } = withLaterThing(planOf({}, `{{ steps.add.body[of = "${LATER}"] }}`), 'order')
    expect(definition?.steps[1]).toMatchObject({ value: '{{ steps.add.body[of = input.order_id] }}' })
    expect(missing).toMatchObject([{ name: 'order_id' }])
  })
})
