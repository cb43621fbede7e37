import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, VERBS } from '../language/lexicon.ts'
import { isCommon } from '../language/related-words.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { plainName } from '../understand/entities.ts'

const WORD = String.raw`\p{Ll}[\p{Ll}-]+`
const OWNER = new RegExp(String.raw`\b(of|by|for|from)\s+(${WORD}(?:\s+${WORD}){0,2})\s*[?.!]?\s*$`, 'u')
const OWNING = new RegExp(String.raw`(?<![\p{L}-])(${WORD}(?:\s+${WORD})?)'s\s`, 'u')

/**
 * "The orders of ada lovelace": words in small letters that say whose something is are a name, where the API is called by
 * none of them, and one is no word of English.
 */
export function smallName(clause: Clause, field: Field): Clause {
  const { text, entities } = clause
  const [, joint = '', owner = ''] = OWNER.exec(text) ?? []
  const name = [owner, OWNING.exec(text)?.[1] ?? ''].find((each) => each !== '' && isName(each, field))
  if (name === undefined || entities.some((entity) => entity.text.includes(name))) return clause
  const said = new Set(words(name).map(stem))
  const possessive = name !== owner
  const lead = words(text.slice(0, text.indexOf(name)))
  const trail = words(text.slice(text.indexOf(name) + name.length).replace(/^'s/, ''))
  const named = { ...plainName(name, possessive ? lead : [...lead.slice(0, -1), joint], trail), possessive }
  const content = clause.content.filter((word) => !said.has(stem(word)))
  return {
    ...clause,
    entities: [...entities, named],
    terms: clause.terms.filter((term) => !said.has(term)),
    content,
    head: clause.head !== null && said.has(clause.head) ? stem(content.at(-1) ?? '') || null : clause.head,
  }
}

function isName(text: string, { profiles }: Field): boolean {
  const all = words(text)
  const isKnown = (word: string) =>
    isCommon(word) ||
    profiles.some(({ called, takes, mentions }) => [called, takes, mentions].some((own) => own.has(stem(word))))
  const isCalled = (word: string) =>
    FUNCTION_WORDS.has(word) ||
    VERBS.has(word) ||
    GENERAL_VERBS.has(word) ||
    profiles.some(({ called }) => called.has(stem(word)))
  // "Grace hopper": one of them may be a word.
  return !all.some(isCalled) && all.some((word) => !isKnown(word))
}
