import { singular, words } from '../../lib/words.ts'
import { PEOPLE } from '../language/lexicon.ts'
import * as patterns from './patterns.ts'
import { isOne, numberOf, phrase, withTail } from './phrases.ts'
import type { Measure, ReportWish } from './wish.ts'

/** "What percentage of orders are cancelled": what is said of them comes before their name. */
export function readShare(asked: string): ReportWish | null {
  const share = patterns.SHARE.exec(asked)?.groups
  if (!share) return null
  const { things = '', which = '' } = share
  return { kind: 'share', things: phrase(`${which} ${things}`), by: null, of: phrase(things) }
}

export function readCounted(asked: string): ReportWish | null {
  const numbered = patterns.WITH_NUMBER.exec(asked)?.groups
  const each = patterns.EACH_HAS.exec(asked)?.groups
  if (each) {
    const { things = '', by = '', tail } = each
    return groups({ things: phrase(withTail(things, tail)), by: phrase(by), measure: { kind: 'count' } })
  }
  const found = patterns.COUNT_PER.exec(asked)?.groups ?? patterns.THING_COUNT_PER.exec(asked)?.groups
  const { things = '', by = '' } = found ?? numbered ?? {}
  if (things !== '' && by !== '') return groups({ things: phrase(things), by: phrase(by), measure: { kind: 'count' } })
  const grouped = patterns.GROUPED.exec(asked)?.groups
  if (!grouped) return null
  const of = phrase(grouped['things'] ?? grouped['grouped'] ?? '')
  return groups({ things: of, by: phrase(grouped['by'] ?? ''), measure: { kind: 'count' } })
}

export function readMeasured(asked: string): ReportWish | null {
  const spends = patterns.EACH_SPENDS.exec(asked)?.groups
  if (spends && spends['tail'] === undefined)
    return groups({ things: null, measure: { kind: 'sum', field: 'spending' }, by: phrase(spends['by'] ?? '') })
  const of = patterns.MEASURE_OF_PER.exec(asked)
  const per = of ?? patterns.MEASURE_PER.exec(asked)
  if (
    per?.groups &&
    !patterns.COUNT_OF.test(`${per[1]} ${per.groups['field']}`) &&
    !/^(?:number|count)\b/i.test(per.groups['field'] ?? '')
  ) {
    const { field = '', things, by = '' } = per.groups
    return groups({ ...amount(per[1] ?? '', field, things), by: phrase(by) })
  }
  const takings = patterns.TAKINGS_PER.exec(asked)?.groups
  if (takings) return groups({ ...amount('total', takings['field'] ?? '', undefined), by: phrase(takings['by'] ?? '') })
  const all = patterns.MEASURE_OF.exec(asked)
  const { field: said = '', things: those = '', all: every } = all?.groups ?? {}
  if (all && (every !== undefined || words(those).some((word) => singular(word) !== word)))
    return groups({ ...amount(all[1] ?? '', said, those), by: null })
  const alone = patterns.MEASURE_ALONE.exec(asked)
  const field = alone?.groups?.['field'] ?? ''
  if (!alone || / of | in | for /.test(field) || words(field).length < 2) return null
  return groups({ ...amount(alone[1] ?? '', field, undefined), by: null })
}

/** "Total value of orders", "average order value", "revenue": of which things which field, and what is done with it. */
function amount(said: string, field: string, things: string | undefined): { things: string | null; measure: Measure } {
  const kind = patterns.MEASURES[said.toLowerCase()] ?? 'sum'
  const name = phrase(field)
  if (things !== undefined) return { things: phrase(things), measure: { kind, field: name } }
  const all = name.split(' ')
  const last = all.at(-1) ?? ''
  if (all.length === 1 || patterns.TAKINGS.test(last))
    return { things: all.length === 1 ? null : all.slice(0, -1).join(' '), measure: { kind, field: last } }
  return { things: all.slice(0, -1).join(' '), measure: { kind, field: last } }
}

export function readMost(asked: string): ReportWish | null {
  const spent = patterns.SPENT_MOST.exec(asked)?.groups
  if (spent) {
    const { by, tail } = spent
    const order = /most/i.test(spent['most'] ?? '') ? 'descending' : 'ascending'
    const measure: Measure = { kind: 'sum', field: 'spending' }
    const named = { by: by === undefined ? null : phrase(by), ...(tail !== undefined && { time: tail }) }
    return groups({ things: null, measure, order, limit: isOne(named.by) ? 1 : null, ...named })
  }
  const most = patterns.WITH_MOST.exec(asked)?.groups
  if (most) {
    const { by = '', things: named = '', count, verb } = most
    const things = verb === undefined ? named : `${verb} ${phrase(named)}`
    const order = /fewest|least|lowest|smallest/i.test(most['most'] ?? '') ? 'ascending' : 'descending'
    const owners = /^who$/i.test(by) ? null : phrase(by)
    const measure: Measure = { kind: 'count' }
    return groups({
      things: phrase(things),
      by: owners,
      measure,
      order,
      limit: numberOf(count) ?? (isOne(owners) ? 1 : null),
    })
  }
  const highest = patterns.WITH_HIGHEST.exec(asked)?.groups
  const top = highest ?? patterns.TOP_BY.exec(asked)?.groups
  if (!top) return readBiggest(asked)
  const { by = '', amount: said = '' } = top
  const isTop = highest !== undefined || top['top'] !== undefined
  const limit = numberOf(top['count'] ?? top['first']) ?? (isTop && isOne(phrase(by)) ? 1 : null)
  const counted = patterns.COUNT_OF.exec(said)?.groups
  const order = /lowest|smallest/i.test(top['end'] ?? '') ? 'ascending' : 'descending'
  const owners = { by: /^who$/i.test(by) ? null : phrase(by), order, limit } as const
  if (counted)
    return groups({
      things: phrase(counted['things'] ?? counted['counted'] ?? ''),
      measure: { kind: 'count' },
      ...owners,
    })
  const measured = patterns.AMOUNT_OF.exec(said)
  if (measured?.groups)
    return groups({
      ...amount(measured[1] ?? '', measured.groups['field'] ?? '', measured.groups['things']),
      ...owners,
    })
  return patterns.TAKINGS.test(said) ? groups({ ...amount('total', said, undefined), ...owners }) : null
}

/** "The three biggest customers": those who spend the most, which is not said. */
function readBiggest(asked: string): ReportWish | null {
  const { by: said = '', count, number } = patterns.BIGGEST.exec(asked)?.groups ?? {}
  const by = phrase(said)
  const limit = numberOf(count ?? number) ?? (isOne(by) ? 1 : null)
  if (!PEOPLE.has(singular(words(by).at(-1) ?? '')) || limit === null) return null
  const measure: Measure = { kind: 'sum', field: 'spending' }
  return groups({ things: null, by, measure, order: 'descending', limit, guessed: true })
}

type Groups = Extract<ReportWish, { kind: 'groups' }>

function groups(wish: Omit<Groups, 'kind' | 'order' | 'limit'> & Partial<Groups>): Groups {
  const { things, by } = wish
  // "Orders by status this year": the year is that of the orders.
  const [, group, time] = (by !== null && patterns.TIMED.exec(by)) || []
  const named = things === null ? { things, time: time ?? '' } : { things: `${things} ${time}` }
  const timed = group === undefined ? { things, by } : { ...named, by: group }
  return { order: null, limit: null, ...wish, ...timed, kind: 'groups' }
}
