import { DETERMINERS } from './lexicon.ts'
import { baseOf, isVerb } from './verbs.ts'

// Verbs that let somebody else do what the infinitive behind them says.
const CAUSATIVES =
  'allow|allows|allowing|enable|enables|enabling|let|lets|letting|help|helps|helping|want|wants|need|needs|like|able|love|going|trying|try|tries'

/** Words that are written with a point, as a part of a regular expression. */
export const SHORTENED = 'Inc|Ltd|Corp|Co|Bros|Jr|Sr|St|Mr|Mrs|Ms|Dr|Prof|vs|approx'

/** Where a sentence ends: a point behind an abbreviation ends none, unless a new one follows. */
export const SENTENCE_END = new RegExp(
  String.raw`([;!?]+(?:\s+|$)|(?<!\b(?:${SHORTENED}))\.(?:\s+|$)|(?<=\b(?:Inc|Ltd|Corp|Co|Bros|Jr|Sr))\.(?:\s+(?=\p{Lu})|$)|\n+)`,
  'u',
)

/** "My family is moving to Germany.": somebody's circumstances, where a question or a request would open otherwise. */
export function isStatement(sentence: string, end: string): boolean {
  return (
    !end.includes('?') &&
    withoutPreamble(sentence) === sentence &&
    (/^\s*(?:i|we|my|our|he|she|they|it|there|the|a|an)\b/i.test(sentence) ||
      // "Her number is 5".
      /^\s*(?:his|her|their|its)\s+(?:[\p{L}-]+\s+){1,3}(?:is|are|was|were)\b/iu.test(sentence))
  )
}

/** "This workflow first creates …", "It involves creating …" → "creates …", "involves …": who does it is no matter. */
export function withoutSubject(sentence: string): string {
  return sentence.replace(
    /^\s*(?:(?:this|the|a)\s+(?:[\p{L}-]+\s+)?(?:workflow|process|flow|procedure|automation)\s+(?:(?:first|then|also)\s+)?(?=\p{L}+s\b)|(?:it|this)\s+(?:also\s+)?(?=(?:involves|includes)\s)|it\s+also\s+(?=(?:allows|enables|lets|supports|provides)\s))/iu,
    '',
  )
}

/** "…, useful for audits", "…, which is needed for audits": what something is good for asks for nothing. */
export function withoutComment(sentence: string): string {
  return sentence.replace(
    /,\s+(?:(?:which|this|that)\s+(?:is|are|can be|will be)\s+)?(?:\p{L}+ly\s+)?(?:useful|helpful|suitable|ideal|valuable|essential|crucial|perfect|important)\s+(?:for|to|when|in|if)\b.*$/iu,
    '',
  )
}

/** "This is useful for …": a sentence about what was said before asks for nothing. */
export function isComment(sentence: string): boolean {
  if (/^\s*(?:this|it)\s+(?!involves|includes)\p{L}+s\s/iu.test(sentence)) return true
  if (
    /^\s*(?:useful|helpful|suitable|ideal|valuable|essential|crucial|perfect)\s+(?:for|to|when|in|if)\s/i.test(sentence)
  )
    return true
  return /^\s*(?:(?:this|that|it|these|the (?:workflow|process))\b(?:\s+\w+){0,3}?|which)\s+(?:is|are|was|can be|will be|ensures?|makes?)\b/i.test(
    sentence,
  )
}

const SAYING = /^(?:saying|stating|reading|explaining|telling)$/i

/** "This workflow enables a user to update …" → "update …": what stands before the infinitive says who, not what. */
export function withoutPreamble(sentence: string): string {
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
