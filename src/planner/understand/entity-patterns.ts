import { DATES, type Now } from '../language/dates.ts'
import { FUNCTION_WORDS, NUMBER_WORDS } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { type Span, SPANS } from '../language/spans.ts'
import type { Entity } from './entity.ts'
import { isNested, NESTED } from './nested-names.ts'

/** How something that can become a value is written, and what reads the value out of it; null where it is none. */
export type Pattern = {
  kind: Entity['kind']
  pattern: RegExp
  value?: (match: RegExpExecArray, now: Now | null) => string | number | Span | null
  money?: boolean
  percent?: boolean
}

// With thousands in groups, the English way or the European, or plain with one separator.
const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?`
const UNITS = 'km|kg|cm|mm|lbs?|mi|min|hrs?|ms|gb|mb|kb|px'

const SPELLED_UNITS =
  'second|minute|hour|day|week|month|year|mile|meter|metre|kilometer|kilometre|pound|kilogram|foot|inch'

// What stands behind the last word of a phrase.
const END_OF_PHRASE = String.raw`\s*(?:[,;!?]|\.(?:\s|$)|$)|\s+(?:of|in|from|to|on|for|and|or|with|at|as|by|then|that|which|who)\b`

/** A name of two words and more that ends with a number, which counts nothing: "100 points". */
export const NUMBERED =
  /(?<=\s|^)\p{Lu}\p{Ll}[\p{L}'-]{0,30}(?:\s+\p{Lu}\p{Ll}[\p{L}'-]{0,30}){1,4}\s+\d{1,4}(?=\s*(?:[,;!?]|\.(?:\s|$)|$)|\s+(?:of|in|from|to|on|for|and|or|with|at|as|by|then|that|which|who|is|was|are|were|has|have|had|come|came|about|tagged|released)\b|'s)/gu
const RECORD =
  /\b(?:Number|No|Id|Order|Ticket|Issue|Invoice|Task|Case|Page|Room|Version|Item|Card|User|Account|Customer|Product|Project|Sheet|Column|Row|Team|Server|Job|Event|Step|Day|Week|Chapter|Season|Episode|Line|Level|Floor|Unit|Document|File|Message|Group|Employee|Student|Course|Class|Part|Section|Table|Top|Last|First|Next)\s+\d+$/iu

// "12 Elm Court, Dorking": the number of a house, what its street is called, and what stands behind that with a comma.
const ADDRESS = new RegExp(
  String.raw`(?<=^|[,:(]\s|\b(?:to|at|is|address|in|from|near|lives?)\s)\d{1,5}[A-Za-z]?\s+(?:\p{Lu}[\p{L}'’-]*\.?\s+){1,4}?(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Court|Ct|Drive|Dr|Way|Square|Sq|Place|Pl|Boulevard|Blvd|Terrace|Close|Crescent|Row|Hill|Highway|Parkway|Quay|Mews)\b(?:,\s+(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\d{5}(?![\w-])|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)\p{Lu}\p{L}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*){0,2}(?:\s+[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\s+\d{5}(?![\w-]))?)){0,3}`,
  'gu',
)

// What is joined to other words to say how something is: "in real-time", "for long-term".
const JOINED = new Set(
  'time term level based ready wide free only mail line date self real long short full part well non re pre mid hand price same half best seller day sale'.split(
    ' ',
  ),
)

/** In this order: what an earlier pattern took, a later one does not see. */
export const PATTERNS: readonly Pattern[] = [
  { kind: 'quoted', pattern: /"([^"]+)"|`([^`]+)`|(?<![\p{L}\p{N}])'([^'\s](?:[^']*[^'\s])?)'(?![\p{L}\p{N}])/gu },
  {
    kind: 'remark',
    pattern: /\b(?:because|since it|as it|saying|with the (?:reason|note|message|comment):?)\s+([^\uE001]+)$/gi,
  },
  { kind: 'email', pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g },
  { kind: 'url', pattern: /(?:https?:\/\/|\bwww\.)[^\s,"'<>)\]]+/g },
  // An address of IPv4, a telephone number, a range of cells, the path of a file.
  { kind: 'id', pattern: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.]\w)/g },
  { kind: 'name', pattern: ADDRESS },
  ...DATES,
  ...SPANS,
  // "Toy Story 3", "Windows Server 2025"; one word and a number is a thing by its number, and so is "Customer Order 5".
  {
    kind: 'name',
    pattern: NUMBERED,
    value: ([name]) => (RECORD.test(name) ? null : name),
  },
  {
    kind: 'id',
    pattern:
      /(?<![\w-])(?:\+\d{1,3}[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])|\+\d{8,15}\b|\+\d{1,3}(?:[ -]\d{2,}){2,5}(?![\w-])|(?<![\w-])\d{3}-\d{4}(?![\w-])/g,
  },
  { kind: 'id', pattern: /\b[A-Za-z]{1,3}\d{1,7}:[A-Za-z]{1,3}\d{1,7}\b/g },
  { kind: 'quoted', pattern: /(?<=^|\s)\/[\w.-]+(?:\/[\w.-]+)+/g },
  // "example.com", "report.pdf".
  { kind: 'quoted', pattern: /(?<![\w./@:-])[a-z\d][\w-]+(?:\.[a-z][\w-]+)+(?![\w/@:])/g },
  // "In payments-api", "rename docs-old to docs-new": a word that is joined as names of repositories and servers are.
  {
    kind: 'name',
    pattern: new RegExp(
      String.raw`(?<=\b(?:in|of|from|does|do|has|rename|rename \S{1,60} to)\s)([a-z]{2,}(?:-[a-z]+)+)(?=${END_OF_PHRASE}|'s\b|\s+(?:have|has|get|gets|keeps?|is|are)\b)`,
      'g',
    ),
    value: ([, slug = '']) =>
      slug.split('-').some((part) => FUNCTION_WORDS.has(part) || JOINED.has(part)) ? null : slug,
  },
  // "#general", "@alice", "a channel called launch".
  { kind: 'quoted', pattern: /(?<=^|\s)[#@](\p{L}[\w-]*\w)/gu },
  {
    kind: 'quoted',
    pattern: new RegExp(String.raw`\b(?:called|named|titled)\s+([a-z][\w.-]*\w)(?=${END_OF_PHRASE})`, 'g'),
    value: ([, name = '']) => (FUNCTION_WORDS.has(name) ? null : name),
  },
  // "A card called Fix login": it goes on in small letters.
  {
    kind: 'quoted',
    pattern: new RegExp(
      String.raw`\b(?:called|named|titled)\s+(\p{Lu}[\p{L}\p{N}&.'-]*(?:\s+\p{Lu}[\p{L}\p{N}&.'-]*)*(?:\s+\p{Ll}[\p{L}\p{N}'-]*){1,3})(?=${END_OF_PHRASE})`,
      'gu',
    ),
    // "A customer named Ada living in London" is called Ada.
    value: ([, name = '']) =>
      name.split(/\s+/).some((word) => FUNCTION_WORDS.has(word) || isParticiple(word)) ? null : name,
  },
  { kind: 'nested', pattern: NESTED, value: ([text]) => (isNested(text) ? text : null) },
  // A list in brackets, what is no number in it.
  {
    kind: 'quoted',
    pattern: /(?<=\[[^[\]]{0,500}(?<=[[,]\s*))[\p{L}_][^,[\]\uE001]*?(?=\s*[,\]][^[]{0,500}|\]$)/gu,
  },
  {
    kind: 'number',
    pattern: new RegExp(String.raw`(?<![\w.-])(-?(?:${NUMBER}))\s?(?:%|percent\b|per cent\b)`, 'gi'),
    value: toNumber,
    percent: true,
  },
  {
    kind: 'number',
    pattern: new RegExp(
      String.raw`[$€£]\s?(${NUMBER})|\b(${NUMBER})\s?(?:euros?|(?:US\s)?dollars?|pounds?|eur|usd|gbp|€|\$|£)(?!\w)`,
      'gi',
    ),
    value: toNumber,
    money: true,
  },
  { kind: 'number', pattern: new RegExp(String.raw`(?<![\w.-])(${NUMBER})(?:${UNITS})\b`, 'gi'), value: toNumber },
  // "A 5-year loan": the unit stays, to be seen.
  {
    kind: 'number',
    pattern: new RegExp(String.raw`(?<![\w.-])(${NUMBER})(?=-(?:${SPELLED_UNITS})\b)`, 'gi'),
    value: toNumber,
  },
  {
    kind: 'id',
    pattern:
      /\b(?!\d+(?:st|nd|rd|th)\b)(?=[\w-]{0,63}\d)(?=[\w-]{0,63}[A-Za-z])[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*\b|#(\d+)/g,
  },
  { kind: 'number', pattern: new RegExp(String.raw`(?<![\w.-])-?(?:${NUMBER})(?![\w-])`, 'g'), value: toNumber },
  {
    kind: 'name',
    pattern:
      /(?<=\s|^|[([])\p{Lu}[\p{L}\p{N}&.-]*(?:\s+(?:of the|and the|of|the|de|van|von|&)?\s*\p{Lu}[\p{L}\p{N}&.-]*)*/gu,
  },
  {
    kind: 'number',
    pattern: /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?=\s+[\p{L}\uE001])/giu,
    value: (match) => NUMBER_WORDS.get(match[0].toLowerCase()) ?? null,
  },
]

function toNumber(match: RegExpExecArray): number | null {
  const text = match[1] ?? match[2] ?? match[0]
  const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)
  // 1.000,00 is European; so is 1.000 in front of a currency, which has no third decimal.
  const european =
    /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)$/.test(text) || (/^\d{1,3}(?:\.\d{3})+$/.test(text) && match.length > 1)
  const plain = grouped
    ? text.replaceAll(',', '')
    : european
      ? text.replaceAll('.', '').replace(',', '.')
      : text.replace(',', '.')
  const number = Number(plain)
  return Number.isFinite(number) ? number : null
}
