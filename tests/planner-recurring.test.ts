import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecurrence } from '../src/planner/language/recurrence.ts'
import { checkTimetable } from '../src/triggers/cron.ts'

describe('when something is to be done again and again', () => {
  it.each([
    ['every Monday at 9, list the late orders', '0 9 * * 1', 'every Monday at 09:00', 'list the late orders'],
    [
      'List orders every day at 8am. Then post them.',
      '0 8 * * *',
      'every day at 08:00',
      'List orders. Then post them.',
    ],
    ['at 9 on weekdays, list open tickets', '0 9 * * 1-5', 'Monday to Friday at 09:00', 'list open tickets'],
    ['each morning at 7:30 list them', '30 7 * * *', 'every day at 07:30', 'list them'],
    ['at 7 every evening list late orders', '0 19 * * *', 'every day at 19:00', 'list late orders'],
    ['every night at 11 archive them', '0 23 * * *', 'every day at 23:00', 'archive them'],
    [
      'every weekday at 9am and 5pm list orders',
      '0 9,17 * * 1-5',
      'Monday to Friday at 09:00 and 17:00',
      'list orders',
    ],
    [
      'On Mondays and Thursdays at 6pm list orders',
      '0 18 * * 1,4',
      'every Monday and Thursday at 18:00',
      'list orders',
    ],
    ['every 15 minutes check order 5', '*/15 * * * *', 'every 15 minutes', 'check order 5'],
    ['Mondays at 9 list orders', '0 9 * * 1', 'every Monday at 09:00', 'list orders'],
    ['weekdays at 9:30, list orders', '30 9 * * 1-5', 'Monday to Friday at 09:30', 'list orders'],
    ['each and every day at 10 list orders', '0 10 * * *', 'every day at 10:00', 'list orders'],
    ['every year on 1 May at noon list orders', '0 12 1 5 *', 'on 1 May of every year at 12:00', 'list orders'],
    ['hourly: list failed payments', '0 * * * *', 'every hour', 'list failed payments'],
    ['list orders every two hours', '0 */2 * * *', 'every 2 hours', 'list orders'],
    ['send the report weekly on Friday at 16:30', '30 16 * * 5', 'every Friday at 16:30', 'send the report'],
    [
      'every month on the 15th at noon list invoices',
      '0 12 15 * *',
      'on the 15th of every month at 12:00',
      'list invoices',
    ],
    [
      'at 6pm on the last day of each month list them',
      '0 18 L * *',
      'on the last day of every month at 18:00',
      'list them',
    ],
    [
      'every first Monday of the month at 10, list invoices',
      '0 10 * * 1#1',
      'on the 1st Monday of every month at 10:00',
      'list invoices',
    ],
    [
      'List them every day at noon and post them to Ada',
      '0 12 * * *',
      'every day at 12:00',
      'List them and post them to Ada',
    ],
    ['Can you list the orders every day at 10:15?', '15 10 * * *', 'every day at 10:15', 'Can you list the orders?'],
  ])('%s', (message, cron, words, rest) => {
    expect(readRecurrence(message)).toMatchObject({ cron, words, rest, assumptions: [] })
    expect(() => checkTimetable({ cron, timeZone: 'UTC' }, 0)).not.toThrow()
  })

  it.each([
    ['every night archive done tasks', '0 2 * * *', 'no time of day is told: 02:00'],
    ['once a week list the invoices', '0 8 * * 1', 'no time of day is told: 08:00'],
    ['every week, count the new customers', '0 8 * * 1', 'no time of day is told: 08:00'],
    ['every quarter, export the invoices', '0 8 1 1,4,7,10 *', 'no time of day is told: 08:00'],
    ['every day at 6 list orders', '0 18 * * *', '“at 6” is taken for 18:00'],
    ['every day at 9am until Friday, list orders', '0 9 * * *', '“until Friday” is not part of the timetable'],
    ['every hour from 9 to 17 list orders', '0 * * * *', '“from 9 to 17” is not part of the timetable'],
  ])('%s: what nobody said, or no timetable tells, is told', (message, cron, note) => {
    expect(readRecurrence(message)).toMatchObject({ cron, assumptions: [note] })
  })

  it.each([
    'every 45 minutes list orders',
    'every two weeks list orders',
    'list orders every other day',
    'list orders twice a day',
    'every 30 seconds list orders',
  ])('no cron expression tells it: %s', (message) =>
    expect(readRecurrence(message)).toMatchObject({ cron: null, rest: 'list orders' }),
  )

  it('may name the clocks', () => {
    expect(readRecurrence('every day at 9 Europe/Berlin list orders')).toMatchObject({ timeZone: 'Europe/Berlin' })
    expect(readRecurrence('every day at 9 UTC list orders')).toMatchObject({ timeZone: 'UTC', rest: 'list orders' })
  })

  it.each([
    'show every order',
    'delete every task older than 30 days',
    'list the orders of every day',
    'How many orders are placed every day?',
    'list tasks that repeat every day',
    'Get the daily report',
    'Daily list of orders',
    'Set the interval to daily',
    'On Monday list late orders',
    'Create a meeting every Monday at 10 called Standup',
    'Create a task "water the plants every day"',
    'list every Monday meeting',
    'show Mondays',
    'show the shifts of weekdays at 9',
    'list everyday items',
    'push appointment 5 back an hour',
    'add a note to order 5: call every Monday',
    'show the shifts on Mondays',
    'count the orders each month',
    'show the revenue every week',
    'set an alarm every day at 7',
    'cancel the class every Friday at 7',
    'disable pipeline Nightly',
    'add a plan: price 5, monthly',
    'send Ada a message saying we meet every Monday',
    'create a task called Water the plants every day',
    'add product Milk, price 5, weekly',
  ])('is not said by “%s”', (message) => expect(readRecurrence(message)).toBeNull())

  it('is read of any text, and always as a timetable that there is', () => {
    const word = fc.constantFrom(
      ...'every each on the at first last 1st 15th 31st Monday fridays day weekday month quarter hour minutes 5 07:30 9am and , noon morning night daily weekly once a of until list orders'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (said) => {
        const cron = readRecurrence(said.join(' '))?.cron ?? '* * * * *'
        expect(() => checkTimetable({ cron, timeZone: 'UTC' }, 0)).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})
