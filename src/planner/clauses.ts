import { splitConditions, type Conditional } from './conditional-text.ts'
import { withoutContractions } from './denials.ts'
import { DETERMINERS, FUNCTION_WORDS, ORDINALS, STATIVE_VERBS, VERBS } from './lexicon.ts'
import { isMostlyVerb } from './related-words.ts'
import { sentencesInOrder, splitSequence } from './sequence.ts'

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

// Verbs that let somebody else do what the infinitive behind them says.
const CAUSATIVES =
  'allow|allows|allowing|enable|enables|enabling|let|lets|letting|help|helps|helping|want|wants|need|needs|like|able|love|going|trying|try|tries'
// "The process of creating …, submitting …", "by adding …", "including checking …": what is asked for stands behind.
const GERUND_OPENERS = 'of|by|for|before|after|when|while|including|involves|involving|through|and'

// Words whose infinitive says what is asked for rather than what for.
const CONTROLLERS =
  'want|wants|need|needs|like|able|love|going|trying|try|tries|wish|plan|used|how|ready|have|has|had|help|me|us|you|user|users|is|are|was|be'

/** Words that are written with a point, as a part of a regular expression. */
export const SHORTENED = 'Inc|Ltd|Corp|Co|Bros|Jr|Sr|St|Mr|Mrs|Ms|Dr|Prof|vs|approx'

// A point behind an abbreviation ends no sentence, unless a new one follows.
const SENTENCE_END = new RegExp(
  String.raw`([;!?]+(?:\s+|$)|(?<!\b(?:${SHORTENED}))\.(?:\s+|$)|(?<=\b(?:Inc|Ltd|Corp|Co|Bros|Jr|Sr))\.(?:\s+(?=\p{Lu})|$)|\n+)`,
  'u',
)

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
  const asked = told.filter(({ aside }) => !aside)
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
    .split(/,?\s+(?:and\s+)?(?:then|finally|afterwards|after that|after which)\s+/i)
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
  const { text, restore } = hide(withoutExamples(message), /"[^"]*"|'[^'\s][^']*'(?!\w)|\([^()]*\)/g)
  return { text: withoutContractions(text), restore }
}

const OPENERS =
  /^\s*(?:(?:then|finally|first|firstly|next|also|lastly|additionally|simultaneously|after that|afterwards|so|and),?\s+)+/i

/** "My family is moving to Germany.": somebody's circumstances, where a question or a request would open otherwise. */
function isStatement(sentence: string, end: string): boolean {
  return (
    !end.includes('?') &&
    withoutPreamble(sentence) === sentence &&
    (/^\s*(?:i|we|my|our|he|she|they|it|there|the|a|an)\b/i.test(sentence) ||
      // "Her number is 5".
      /^\s*(?:his|her|their|its)\s+(?:[\p{L}-]+\s+){1,3}(?:is|are|was|were)\b/iu.test(sentence))
  )
}

/** "(e.g., a call or a meeting)" tells what is meant by what is asked for and asks for nothing itself. */
function withoutExamples(message: string): string {
  return message.replaceAll(
    /\s*\((?:e\.?g\.?|i\.?e\.?|such as|for example|for instance|like|including|optional(?:ly)?)\b[^()]*\)/gi,
    '',
  )
}

/** Puts marks where the pattern matches; `restore` puts back what stood there. */
function hide(message: string, pattern: RegExp) {
  const kept: string[] = []
  return {
    text: message.replaceAll(pattern, (match) => `\uE000${kept.push(match) - 1}\uE000`),
    restore: (text: string) => text.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? ''),
  }
}

const SHELL = /\b(?:process|workflow|ability|way|steps?|tasks?|lifecycle|procedure|possibility|option)\s*$/i

/** "This workflow first creates …", "It involves creating …" → "creates …", "involves …": who does it is no matter. */
function withoutSubject(sentence: string): string {
  return sentence.replace(
    /^\s*(?:(?:this|the|a)\s+(?:[\p{L}-]+\s+)?(?:workflow|process|flow|procedure|automation)\s+(?:(?:first|then|also)\s+)?(?=\p{L}+s\b)|(?:it|this)\s+(?:also\s+)?(?=(?:involves|includes)\s)|it\s+also\s+(?=(?:allows|enables|lets|supports|provides)\s))/iu,
    '',
  )
}

/** "…, useful for audits", "…, which is needed for audits": what something is good for asks for nothing. */
function withoutComment(sentence: string): string {
  return sentence.replace(
    /,\s+(?:(?:which|this|that)\s+(?:is|are|can be|will be)\s+)?(?:\p{L}+ly\s+)?(?:useful|helpful|suitable|ideal|valuable|essential|crucial|perfect|important)\s+(?:for|to|when|in|if)\b.*$/iu,
    '',
  )
}

/** "This is useful for …": a sentence about what was said before asks for nothing. */
function isComment(sentence: string): boolean {
  if (/^\s*(?:this|it)\s+(?!involves|includes)\p{L}+s\s/iu.test(sentence)) return true
  if (
    /^\s*(?:useful|helpful|suitable|ideal|valuable|essential|crucial|perfect)\s+(?:for|to|when|in|if)\s/i.test(sentence)
  )
    return true
  return /^\s*(?:this|that|it|which|these|the (?:workflow|process))\b(?:\s+\w+){0,3}?\s+(?:is|are|was|can be|will be|ensures?|makes?)\b/i.test(
    sentence,
  )
}

const SAYING = /^(?:saying|stating|reading|explaining|telling)$/i

/** "This workflow enables a user to update …" → "update …": what stands before the infinitive says who, not what. */
function withoutPreamble(sentence: string): string {
  const listed =
    /^\s*(?:allows?|enables?|involves?|includes?|supports?|covers?|handles?)\s+(?:\p{L}+\s+){0,2}?(?=(\p{L}+ing)\s)/iu.exec(
      sentence,
    )
  // "Include a comment saying …" goes on with the comment.
  if (listed?.[1] && !SAYING.test(listed[1]) && isVerb(baseOf(listed[1].toLowerCase())))
    return sentence.slice(listed[0].length)
  const match = new RegExp(
    `^(?:[^,]{0,80}?\\b(?:${CAUSATIVES})\\b[^,]{0,60}?|(?:provides?|outlines?|offers?)\\s+(?:a|an|the)\\s+(?:way|process|ability|option|possibility|means)\\s+|(?:demonstrates|shows|illustrates|describes|explains)\\s+how\\s+)\\bto\\s+(?=([\\p{L}]+)(?:\\s+([\\p{L}]+))?)`,
    'iu',
  ).exec(sentence)
  const verb = match?.[1]?.toLowerCase()
  return match && verb && (isVerb(verb) || DETERMINERS.has(match[2]?.toLowerCase() ?? ''))
    ? sentence.slice(match[0].length)
    : sentence
}

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
      if (said.length < 3 || !isVerb(purpose.toLowerCase()) || afterPurpose === '') continue
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
    if (!isGerund && !VERBS.has(first) && isAttribute(before, part.slice(match.index + whole.length))) continue
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

const VALUE = String.raw`(?:[\uE000-\uE002]\d+[\uE000-\uE002]|[$€£]?\d[\w.,:%-]*)`
// A value may be a number of something: "5 pounds".
const ENDS_WITH_ATTRIBUTE = new RegExp(String.raw`\b(?:with|having|whose)\b.*?${VALUE}(?:\s+\p{L}+)?\s*$`, 'isu')
const ATTRIBUTE = new RegExp(
  String.raw`^\s*(?:an?\s+|the\s+)?[\p{L}_-]+(?:\s+[\p{L}_-]+){0,2}?\s+(?:(?:of|is|as|at)\s+)?${VALUE}(?:\s+\p{L}+)?\s*(?:$|,|\band\b)`,
  'iu',
)

/** "… with the title 'Ulysses' | release year 1922": what goes on is another thing told of the same, not one to be done. */
export function isAttribute(before: string, after: string): boolean {
  return ENDS_WITH_ATTRIBUTE.test(before) && ATTRIBUTE.test(after)
}

// What follows a noun rather than a verb: "comments, and replies for a channel".
const PREPOSITION = /^(?:for|of|in|within|from|on|at|by)$/

/** Whether a word after a joint is a verb: known as one and with something behind it that a verb can have. */
function opensClause(word: string, next: string, inThird: boolean): boolean {
  if (STATIVE_VERBS.has(baseOf(word))) return false
  if (isMostlyVerb(word)) return true
  // "Old and new ships", "Jersey and New York".
  if (word === 'new') return false
  if (VERBS.has(word)) return !/^[\uE000\d]/u.test(next)
  const base = baseOf(word)
  // "And logs an activity": what goes on in the third person is a verb, known or not; so is "and encrypt the key".
  if (base === word) return DETERMINERS.has(next) && (inThird ? /[^s]s$/.test(word) : isUnknownVerb(word))
  if (!word.endsWith('s') || PREPOSITION.test(next)) return false
  return inThird || DETERMINERS.has(next) || (isMostlyVerb(base) && !VERBS.has(base))
}

/** Whether a word before a determiner can be nothing but a verb that the lexicon does not know: "and encrypt the key". */
function isUnknownVerb(word: string): boolean {
  return !FUNCTION_WORDS.has(word) && !ORDINALS.has(word) && !/(?:s|ed|ing|ly)$/.test(word)
}

function isVerb(word: string): boolean {
  return VERBS.has(word) || isMostlyVerb(word)
}

/** The base form of a verb, null for what is none. */
function baseOfVerb(word: string): string | null {
  const base = baseOf(word.toLowerCase())
  return isVerb(base) ? base : null
}

/** The base form of a verb by its ending: creates, creating, created → create. */
export function baseOf(word: string): string {
  const stems = [
    [/ies$/, 'y'],
    [/ied$/, 'y'],
    [/(?:ss|sh|ch|x|z)es$/, (match: string) => match.slice(0, -2)],
    [/s$/, ''],
    [/([^aeiou])\1ing$/, '$1'],
    [/ing$/, 'e'],
    [/ing$/, ''],
    [/([^aeiou])\1ed$/, '$1'],
    [/ed$/, 'e'],
    [/ed$/, ''],
  ] as const
  for (const [ending, instead] of stems) {
    if (!ending.test(word)) continue
    const base = typeof instead === 'string' ? word.replace(ending, instead) : word.replace(ending, instead)
    if (isVerb(base)) return base
  }
  return word
}
