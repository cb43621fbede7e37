import type { EndpointWords } from '../../catalog/words.ts'
import { stem } from '../../lib/stem.ts'
import { plural, singular, words } from '../../lib/words.ts'
import { shortNouns } from '../../links/short-nouns.ts'
import { resourceOf } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { ALIKE_NOUNS, SAME_NOUNS, SAME_VERBS } from '../language/everyday-words.ts'
import { asSpoken, speaksOf } from '../language/spoken.ts'
import type { Clause } from '../understand/clause.ts'
import type { Profile } from './profile.ts'

/** What APIs call by other words than people do. */
export type Aliases = {
  /** What things are called, by what people call them, both in the singular. */
  nouns: ReadonlyMap<string, string>
  /** The same, with what merely may mean the same. */
  alike: ReadonlyMap<string, string>
  /** What is done, by what people call that, both as stems. */
  verbs: ReadonlyMap<string, string>
}

// "A show (podcast)", "a show's (podcast's) episodes".
const IN_BRACKETS = /\b(\p{Ll}{3,})(?:'s)? \((\p{Ll}{3,})(?:'s)?\)/gu
// "Get a list of the songs saved in your library."
const LISTED = /\blists? of (?:all )?(?:the )?(\p{Ll}{3,}s)\b/u

/** The words of people for what the operations at hand are called by: those that their descriptions tell, and everyday ones. */
export function aliasesOf(found: readonly EndpointWords[], isKnown: (word: string) => boolean): Aliases {
  const paths = new Set(found.flatMap(({ path }) => path.split('/').flatMap(words).map(singular)))
  const ofLines = (groups: typeof SAME_NOUNS) => sameWords(groups, (word) => paths.has(word), isKnown)
  const short = found
    .flatMap(({ path }) => shortNouns(path))
    .filter(([word, whole]) => !isKnown(word) && !whole.includes(' '))
  const nouns = new Map([...ofLines(SAME_NOUNS), ...short, ...toldAliases(found, isKnown)])
  const verbs = sameWords(SAME_VERBS, isKnown, isKnown)
  return {
    nouns,
    alike: new Map([...ofLines(ALIKE_NOUNS), ...nouns]),
    verbs: new Map([...verbs].map(([word, own]) => [stem(word), stem(own)])),
  }
}

/** Of words that mean the same, those that nothing is called by, with the first that something is. */
function sameWords(
  groups: readonly (readonly string[])[],
  isOwn: (word: string) => boolean,
  isKnown: (word: string) => boolean,
): Map<string, string> {
  const same = new Map<string, string>()
  for (const group of groups) {
    const own = group.find(isOwn)
    if (own !== undefined) for (const word of group) if (!isKnown(word)) same.set(word, own)
  }
  return same
}

/**
 * The words that descriptions have for things beside what paths call them: behind it in brackets, or in its place where a
 * list is told of. Only words that no operation is called by; a path calls one so as it is spoken of in the same number.
 */
function toldAliases(found: readonly EndpointWords[], isKnown: (word: string) => boolean): Map<string, string> {
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
export function inOwnWords(clause: Clause, { profiles, aliases }: Known): Clause {
  const { nouns, alike, verbs } = aliases
  const plain = withOwnNouns(clause, IRREVERSIBLE.has(clause.effect) ? nouns : alike)
  return withOwnVerb(plain, verbs, profiles)
}

type Known = { profiles: readonly Profile[]; aliases: Aliases }

/** "Turn the request down", where requests are declined. */
function withOwnVerb(clause: Clause, verbs: Aliases['verbs'], profiles: readonly Profile[]): Clause {
  const { action, verb, terms, head } = clause
  // "Which shows do I follow?", where one subscribes to them.
  if (action === null)
    return terms.some((term) => verbs.has(term))
      ? { ...clause, terms: terms.map((term) => verbs.get(term) ?? term) }
      : clause
  const own = verbs.get(action)
  if (own === undefined) return clause
  // "Move the appointment", where pets are transferred and appointments are not.
  const isOfThing = (term: string) => profiles.some(({ called }) => called.has(own) && called.has(term))
  const isKnown = head !== null && head !== action && profiles.some(({ called }) => called.has(head))
  if (isKnown && !terms.some((term) => term !== action && isOfThing(term))) return clause
  const isSame = (word: string) => word === action
  return {
    ...clause,
    action: own,
    verb: verb !== null && isSame(verb) ? own : verb,
    terms: terms.map((term) => (isSame(term) ? own : term)),
  }
}

function withOwnNouns(clause: Clause, aliases: Aliases['nouns']): Clause {
  const instead = new Map<string, string>()
  const spoken = asSpoken(clause.text)
  for (const word of [...clause.content, ...clause.entities.map(({ before }) => before.at(-1) ?? '')]) {
    const noun = aliases.get(singular(word))
    // In "all todo tasks" they are called so already, and the other word says which.
    if (noun !== undefined && !speaksOf(spoken, [word, noun]))
      instead.set(word, singular(word) === word ? noun : plural(noun))
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
