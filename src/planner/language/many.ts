import { singular, words } from '../../lib/words.ts'
import { FUNCTION_WORDS } from './lexicon.ts'

/** "Each overdue invoice", "all draft posts", "them": that something is done to every one of several things. */
export type Many = {
  /** What they may be called, singular, the likeliest first; empty for "them": what was found before is meant. */
  nouns: readonly string[]
  /** The words that say which ones, as they stand in the clause; empty for "them". */
  phrase: string
  /** Of "them": stems of the words that said before which ones. */
  told?: readonly string[]
  /** "For each …": also what only reads is done for every one. */
  each: boolean
}

const QUANTIFIER =
  /(?<![\p{L}'])(for\s+|of\s+)?(each|every|all)\s+(?:(?:single\s+)?(?:one\s+)?of\s+)?(?:(?:the|these|those|my|our|their|his|her|its)\s+)?(?=[\p{L}"'])/iu
const THEM = /\b(?:each|all) of (?:them|these|those)\b|\b(?:them|these|those)(?!\s+\p{L}+s\b)/iu
// Where the words end that say which ones, and those begin that say what of them: "… titled X", "… to Bob", "… as done".
const ENDS =
  /,|\s(?:titled|named|called|saying|because|as|into|if|unless|when)\s|(?<!\p{L}ed|\p{L}ing)\sto\s|\swith\s+(?=(?:its|their|his|her|the same)\s)|\sby\s+(?=[$€£]?\d)|\s(?:using|containing|that says)\s|\swith\s+(?=(?:(?:the|a|an)\s+(?:\p{L}+\s+){1,3})?["'])|\s(?:send|create|add|make|post|give|write)\s/iu

/** Reads whether a clause asks for something to be done to every one of several. Pure. */
export function readMany(text: string): Many | null {
  const them = THEM.exec(text)
  const found = QUANTIFIER.exec(text)
  if (!found || (them && them.index <= found.index)) return them ? { nouns: [], phrase: '', each: false } : null
  const [whole, before = '', quantifier = ''] = found
  const rest = text.slice(found.index + whole.length)
  const phrase = rest.slice(0, ENDS.exec(rest)?.index ?? rest.length).trim()
  const run = nounPhrase(phrase)
  if (run.length === 0 && them) return { nouns: [], phrase: '', each: false }
  const isAll = quantifier.toLowerCase() === 'all'
  // "All data", "all the time": nothing to go over one by one.
  if (run.length === 0 || (isAll && run.every((word) => singular(word) === word))) return null
  const nouns = run.map(singular).toReversed()
  const plural = run.findLast((word) => singular(word) !== word)
  const likeliest = isAll && plural ? [singular(plural), ...nouns] : nouns
  return { nouns: [...new Set(likeliest)], phrase, each: before.toLowerCase().startsWith('for') && !isAll }
}

/** The words of a phrase up to the first that opens something else: a preposition, a pronoun, an auxiliary. */
function nounPhrase(phrase: string): string[] {
  const all = words(phrase)
  const end = all.findIndex((word) => FUNCTION_WORDS.has(word))
  return end === -1 ? all : all.slice(0, end)
}
