import { plural, singular, words } from '../lib/words.ts'
import { NUMBER_WORDS, VERBS } from './lexicon.ts'
import * as patterns from './report-patterns.ts'
import { baseOf } from './verbs.ts'

/** What is worked out of several things: how many there are, or the sum, average, highest or lowest of one of their fields. */
export type Measure = { kind: 'count' } | { kind: 'sum' | 'average' | 'max' | 'min'; field: string }

/**
 * What a message asks for that no list says by itself. Phrases are as they were said, with what they say of the things:
 * "cancelled orders", "customers in Paris". `things` is null where only their amount is named, `by` where it is "who".
 */
export type ReportWish =
  /** A row for each group of things: what is alike in a field, belongs to the same owner, or is of the same month. */
  | {
      kind: 'groups'
      things: string | null
      by: string | null
      measure: Measure
      order: 'ascending' | 'descending' | null
      limit: number | null
      /** When they came up, where no things are named: "this month". */
      time?: string
    }
  /** The owners who have as many things, or how many of them there are. */
  | { kind: 'having'; things: string; by: string | null; least: number; most: number | null; counts: boolean }
  /** How many in a hundred of all things are those that are meant. */
  | { kind: 'share'; things: string; by: null; of: string }
  /** Each thing with fields of its owner. */
  | { kind: 'joined'; things: string; by: string; fields: string }
  /** Each owner with its things. */
  | { kind: 'nested'; things: string; by: string }

const MAX_CHARS = 300
const MAX_WORDS = 8
// Of readings that are tried, each a search of the catalogue.
const MAX_READINGS = 5
const LEADS =
  /^(?:(?:please|can|could|would|will|you|i|we|want|need|would like|'d like|to|know|see|tell|show|give|list|find|get|fetch|display|compute|calculate|work out|me|us|a list of|what is|what's|what are|what were|which are|who are)\s+)+/i
// What a request for a list goes on with, and what is no part of a phrase.
const ARTICLES = /^(?:(?:the|all|each|every|any|our|my|their|its|your|different|a|an|of)\s+)+/i
const ENDS = /(?:\s+please)?[\s?.!]*$/i
// More than one request, or one under a condition: none of these.
const MORE = /[;\n]|[.!?]\s+\S|,?\s\b(?:then|afterwards|if|unless)\b|"|\{\{/i

/**
 * Reads what a message may ask for as a whole where it takes more than a list as it comes: counts, sums and averages of
 * groups, who has most, who has none, and things with what they belong to. Which of the readings holds, the likeliest first,
 * is for the lists that are connected to tell; none for any other message. Pure.
 */
export function readReportWishes(message: string): ReportWish[] {
  if (message.length > MAX_CHARS) return []
  const text = message.replaceAll('’', "'").replaceAll(/\s+/g, ' ').trim().replace(ENDS, '')
  if (MORE.test(text)) return []
  const asked = phrase(text.replace(LEADS, ''))
  return [readShare, readMeasured, readCounted, readMost, readHaving, readJoined]
    .flatMap((read) => read(asked) ?? [])
    .flatMap((wish) => [wish, ...elsewhere(wish), ...asAmount(wish)])
    .filter((wish) => [wish.things, wish.by].every(isShort))
    .slice(0, MAX_READINGS)
}

/** The verb that a message opens with and that would change something; null where it only asks. */
export function openingVerb(message: string): string | null {
  const [first = ''] = words(phrase(message.trim().replace(LEADS, '')))
  const effect = VERBS.get(first)
  return effect === undefined || effect === 'read' ? null : first
}

/** Whether only a step that computes can answer: the rest may be what a call filters by. */
export function takesWorkingOut(wish: ReportWish): boolean {
  return wish.kind === 'groups' || wish.kind === 'share' || (wish.kind === 'having' && wish.least !== 1)
}

/** "Customers without orders in Paris": it may be the customers who are there. */
function elsewhere(wish: ReportWish): ReportWish[] {
  const [, things, where] = /^(.+?) ((?:in|from|at|near) .+)$/i.exec(wish.things ?? '') ?? []
  return things === undefined || wish.by === null ? [] : [{ ...wish, things, by: `${wish.by} ${where}` }]
}

/** "Hours per month": what is counted may be a number that things have. */
function asAmount(wish: ReportWish): ReportWish[] {
  if (wish.kind !== 'groups' || wish.measure.kind !== 'count' || wish.things === null) return []
  const field = wish.things.replace(/ \p{L}+ed$/u, '')
  return field.includes(' ') ? [] : [{ ...wish, things: null, measure: { kind: 'sum', field } }]
}

/** Whether a phrase can name one kind of things; null names none. */
function isShort(said: string | null): boolean {
  return said === null || (said !== '' && !said.includes(',') && words(said).length <= MAX_WORDS)
}

/** "What percentage of orders are cancelled": what is said of them comes before their name. */
function readShare(asked: string): ReportWish | null {
  const share = patterns.SHARE.exec(asked)?.groups
  if (!share) return null
  const { things = '', which = '' } = share
  return { kind: 'share', things: phrase(`${which} ${things}`), by: null, of: phrase(things) }
}

function readCounted(asked: string): ReportWish | null {
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

function withTail(things: string, tail: string | undefined): string {
  return tail === undefined ? things : `${things} ${tail}`
}

function readMeasured(asked: string): ReportWish | null {
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

function readMost(asked: string): ReportWish | null {
  const spent = patterns.SPENT_MOST.exec(asked)
  if (spent) {
    const order = /most/i.test(spent[1] ?? '') ? 'descending' : 'ascending'
    return groups({ things: null, by: null, measure: { kind: 'sum', field: 'spending' }, order, limit: 1 })
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
  if (!top) return null
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

function readHaving(said: string): ReportWish | null {
  const counts = patterns.HOW_MANY.test(said)
  const asked = counts ? `which ${said.replace(patterns.HOW_MANY, '')}` : said
  const having = (by: string, things: string, least: number, most: number | null): ReportWish => ({
    kind: 'having',
    things: phrase(things),
    by: /^(?:who|people|those)$/i.test(by) ? null : phrase(by.replace(/\s+(?:who|that|which)$/i, '')),
    least,
    most,
    counts,
  })
  const many = patterns.HAS_SO_MANY.exec(asked)?.groups
  if (many) {
    const [least, most] = bounds(many['compared'] ?? '', numberOf(many['count']) ?? 0)
    return having(many['by'] ?? '', many['things'] ?? '', least, most)
  }
  const lacks = patterns.LACKS.exec(asked)?.groups
  if (lacks) return having(lacks['by'] ?? '', lacks['things'] ?? '', 0, 0)
  const not = patterns.DID_NOT.exec(asked)?.groups
  if (not) {
    const rest = not['things'] ?? ''
    const done = doneThings(not['verb'] ?? '')
    const isNamed = rest !== '' && !patterns.NOTHING_NAMED.test(rest)
    return having(
      not['by'] ?? '',
      isNamed ? rest : withTail(done, rest.replace(patterns.NOTHING_NAMED, '').trim()),
      0,
      0,
    )
  }
  const some = patterns.HAS_SOME.exec(asked)?.groups
  if (some) return having(some['by'] ?? some['asked'] ?? '', some['things'] ?? '', 1, null)
  const did = patterns.DID.exec(asked)?.groups
  return did
    ? having(did['by'] ?? did['asked'] ?? '', withTail(doneThings(did['verb'] ?? ''), did['tail']), 1, null)
    : null
}

/** What somebody has who has done something: orders, who has ordered. */
function doneThings(verb: string): string {
  return plural(baseOf(verb.toLowerCase()))
}

function readJoined(asked: string): ReportWish | null {
  const of = patterns.FIELDS_OF.exec(asked)?.groups
  if (of) return joined(of)
  const theirs = patterns.WITH_THEIRS.exec(asked)?.groups
  const own = patterns.OWNER_FIELDS.exec(asked)?.groups
  if (theirs && !own) return { kind: 'nested', things: phrase(theirs['things'] ?? ''), by: phrase(theirs['by'] ?? '') }
  return own ? joined(own) : null
}

function joined({ things = '', by = '', fields = '' }: Record<string, string | undefined>): ReportWish {
  return { kind: 'joined', things: phrase(things), by: phrase(by), fields: phrase(fields) }
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

/** From how many to how many "more than three" is. */
function bounds(compared: string, count: number): [number, number | null] {
  switch (compared.toLowerCase()) {
    case 'more than':
    case 'over':
      return [count + 1, null]
    case 'at least':
      return [count, null]
    case 'exactly':
      return [count, count]
    case 'at most':
    case 'no more than':
      return [0, count]
    default:
      return [0, count - 1]
  }
}

function numberOf(said: string | undefined): number | null {
  if (said === undefined) return null
  const count = NUMBER_WORDS.get(said.toLowerCase()) ?? Number.parseInt(said, 10)
  return count > 0 ? count : null
}

/** Whether one is asked for: "the customer", "who". */
function isOne(owners: string | null): boolean {
  const last =
    words(owners ?? '').find((_, at, all) => /^(?:in|from|of|at|on|with|for)$/.test(all[at + 1] ?? 'in')) ?? ''
  return owners === null || singular(last) === last
}

function phrase(text: string): string {
  return text.trim().replace(ENDS, '').replace(ARTICLES, '')
}
