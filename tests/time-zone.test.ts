import { describe, expect, it } from 'vitest'
import { offsetAt } from '../src/lib/time-zone.ts'

describe('the offset of a time that clocks show', () => {
  it.each([
    ['in summer', '2026-07-01T09:00:00', 'Europe/Berlin', '+02:00'],
    ['in winter', '2026-12-01T09:00:00', 'Europe/Berlin', '+01:00'],
    ['west of UTC', '2026-07-01T23:30:00', 'America/New_York', '-04:00'],
    ['of half an hour', '2026-07-01T09:00:00', 'America/St_Johns', '-02:30'],
    ['of none', '2026-07-01T09:00:00', 'UTC', 'Z'],
    ['just before clocks are put on', '2026-03-29T01:59:59', 'Europe/Berlin', '+01:00'],
    ['just after', '2026-03-29T03:00:00', 'Europe/Berlin', '+02:00'],
    ['just before, west of UTC', '2026-03-08T01:59:59', 'America/New_York', '-05:00'],
    ['just after, west of UTC', '2026-03-08T03:00:00', 'America/New_York', '-04:00'],
    ['far in the east', '2026-04-05T03:00:00', 'Pacific/Auckland', '+12:00'],
  ])('%s', (_, local, zone, offset) => expect(offsetAt(local, zone)).toBe(offset))

  it.each([
    ['skipped', '2026-03-29T02:30:00', 'Europe/Berlin', '+01:00'],
    ['skipped, west of UTC', '2026-03-08T02:30:00', 'America/New_York', '-05:00'],
    ['skipped by half an hour', '2026-10-04T02:15:00', 'Australia/Lord_Howe', '+10:30'],
    ['shown twice', '2026-10-25T02:30:00', 'Europe/Berlin', '+02:00'],
    ['shown twice, west of UTC', '2026-11-01T01:30:00', 'America/New_York', '-04:00'],
  ])('that is %s is as it was before', (_, local, zone, offset) => expect(offsetAt(local, zone)).toBe(offset))

  it('is that of UTC where there is no such time', () => expect(offsetAt('tomorrow', 'Europe/Berlin')).toBe('Z'))
})
