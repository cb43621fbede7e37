import type { EndpointWords } from '../catalog/words.ts'
import { stem } from '../lib/stem.ts'
import { singular, words } from '../lib/words.ts'
import { resourceOf } from '../links/slots.ts'
import type { Clause } from './understand.ts'

/** What an API calls things that its descriptions call by another word as well, by that word, both in the singular. */
export type Aliases = ReadonlyMap<string, string>

// "A show (podcast)", "a show's (podcast's) episodes".
const IN_BRACKETS = /\b(\p{Ll}{3,})(?:'s)? \((\p{Ll}{3,})(?:'s)?\)/gu
// "Get a list of the songs saved in your library."
const LISTED = /\blists? of (?:all )?(?:the )?(\p{Ll}{3,}s)\b/u

/**
 * The words that descriptions have for things beside what paths call them: behind it in brackets, or in its place where a
 * list is told of. Only words that no operation is called by; a path calls one so as it is spoken of in the same number.
 */
export function aliasesOf(found: readonly EndpointWords[], isKnown: (word: string) => boolean): Aliases {
  const aliases = new Map<string, string>()
  const nouns = new Set(found.flatMap(({ path }) => path.split('/').map(singular)))
  for (const { path, description } of found) {
    for (const [, noun = '', other = ''] of description.matchAll(IN_BRACKETS))
      if (isAlias(noun, other, isKnown) && nouns.has(singular(noun))) aliases.set(singular(other), singular(noun))
    const [sentence = ''] = description.split(/\.\s/)
    const other = LISTED.exec(sentence)?.[1] ?? ''
    const thing = resourceOf(path)
    const isSpokenOf = words(sentence).some((word) => singular(word) === thing)
    if (other !== '' && !isSpokenOf && path.endsWith('s') && isAlias(`${thing}s`, other, isKnown))
      aliases.set(singular(other), thing)
  }
  return aliases
}

function isAlias(noun: string, other: string, isKnown: (word: string) => boolean): boolean {
  return !isKnown(other) && (singular(noun) === noun) === (singular(other) === other)
}

/** A clause in which what it is about, and what names are names of, is called as the API calls it: "the song Help!", a track. */
export function inOwnWords(clause: Clause, aliases: Aliases): Clause {
  const instead = new Map<string, string>()
  for (const word of [...clause.content, ...clause.entities.map(({ before }) => before.at(-1) ?? '')]) {
    const noun = aliases.get(singular(word))
    if (noun !== undefined) instead.set(word, singular(word) === word ? noun : plural(noun))
  }
  if (instead.size === 0) return clause
  const own = (word: string) => instead.get(word) ?? word
  const stems = new Map([...instead].map(([word, noun]) => [stem(word), stem(noun)]))
  const ownStem = (term: string) => stems.get(term) ?? term
  return {
    ...clause,
    text: clause.text.replaceAll(/\p{L}+/gu, (word) => instead.get(word) ?? word),
    content: clause.content.map(own),
    terms: [...new Set(clause.terms.map(ownStem))],
    head: clause.head === null ? null : ownStem(clause.head),
    entities: clause.entities.map((entity) => ({
      ...entity,
      before: entity.before.map(own),
      lead: entity.lead.map(own),
    })),
    many: clause.many && { ...clause.many, nouns: clause.many.nouns.map((noun) => aliases.get(noun) ?? noun) },
  }
}

function plural(noun: string): string {
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : noun.replace(/(?<=[^aeiou])y$/, 'ie') + 's'
}
