import { FUNCTION_WORDS, VERBS } from './lexicon.ts'
import { outsideQuotes } from './quotes.ts'

const ID = String.raw`[A-Za-z]{2,12}[-_]?(?=[\w-]*\d)[\w-]+`
const BETWEEN = new RegExp(
  String.raw`(?<![\w-])(${ID})(?:,?\s+and\s+)((?:the\s+)?)(\p{Ll}{3,})\s+((?:\p{Ll}{3,}\s+)?)(?=(${ID})(?![\w-]))`,
  'gu',
)
const OPENING = /^\W*(?:(?:please|can you|could you)\s+)?(\p{L}{1,40})\s/iu
const SHORT = 3

/**
 * "Pay INV-7 and ship ORD-12" asks for two things, one behind the other; "delete customer CUS-5 and order ORD-12" for one that is done
 * to two: a word right before an id is a verb, unless the letters of the id are short for it.
 */
export function withVerbsBetweenIds(text: string): string {
  const [, verb = ''] = OPENING.exec(text) ?? []
  const inPart = (part: string) =>
    part.replaceAll(BETWEEN, (said, first: string, the: string, word: string, noun: string, second: string) => {
      const letters = /^[A-Za-z]+/.exec(second)?.[0].toLowerCase() ?? ''
      const isOf = (thing: string) => letters.length >= SHORT && thing.startsWith(letters)
      if (noun === '' && isOf(word))
        return VERBS.has(word) && VERBS.has(verb.toLowerCase())
          ? `${first} and ${verb.toLowerCase()} ${the}${word} `
          : said
      const isThing = the !== '' || word.endsWith('s') || FUNCTION_WORDS.has(word) || (noun !== '' && !isOf(noun))
      return isThing ? said : `${first}. ${word} ${noun}`
    })
  return outsideQuotes(text, inPart)
}
