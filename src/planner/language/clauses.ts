import { type Conditional, splitConditions } from './conditional-text.ts'
import { DETERMINERS, STATIVE_VERBS, VERBS } from './lexicon.ts'
import { hideValues } from './quotes.ts'
import { isComment, isStatement, SENTENCE_END, withoutComment, withoutPreamble, withoutSubject } from './sentences.ts'
import { sentencesInOrder, splitSequence } from './sequence.ts'
import { baseOf, baseOfVerb, isVerb, opensClause, SAYS } from './verbs.ts'

/** A part of a message that asks for one thing. */
export type ClauseText = {
  text: string
  /** What follows on from another clause, a participle or a purpose: often only a comment, sometimes a request. */
  aside: boolean
  /** The "for each …" that it stands under. */
  each?: string
  /** It is such a "for each …": it only says of what. */
  names?: boolean
  /** It is told behind what it is done before: "delete it, but first show it". */
  precedes?: boolean
} & Omit<Conditional, 'text'>

// "The process of creating …, submitting …", "by adding …", "including checking …": what is asked for stands behind.
const GERUND_OPENERS = 'of|by|for|before|after|when|while|including|involves|involving|through|and'

// Words whose infinitive says what is asked for rather than what for.
const CONTROLLERS =
  'want|wants|need|needs|like|able|love|going|trying|try|tries|wish|plan|used|how|ready|have|has|had|help|me|us|you|user|users|is|are|was|be|place|places|somewhere|thing|things|something|anything|nothing|stuff'

/** Cuts at sentence ends, at "then", and at "and" or a comma when a verb follows; never inside quotes. */
export function splitClauses(message: string): ClauseText[] {
  const whole = /^"([^"]*)"$/.exec(message)
  if (whole?.[1]) return splitClauses(whole[1])
  const hidden = hideQuoted(message)
  const sentences = hidden.text.split(SENTENCE_END)
  const told = sentences.flatMap((sentence, at) => {
    const text = withoutSubject(sentence.replace(OPENERS, ''))
    return at % 2 === 1 || isComment(sentence) || isComment(text)
      ? []
      : [{ said: sentence, text: withoutComment(text), aside: isStatement(text, sentences[at + 1] ?? '') }]
  })
  const asked = told.filter(({ text, aside }) => !aside && /\p{L}/u.test(text))
  let groups = 0
  return sentencesInOrder(told)
    .flatMap(({ text, aside, precedes }) => {
      const parts = splitConditions(withoutPreamble(text), groups, opensOrder)
      groups += parts.filter(({ test }) => test).length
      return underEach(parts.flatMap(splitPart)).map((clause) => ({
        ...clause,
        ...(precedes ? { precedes } : {}),
        aside: clause.aside || (aside && asked.length > 0),
      }))
    })
    .map(({ text, ...rest }) => ({ ...rest, text: hidden.restore(text).trim() }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
}

/** The clauses of a part of a sentence. */
function splitPart({ text, ...role }: Conditional): ClauseText[] {
  if (role.test) return [{ text, aside: false, ...role }]
  const clauses = text
    .split(
      /,?\s+(?:and\s+)?(?:then|finally|afterwards|after that|after which)\s+|,?\s+but\s+(?=(?:please\s+)?(?:do not|never)\s)/i,
    )
    .flatMap((each) => splitSequence(each, baseOfVerb, opensOrder))
    .flatMap(({ text: sequenced, precedes }) =>
      splitAtVerbs(sequenced).map((clause) => (precedes ? { ...clause, precedes } : clause)),
    )
  return clauses.map((clause) => ({ ...clause, ...role }))
}

/** The clauses of a sentence; those behind a "for each …" that stands by itself are under it. */
function underEach(clauses: ClauseText[]): ClauseText[] {
  const [first, ...others] = clauses
  if (!first || others.length === 0 || !/^\s*for (?:each|every|all)\s/i.test(first.text)) return clauses
  return [{ ...first, names: true }, ...others.map((clause) => ({ ...clause, each: first.text }))]
}

/** Whether a text begins by asking for something to be done. */
function opensOrder(text: string): boolean {
  const [first = '', next = ''] = text
    .trim()
    .toLowerCase()
    .replace(/^(?:(?:please|also|just|then|i want you to|you should)\s+)+/, '')
    .split(/[\s,]+/)
  return isVerb(first) || DETERMINERS.has(next)
}

/** The sentences that comment on a message and ask for nothing: what they say may still be a value of what is asked for. */
export function commentsOf(message: string): ClauseText[] {
  const hidden = hideQuoted(message)
  const sentences = hidden.text.split(SENTENCE_END).filter((sentence, at) => at % 2 === 0 && isComment(sentence))
  return sentences.map((sentence) => ({ text: hidden.restore(sentence).trim(), aside: true }))
}

function hideQuoted(message: string) {
  const { hidden, restore } = hideValues(withoutExamples(message))
  return { text: withoutContractions(hidden), restore }
}

const OPENERS =
  /^\s*(?:(?:then|finally|first|firstly|next|also|lastly|additionally|simultaneously|after that|afterwards|so|and),?\s+)+/i

/** "(e.g., a call or a meeting)" tells what is meant by what is asked for and asks for nothing itself. */
function withoutExamples(message: string): string {
  return message.replaceAll(
    /\s*\((?:e\.?g\.?|i\.?e\.?|such as|for example|for instance|like|including|optional(?:ly)?)\b[^()]*\)/gi,
    '',
  )
}

// Verbs that are things before a number or an id.
const THINGS = new Set(
  'show order book record post track message issue list file report request note review charge transfer call invoice ticket task'.split(
    ' ',
  ),
)
const SHELL = /\b(?:process|workflow|ability|way|steps?|tasks?|lifecycle|procedure|possibility|option)\s*$/i

/** Cuts where a verb begins something new. */
function splitAtVerbs(part: string): ClauseText[] {
  const pieces: ClauseText[] = []
  let from = 0
  let aside = false
  let inGerunds = /^\s*([\p{L}]+ing)\s/u.test(part) && isVerb(baseOf(part.trim().split(/\s/)[0]?.toLowerCase() ?? ''))
  // "Identifies …, checks …": once verbs are in the third person, they go on in it.
  const third = /^\s*([\p{L}]+)s\s/u.exec(part)
  const inThird = third !== null && isVerb(baseOf(part.trim().split(/\s/)[0]?.toLowerCase() ?? ''))
  const joints = new RegExp(
    `(?:,\\s*(?:and\\s+|or\\s+)?|\\s+and\\s+)(?:also\\s+|[\\p{L}]+ly\\s+)?(?=([\\p{L}]+)(\\s+[\\p{L}\\p{N}\\uE000]+)?)|\\s(?:${GERUND_OPENERS})\\s+(?=([\\p{L}]{3,}ing)(\\s+[\\p{L}\\uE000]+)?)|(?<!\\b(?:${CONTROLLERS}))\\s(?:in\\s+order\\s+)?to\\s+(?=([\\p{L}]{3,})(\\s+[\\p{L}\\uE000]+)?)`,
    'giu',
  )
  for (const match of part.matchAll(joints)) {
    const [whole, word = '', next = '', gerund, afterGerund = '', purpose, afterPurpose = ''] = match
    if (purpose !== undefined) {
      const said = part.slice(from, match.index).trim().split(/\s+/)
      // "Assign it to Bob": a name is no verb.
      // "Assign me to order 5", "to invoice INV-7": nor is what a number or an id stands behind.
      const behind = part.slice(match.index + whole.length + purpose.length)
      const isNumbered = THINGS.has(purpose.toLowerCase()) && /^\s+#?(?=[\w-]*\d)[\w-]+/.test(behind)
      // "Update her to email ada@example.com".
      const isField = /^e?mail$/i.test(purpose) && /^\s+\S+@\S/.test(behind)
      const isName = /^\p{Lu}/u.test(purpose) || isNumbered || isField
      if (said.length < 3 || isName || !isVerb(purpose.toLowerCase()) || afterPurpose === '') continue
      pieces.push({ text: part.slice(from, match.index), aside })
      from = match.index + whole.length
      aside = true
      inGerunds = false
      continue
    }
    const first = (gerund ?? word).toLowerCase()
    const follows = (gerund === undefined ? next : afterGerund).trim().toLowerCase()
    const isGerund = first.endsWith('ing')
    if (
      !(isGerund
        ? isVerb(baseOf(first)) && !STATIVE_VERBS.has(baseOf(first)) && follows !== ''
        : opensClause(first, follows, inThird))
    )
      continue
    const before = part.slice(from, match.index)
    // "Between January and March 2026".
    if (/^\p{Lu}/u.test(word) && /^\s*\d/.test(next)) continue
    // "Cancel order 5 and order 6": it goes on with another of the same.
    if (new RegExp(String.raw`\b${first}s?\s+\S+\s*$`, 'i').test(before)) continue
    if (
      !isGerund &&
      (!VERBS.has(first) || SAYS.has(first)) &&
      isAttribute(before, part.slice(match.index + whole.length))
    )
      continue
    // "Covers the process of creating …": what is asked for stands behind.
    const isShell = isGerund && SHELL.test(before)
    if (!isShell) pieces.push({ text: before, aside })
    from = match.index + whole.length
    // "Creating …, adding … and sending …": in a list of gerunds each is asked for as the first is.
    const goesOn = inGerunds && gerund === undefined
    if (!(isGerund && goesOn)) aside = isGerund && !isShell
    inGerunds = isGerund
  }
  return [...pieces, { text: part.slice(from), aside }]
}

const VALUE = String.raw`(?:\uE000\d+\uE000|[$€£]?\d[\w.,:%-]*|(?=[\p{L}_-]*\d)\p{L}[\w.:-]*)`
// A value may be a number of something: "5 pounds".
const ENDS_WITH_ATTRIBUTE = new RegExp(String.raw`\b(?:with|having|whose)\b.*?${VALUE}(?:\s+\p{L}+)?\s*$`, 'isu')
const ATTRIBUTE = new RegExp(
  String.raw`^\s*(?:an?\s+|the\s+)?[\p{L}_-]+(?:\s+(?!(?:the|an?|my|our|this|that)\s)[\p{L}_-]+){0,2}?\s+(?:(?:of|is|as|at)\s+)?${VALUE}(?:\s+\p{L}+)?\s*(?:$|,|\band\b)`,
  'iu',
)

/** "… with the title 'Ulysses' | release year 1922": what goes on is another thing told of the same, not one to be done. */
export function isAttribute(before: string, after: string): boolean {
  return ENDS_WITH_ATTRIBUTE.test(before) && ATTRIBUTE.test(after)
}

const CONTRACTED = /\b(ca|wo|sha|\p{L}{1,9})n['’]t\b/giu
const STEMS: Record<string, string> = { ca: 'can', wo: 'will', sha: 'shall' }

/** "Isn't" as "is not", so that the denial is a word. */
function withoutContractions(text: string): string {
  return text.replace(CONTRACTED, (_, verb: string) => `${STEMS[verb.toLowerCase()] ?? verb} not`)
}
