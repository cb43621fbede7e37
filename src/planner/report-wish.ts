import { singular, words } from '../lib/words.ts'
import { NUMBER_WORDS } from './lexicon.ts'
import { baseOf } from './verbs.ts'

/** What is worked out of several things: how many there are, or the sum, average, highest or lowest of one of their fields. */
export type Measure = { kind: 'count' } | { kind: 'sum' | 'average' | 'max' | 'min'; field: string }

/**
 * What a message asks for that no list says by itself. Phrases are as they were said, with what they say of the things:
 * "cancelled orders", "customers in Paris". `things` is null where only their amount is named, `owners` where it is "who".
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
    }
  /** The owners who have as many things. */
  | { kind: 'having'; things: string; by: string | null; least: number; most: number | null }
  /** Each thing with fields of its owner. */
  | { kind: 'joined'; things: string; by: string; fields: string }
  /** Each owner with its things. */
  | { kind: 'nested'; things: string; by: string }

const MAX_CHARS = 300
const MAX_WORDS = 8
const LEADS =
  /^(?:(?:please|can|could|would|will|you|i|we|want|need|would like|'d like|to|know|see|tell|show|give|list|find|get|fetch|display|compute|calculate|work out|me|us|a list of|what is|what's|what are|what were|which are|who are)\s+)+/i
// What a request for a list goes on with, and what is no part of a phrase.
const ARTICLES = /^(?:(?:the|all|each|every|any|our|my|their|its|your|different|a|an|of)\s+)+/i
const ENDS = /(?:\s*[?.!]+|\s+please)+$/i
// More than one request, or one under a condition: none of these.
const MORE = /[;\n]|[.!?]\s+\S|,?\s\b(?:then|afterwards|if|unless)\b|"|\{\{/i

const COUNTED = String.raw`(?:how many|(?:total )?(?:number|count|amount|quantity) of|count(?: up)?(?: of)?)`
const PER = String.raw`(?:per|by|for each|for every|of each|of every|in each|in every|on each|from each|grouped by|broken down by|split by)`
const THERE = String.raw`(?: (?:are there|there are|is there|do we have|have we|we have|are|were|was|have been|exist)(?: \p{L}+ed)?)?`
const HAVE = String.raw`(?:has|have|had|having|with|placed|makes?|made|gets?|got|receives?|received|owns?|wrote|contains?|holds?|opened|created|sold|bought|\p{L}{3,}ed)`
const HAS = String.raw`(?:have|has|had|(?:have |has )?(?:placed|made|received|opened|created|bought|written))`
const MOST =
  '(?:most|fewest|least|(?:highest|largest|greatest|lowest|smallest) (?:number|count|amount) of)'
const NUMBER = String.raw`(?:\d{1,6}|${[...NUMBER_WORDS.keys()].join('|')})`
const MEASURES: Record<string, 'sum' | 'average' | 'max' | 'min'> = {
  total: 'sum',
  sum: 'sum',
  combined: 'sum',
  overall: 'sum',
  average: 'average',
  mean: 'average',
  highest: 'max',
  maximum: 'max',
  max: 'max',
  lowest: 'min',
  minimum: 'min',
  min: 'min',
}
const MEASURED = String.raw`(total|sum|combined|overall|average|mean|highest|maximum|max|lowest|minimum|min)(?: of)?`
// What is taken in by selling, whatever it is sold by.
const TAKINGS = /^(?:sales|revenues?|turnover|income|earnings|takings|spend|spending|spent)$/i
const WITHOUT = String.raw`(?:without|with no|lacking|(?:who|that|which)?\s*(?:have|has|had) (?:no|zero)|(?:who|that|which)?\s*(?:do|does|did)(?: not|n't) have)`
const NEVER = String.raw`(?:who |that |which )?(?:(?:have|has|had|did|do|does|were|was|are|is)(?: not|n't| never)|never)(?: yet| ever)?(?: been| have| had)?`

const TIMED =
  /^(\S+) ((?:this|last|since|today|yesterday|during|before|after|in (?:the (?:last|past)|\d{4}|q[1-4]|january|february|march|april|may|june|july|august|september|october|november|december))\b.*)$/i

const rule = (source: string) => new RegExp(`^${source}$`, 'iu')

const EACH_HAS = rule(String.raw`${COUNTED} (?<things>.+?) (?:do|does|did|has|have) (?:each|every)(?: of the)? (?<by>.+?) ${HAVE}`)
const COUNT_PER = rule(String.raw`${COUNTED} (?<things>.+?)${THERE} ${PER} (?<by>.+)`)
const THING_COUNT_PER = rule(String.raw`(?<things>.+?) counts? ${PER} (?<by>.+)`)
const MEASURE_OF_PER = rule(String.raw`${MEASURED} (?<field>.+?) of (?<things>.+?) ${PER} (?<by>.+)`)
const MEASURE_PER = rule(String.raw`${MEASURED} (?<field>.+?) ${PER} (?<by>.+)`)
const TAKINGS_PER = rule(String.raw`(?<field>sales|revenues?|turnover|income|earnings|takings) ${PER} (?<by>.+)`)
const MEASURE_ALONE = rule(String.raw`(average|mean) (?<field>[\p{L}\s]+)`)
const GROUPED = rule(
  String.raw`(?:(?:group|break down|split|categori[sz]e|summari[sz]e|aggregate|count)(?: up)? (?<things>.+?) (?:by|per)|(?<grouped>.+?),? (?:grouped|broken down|split) by) (?<by>.+)`,
)
const WITH_MOST = rule(
  String.raw`(?:which |what )?(?:(?:top )?(?<count>${NUMBER}) |top )?(?<by>.+?|who) ${HAVE} the (?<most>${MOST}) (?<things>.+)`,
)
const TOP_BY = rule(
  String.raw`(?:which |what )?(?:(?:the )?top (?:(?<count>${NUMBER}) )?|(?<first>${NUMBER}) (?:best|top) )(?<by>.+?) (?:ranked |sorted |ordered )?by (?:(?:their |the )?(?<amount>.+))`,
)
const LACKS = rule(String.raw`(?:which |what )?(?<by>.+?) ${WITHOUT} (?:any |an? |a single )?(?<things>.+)`)
const DID_NOT = rule(
  String.raw`(?:which |what )?(?<by>.+?) ${NEVER} (?<verb>\p{L}{3,})(?: (?<things>.+))?`,
)
const HAS_SO_MANY = rule(
  String.raw`(?:which |what )?(?<by>.+?) (?:who |that |which )?${HAVE} (?<compared>at least|more than|over|fewer than|less than|under|at most|no more than|exactly) (?<count>${NUMBER}) (?<things>.+)`,
)
const HAS_SOME = rule(
  String.raw`(?:(?<by>.+?) (?:who|that|which) ${HAS}|(?:which|what) (?<asked>.+?) ${HAS}) (?:any |some |at least one )?(?<things>.+)`,
)
const WITH_NUMBER = rule(
  String.raw`(?<by>.+?),? (?:together |along )?(?:with|and) (?:the|their|its) (?:number|count) of (?<things>.+?)(?: (?:they|each|it|he|she)(?: \p{L}+)*)?`,
)
const WITH_THEIRS = rule(String.raw`(?<by>.+?),? (?:together |along )?with (?:all )?(?:of )?(?:their|its|his|her) (?<things>.+)`)
const FIELDS_OF = rule(
  String.raw`(?<things>.+?),? (?:together |along )?(?:with|including|plus) (?:the )?(?<fields>[\p{L}\s,]+?) of (?:the|their|its|each) (?<by>.+)`,
)
const OWNER_FIELDS = rule(
  String.raw`(?<things>.+?),? (?:together |along )?(?:with|including|plus) (?:the |their |its )?(?<by>(?!the |their |its )\p{L}+?)(?:'s|s')? (?<fields>(?:\p{L}+)(?:(?:,| and|, and) \p{L}+)*)`,
)

/**
 * Reads what a message asks for as a whole where it takes more than one list as it comes: counts, sums and averages of
 * groups, who has most, who has none, and things with what they belong to. Null for any other message. Pure.
 */
export function readReportWish(message: string): ReportWish | null {
  const text = message.replaceAll('’', "'").replaceAll(/\s+/g, ' ').trim().replace(ENDS, '')
  if (text.length > MAX_CHARS || MORE.test(text)) return null
  const asked = phrase(text.replace(LEADS, ''))
  const wish =
    readCounted(asked) ?? readMeasured(asked) ?? readMost(asked) ?? readHaving(asked) ?? readJoined(asked)
  return wish && [wish.things, wish.by].every(isShort) ? wish : null
}

/** Whether a phrase can name one kind of things; null names none. */
function isShort(said: string | null): boolean {
  return said === null || (said !== '' && !said.includes(',') && words(said).length <= MAX_WORDS)
}

function readCounted(asked: string): ReportWish | null {
  const numbered = WITH_NUMBER.exec(asked)?.groups
  const found = EACH_HAS.exec(asked)?.groups ?? COUNT_PER.exec(asked)?.groups ?? THING_COUNT_PER.exec(asked)?.groups
  const { things = '', by = '' } = found ?? numbered ?? {}
  if (things !== '' && by !== '') return groups({ things: phrase(things), by: phrase(by), measure: { kind: 'count' } })
  const grouped = GROUPED.exec(asked)?.groups
  if (!grouped) return null
  const of = phrase(grouped['things'] ?? grouped['grouped'] ?? '')
  return groups({ things: of, by: phrase(grouped['by'] ?? ''), measure: { kind: 'count' } })
}

function readMeasured(asked: string): ReportWish | null {
  const of = MEASURE_OF_PER.exec(asked)
  const per = of ?? MEASURE_PER.exec(asked)
  if (per?.groups) {
    const { field = '', things, by = '' } = per.groups
    return groups({ ...amount(per[1] ?? '', field, things), by: phrase(by) })
  }
  const takings = TAKINGS_PER.exec(asked)?.groups
  if (takings) return groups({ ...amount('total', takings['field'] ?? '', undefined), by: phrase(takings['by'] ?? '') })
  const alone = MEASURE_ALONE.exec(asked)
  const field = alone?.groups?.['field'] ?? ''
  if (!alone || / of | in | for /.test(field) || words(field).length < 2) return null
  return groups({ ...amount(alone[1] ?? '', field, undefined), by: null })
}

/** "Total value of orders", "average order value", "revenue": of which things which field, and what is done with it. */
function amount(said: string, field: string, things: string | undefined): { things: string | null; measure: Measure } {
  const kind = MEASURES[said.toLowerCase()] ?? 'sum'
  const name = phrase(field)
  if (things !== undefined) return { things: phrase(things), measure: { kind, field: name } }
  const all = name.split(' ')
  const last = all.at(-1) ?? ''
  if (all.length === 1 || TAKINGS.test(last))
    return { things: all.length === 1 ? null : all.slice(0, -1).join(' '), measure: { kind, field: last } }
  return { things: all.slice(0, -1).join(' '), measure: { kind, field: last } }
}

const SPENT_MOST = /^who (?:has |have )?spent (?:the )?(most|least)( .+)?$/i

function readMost(asked: string): ReportWish | null {
  const spent = SPENT_MOST.exec(asked)
  if (spent) {
    const order = /most/i.test(spent[1] ?? '') ? 'descending' : 'ascending'
    return groups({ things: null, by: null, measure: { kind: 'sum', field: 'spending' }, order, limit: 1 })
  }
  const most = WITH_MOST.exec(asked)?.groups
  if (most) {
    const { by = '', things = '', count } = most
    const order = /fewest|least|lowest|smallest/i.test(most['most'] ?? '') ? 'ascending' : 'descending'
    const owners = /^who$/i.test(by) ? null : phrase(by)
    const measure: Measure = { kind: 'count' }
    return groups({ things: phrase(things), by: owners, measure, order, limit: numberOf(count) ?? (isOne(owners) ? 1 : null) })
  }
  const top = TOP_BY.exec(asked)?.groups
  if (!top) return null
  const { by = '', amount: said = '' } = top
  const limit = numberOf(top['count'] ?? top['first']) ?? (isOne(phrase(by)) ? 1 : null)
  const counted = rule(String.raw`${COUNTED} (?<things>.+)|(?<counted>.+?) counts?`).exec(said)?.groups
  const owners = { by: phrase(by), order: 'descending', limit } as const
  if (counted) return groups({ things: phrase(counted['things'] ?? counted['counted'] ?? ''), measure: { kind: 'count' }, ...owners })
  const measured = rule(String.raw`${MEASURED} (?<field>.+?)(?: of (?<things>.+))?`).exec(said)
  if (measured?.groups)
    return groups({ ...amount(measured[1] ?? '', measured.groups['field'] ?? '', measured.groups['things']), ...owners })
  return TAKINGS.test(said) ? groups({ ...amount('total', said, undefined), ...owners }) : null
}

function readHaving(asked: string): ReportWish | null {
  const having = (by: string, things: string, least: number, most: number | null): ReportWish => ({
    kind: 'having',
    things: phrase(things),
    by: /^(?:who|people|those)$/i.test(by) ? null : phrase(by.replace(/\s+(?:who|that|which)$/i, '')),
    least,
    most,
  })
  const many = HAS_SO_MANY.exec(asked)?.groups
  if (many) {
    const [least, most] = bounds(many['compared'] ?? '', numberOf(many['count']) ?? 0)
    return having(many['by'] ?? '', many['things'] ?? '', least, most)
  }
  const lacks = LACKS.exec(asked)?.groups
  if (lacks) return having(lacks['by'] ?? '', lacks['things'] ?? '', 0, 0)
  const not = DID_NOT.exec(asked)?.groups
  if (not) {
    const said = phrase(not['things'] ?? '')
    const isSaid = said !== '' && !/^(?:anything|something|yet|before|at all|us|it)\b/i.test(said)
    return having(not['by'] ?? '', isSaid ? said : `${baseOf((not['verb'] ?? '').toLowerCase())}s`, 0, 0)
  }
  const some = HAS_SOME.exec(asked)?.groups
  return some ? having(some['by'] ?? some['asked'] ?? '', some['things'] ?? '', 1, null) : null
}

function readJoined(asked: string): ReportWish | null {
  const of = FIELDS_OF.exec(asked)?.groups
  if (of) return joined(of)
  const theirs = WITH_THEIRS.exec(asked)?.groups
  const own = OWNER_FIELDS.exec(asked)?.groups
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
  const [, group, time] = (by !== null && things !== null && TIMED.exec(by)) || []
  const timed = group === undefined ? { things, by } : { things: `${things} ${time}`, by: group }
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
  const last = words(owners ?? '').find((_, at, all) => /^(?:in|from|of|at|on|with|for)$/.test(all[at + 1] ?? 'in')) ?? ''
  return owners === null || singular(last) === last
}

function phrase(text: string): string {
  return text.trim().replace(ENDS, '').replace(ARTICLES, '')
}
