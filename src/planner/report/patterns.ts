import { NUMBER_WORDS, SUPERLATIVES } from '../language/lexicon.ts'

// How English asks for what no list says by itself. Each is matched against a whole message, without what opens it.

const COUNTED = String.raw`(?:how many|(?:total )?(?:number|count|amount|quantity) of|count(?: up)?(?: of)?)`
const PER = String.raw`(?:per|by|each|every|for each|for every|of each|of every|in each|in every|on each|from each|grouped by|broken down by|split by)`
const THERE = String.raw`(?: (?:are there|there are|is there|do we have|have we|we have|are|were|was|have been|exist)(?: \p{L}+ed)?)?`
const HAVING =
  'has|have|had|having|with|placed|makes?|made|gets?|got|receives?|received|owns?|wrote|contains?|holds?|created|sold|bought'
const HAVE = String.raw`(?:${HAVING}|\p{L}{3,}ed)`
const HAS = String.raw`(?:have|has|had|(?:have |has )?(?:placed|made|received|opened|created|bought|written))`
const MOST = '(?:most|fewest|least|(?:highest|largest|greatest|lowest|smallest) (?:number|count|amount) of)'
const NUMBER = String.raw`(?:\d{1,6}|${[...NUMBER_WORDS.keys()].join('|')})`
export const MEASURES: Record<string, 'sum' | 'average' | 'max' | 'min'> = {
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
export const TAKINGS = /^(?:sales|revenues?|turnover|income|earnings|takings|spend|spending|spent)$/i
const WITHOUT = String.raw`(?:without|with no|lacking|(?:who|that|which)?\s*(?:have|has|had) (?:no|zero)|(?:who|that|which)?\s*(?:do|does|did)(?: not|n't) have)`
const NEVER = String.raw`(?:who |that |which )?(?:(?:have|has|had|did|do|does|were|was|are|is)(?: not|n't| never)|never)(?: yet| ever)?(?: been| have| had)?`

export const TIMED =
  /^(\S+) ((?:this|last|since|today|yesterday|during|before|after|in (?:the (?:last|past)|\d{4}|q[1-4]|january|february|march|april|may|june|july|august|september|october|november|december))\b.*)$/i

const rule = (source: string) => new RegExp(`^${source}$`, 'iu')

export const EACH_HAS = rule(
  String.raw`${COUNTED} (?<things>.+?) (?:do|does|did|has|have) (?:each|every)(?: of the)? (?<by>.+?) (?:\p{L}+)(?: (?<tail>.+))?`,
)
export const EACH_SPENDS = rule(
  String.raw`how much (?:do|does|did|has|have) (?:each|every)(?: of the)? (?<by>.+?) (?:spen[dt]|paid|pay)(?: (?<tail>.+))?`,
)
export const SHARE = rule(
  String.raw`(?:percentage|percent|share|proportion|part|what percentage|how many percent) of (?<things>.+?) (?:(?:that |which )?(?:are|is|were|was|have been|has been)) (?<which>.+)`,
)
export const COUNT_PER = rule(String.raw`${COUNTED} (?<things>.+?)${THERE} ${PER} (?<by>.+)`)
export const THING_COUNT_PER = rule(String.raw`(?<things>.+?)(?: counts? ${PER}| per) (?<by>.+)`)
export const MEASURE_OF_PER = rule(String.raw`${MEASURED} (?<field>.+?) of (?<things>.+?) ${PER} (?<by>.+)`)
export const MEASURE_PER = rule(String.raw`${MEASURED} (?<field>.+?) ${PER} (?<by>.+)`)
export const TAKINGS_PER = rule(String.raw`(?<field>sales|revenues?|turnover|income|earnings|takings) ${PER} (?<by>.+)`)
export const MEASURE_OF = rule(
  String.raw`${MEASURED} (?<field>.+?) (?:of|for|across) (?<all>all )?(?:the )?(?<things>.+)`,
)
export const MEASURE_ALONE = rule(String.raw`(average|mean) (?<field>[\p{L}\s]+)`)
export const GROUPED = rule(
  String.raw`(?:(?:group|break down|split|categori[sz]e|summari[sz]e|aggregate|count)(?: up)? (?<things>.+?) (?:by|per)|(?<grouped>.+?),? (?:grouped|broken down|split) by) (?<by>.+)`,
)
export const WITH_MOST = rule(
  String.raw`(?:which |what )?(?:(?:top )?(?<count>${NUMBER}) |top )?(?<by>.+?|who) (?:has |have )?(?:${HAVING}|(?<verb>\p{L}{3,}ed)) the (?<most>${MOST}) (?<things>.+)`,
)
export const TOP_BY = rule(
  String.raw`(?:which |what )?(?<top>(?:the )?top (?:(?<count>${NUMBER}) )?|(?<first>${NUMBER}) (?:best|top) )?(?<by>.+?) (?:ranked |sorted |ordered )?by (?:(?:their |the )?(?<amount>.+))`,
)
export const WITH_HIGHEST = rule(
  String.raw`(?:which |what )?(?:(?<count>${NUMBER}) )?(?<by>.+?|who) (?:has|have|had|with) the (?<end>highest|largest|biggest|lowest|smallest) (?<amount>${MEASURED} .+)`,
)
export const LACKS = rule(String.raw`(?:which |what )?(?<by>.+?) ${WITHOUT} (?:any |an? |a single )?(?<things>.+)`)
export const DID_NOT = rule(String.raw`(?:which |what )?(?<by>.+?) ${NEVER} (?<verb>\p{L}{3,})(?: (?<things>.+))?`)
export const HAS_SO_MANY = rule(
  String.raw`(?:which |what )?(?<by>.+?) (?:who |that |which )?${HAVE} (?<compared>at least|more than|over|fewer than|less than|under|at most|no more than|exactly) (?<count>${NUMBER}) (?<things>.+)`,
)
export const DID = rule(
  String.raw`(?:(?<by>.+?) (?:who|that|which) |(?:which|what) (?<asked>[\p{L}]+(?: \p{L}+)??) )(?:have |has |had )?(?<verb>\p{L}{3,}ed)(?: (?:anything|something))?(?: (?<tail>.+))?`,
)
export const HAS_SOME = rule(
  String.raw`(?:(?<by>.+?) (?:(?:who|that|which) ${HAS}|with(?! (?:an?|the|their|its|his|her|all|no)\b))|(?:which|what) (?<asked>.+?) ${HAS}) (?:any |some |at least one )?(?<things>.+)`,
)
const SUPERLATIVE = String.raw`(?:(?:most|least) \p{L}+|${[...SUPERLATIVES.keys()].filter((word) => word.endsWith('est')).join('|')}|first|last)`
const OF_EACH = '(?:(?:in|of|for|from|on|at|by|per) (?:each|every)|per)'
export const BEST_OF_EACH = rule(
  String.raw`(?:which |what )?(?:(?<count>${NUMBER}) )?(?<order>${SUPERLATIVE}) (?:(?<number>${NUMBER}) )?(?<things>[\p{L}\s]+?) ${OF_EACH} (?<by>.+)`,
)
export const BEST_BY_OF_EACH = rule(
  String.raw`(?:which |what )?(?<things>[\p{L}\s]+?) (?:with|that has|that have|has|have) the (?<order>${SUPERLATIVE}) (?<field>[\p{L}\s]+?) ${OF_EACH} (?<by>.+)`,
)
export const EACH_BEST = rule(
  String.raw`(?:for|in|of) (?:each|every) (?<by>[\p{L}\s]+?),? (?:the )?(?:(?<count>${NUMBER}) )?(?<order>${SUPERLATIVE}) (?:(?<number>${NUMBER}) )?(?<things>[\p{L}\s]+)`,
)
export const BIGGEST = rule(
  String.raw`(?:which |what )?(?:(?:(?<count>${NUMBER}) )?(?:biggest|largest|best)|(?:biggest|largest|best|top) (?<number>${NUMBER})) (?<by>(?:\p{L}+ )?\p{L}+)`,
)
export const WITH_NUMBER = rule(
  String.raw`(?<by>.+?),? (?:together |along )?(?:with|and) (?:the|their|its) (?:number|count) of (?<things>.+?)(?: (?:they|each|it|he|she)(?: \p{L}+)*)?`,
)
export const WITH_THEIRS = rule(
  String.raw`(?<by>.+?),? (?:together |along )?with (?:all )?(?:of )?(?:their|its|his|her) (?<things>.+)`,
)
export const FIELDS_OF = rule(
  String.raw`(?<things>.+?),? (?:together |along )?(?:with|including|plus) (?:the )?(?<fields>[\p{L}\s,]+?) of (?:the|their|its|each) (?<by>.+?)(?: (?:who|that|which) .+)?`,
)
export const OWNER_FIELDS = rule(
  String.raw`(?<things>.+?),? (?:together |along )?(?:with|including|plus) (?:the |their |its )?(?<by>(?!the |their |its )\p{L}+?)(?:'s|s')? (?<fields>(?:\p{L}+)(?:(?:,| and|, and) \p{L}+)*)`,
)
export const COUNT_OF = rule(String.raw`${COUNTED} (?<things>.+)|(?<counted>.+?) counts?`)
export const AMOUNT_OF = rule(String.raw`${MEASURED} (?<field>.+?)(?: of (?<things>.+))?`)
export const SPENT_MOST =
  /^(?:who|(?:which )?(?<by>\p{L}+)(?: who| that)?) (?:has |have )?spent (?:the )?(?<most>most|least)(?: (?<tail>.+))?$/iu
export const HOW_MANY = /^(?:how many|(?:the )?(?:number|count) of) (?=.)/i
export const NOTHING_NAMED =
  /^(?:(?:anything|something|yet|before|at all|us|it)\b\s*)+|^(?=(?:this|last|since|today|yesterday|during|in)\b)/i
