import { FUNCTION_WORDS, ORDINAL_NUMBERS, QUESTION_WORDS, SUPERLATIVES, VERBS } from './lexicon.ts'
import { isParticiple } from './noun-phrases.ts'
import { isMostlyVerb } from './related-words.ts'
import { baseOf } from './verbs.ts'

/** A word of a name, as a source of regular expressions. */
export const PART = String.raw`\p{Lu}(?:[\p{L}\p{N}.&-]|['’](?=\p{Lu})){0,30}`
const NAME = String.raw`(?<![\p{L}\p{N}'’-]|['’&]\s)(${PART}(?:\s+${PART}){0,3})`
/** Words that say which of several is meant. */
export const WHICH = [...SUPERLATIVES.keys(), ...ORDINAL_NUMBERS.keys(), 'last', 'best', 'top']
/** A word of what things are called, as a source of regular expressions: none that joins it to what follows. */
export const NOUN = String.raw`(?!(?:of|from|in|on|at|to|by|for|with|and|or|then|is|was|are|were|that|which)\s)\p{Ll}[\p{L}-]{0,30}`
const OWNS = new RegExp(
  String.raw`${NAME}(?:['’]s|(?<=s)['’])\s+((?:(?:two|three|four|five|\d{1,2})\s+)?(?:(?:most|least)\s+\p{Ll}{2,20}|${WHICH.join('|')})(?:\s+(?:two|three|four|five|\d{1,2}))?)\s+(${NOUN}(?:\s+${NOUN}){0,2}?)(?=\s*(?:[,.;:!?]|$)|\s+(?:of|from|in|on|at|to|by|for|with|and|or|then|is|was|are|were|that|which|as|into|called|named)\b)`,
  'gu',
)
// "Order 12's shipping address".
const NUMBERED = new RegExp(
  String.raw`(?<![\p{L}\p{N}'’-])(?:the\s+)?(${NOUN}\s+#?(?=[\w-]*\d)[\w-]{1,40})['’]s\s+(${NOUN}(?:\s+${NOUN}){0,2})(?=\s*(?:[,.;:!?]|$)|\s+(?:of|from|in|on|at|to|by|for|with|and|or|then|is|was|are|were|that|which|as|into|called|named)\b)`,
  'gu',
)
// What is to be changed is read otherwise.
const ASKS =
  /(?:^|[.;!?]\s|,\s|\band\s)\s*(?:(?:please|can you|could you|and|also|then)\s+)*(?:what|which|who|whose|when|where|how|is|are|show|get|give|tell|find|see|list|fetch|check|display|read)\b[^.;!?]*$/i
// "Screened", but no seed or feed.
const ENDED = /^\p{L}{2,}[^e]ed$/u

/**
 * "Ada's newest album" said as "the newest album of Ada", which is how the rest reads which of somebody's things is meant.
 * What stands in quotes must not be in it.
 */
export function withOwnerBehind(text: string): string {
  return text
    .replaceAll(NUMBERED, (all, owner: string, thing: string, at: number) =>
      ASKS.test(text.slice(0, at)) ? `the ${thing} of ${owner}` : all,
    )
    .replaceAll(OWNS, (all, name: string, which: string, noun: string) => {
      const [first = '', ...rest] = name.split(/\s+/)
      // A sentence begins with a capital: "Show Ada's newest album".
      const isWord = rest.length > 0 && isNoName(first.toLowerCase())
      if (rest.length === 0 && isNoName(first.toLowerCase())) return all
      const said = noun.split(/\s+/)
      // "Where is Ada's latest film shown?"
      const end = said.findIndex((word, at) => at > 0 && (isParticiple(word) || ENDED.test(word)))
      const [thing, more] = end < 0 ? [said, []] : [said.slice(0, end), said.slice(end)]
      const owner = isWord ? rest.join(' ') : name
      return [...(isWord ? [first] : []), 'the', which, ...thing, 'of', owner, ...more].join(' ')
    })
}

function isNoName(word: string): boolean {
  const base = baseOf(word)
  return FUNCTION_WORDS.has(word) || QUESTION_WORDS.has(word) || VERBS.has(base) || isMostlyVerb(base)
}
