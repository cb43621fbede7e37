import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { DETERMINERS, FUNCTION_WORDS, GENERAL_VERBS, SHELL_NOUNS, VERBS } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { isCommon } from '../language/related-words.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { nameOfNoun } from '../understand/entities.ts'
import type { Entity } from '../understand/entity.ts'

// A word, and behind it one that ends the phrase.
const BEHIND =
  /(?<!\p{L})(\p{L}{1,60})\s+(\p{L}{1,60})\s+(\p{L}[\w.-]*\w)(?=\s*(?:[,;!?]|\.(?:\s|$)|$)|\s+(?:of|in|from|to|on|for|and|or|with|at|as|by|is|was|if|that|which|who|then)\b)/gu

/**
 * "The user alice", "branch main": what stands behind the noun of a path's parameter and is called nothing in the API is the
 * name of one. Without a determiner in front only where it is no common word either: "team members" are none.
 */
export function nameBehindNoun(clause: Clause, field: Field): Clause {
  const subject = subjectOf(clause, field)
  const found = subject ? [subject] : namesIn(clause, field)
  if (found.length === 0) return clause
  // Whose it is, and not what is asked for: "the teams of the organization github".
  const names = new Set(found.flatMap(({ name }) => words(name).map(stem)))
  const nouns = found.map(({ noun }) => stem(noun.toLowerCase()))
  const head = clause.head !== null && names.has(clause.head) ? (nouns[0] ?? null) : clause.head
  const said = new Set([...names, ...(subject ? [] : nouns.filter((noun) => noun !== head))])
  return {
    ...clause,
    entities: [...clause.entities, ...found.map((each, at) => nameOf(each, at, clause.text))],
    terms: clause.terms.filter((term) => !said.has(term)),
    content: clause.content.filter((word) => !said.has(stem(word))),
    head,
  }
}

// What somebody writes or talks about; what is said of a thing at hand is none: "about the order", "about it".
const SUBJECT =
  /(?<!\p{L})(\p{L}{1,60})\s+(about|mentioning|containing|matching)\s+(?!(?:the|an?|my|this|that|it|its|her|his|their|each|all)\b)([\p{L}\d][\p{L}\d -]*)$/iu

/** "Find articles about solar power": what is looked for, where the API does not know all of its words. */
function subjectOf({ text, content, entities, effect, head }: Clause, { profiles }: Field): Named | null {
  const [, noun = '', before = '', name = ''] = SUBJECT.exec(text.replace(/[\s.?!]+$/, '')) ?? []
  const isUnknown = words(name).some((word) => !profiles.some(({ called }) => called.has(stem(word))))
  if (
    effect !== 'read' ||
    entities.length > 0 ||
    SHELL_NOUNS.has(content[0] ?? '') ||
    !isUnknown ||
    stem(noun) !== head
  )
    return null
  return { name, noun, before }
}

type Named = { name: string; noun: string; before: string }

function namesIn({ text, entities }: Clause, field: Field): Named[] {
  const { nouns, parts } = vocabularyOf(field)
  const isTaken = (name: string) => entities.some((entity) => entity.text.includes(name))
  // One word of padding, so that a noun may open the clause.
  return [...` the ${text}`.matchAll(BEHIND)].flatMap(([, first = '', noun = '', name = '']) => {
    const isNoun = singular(noun) === noun && nouns.has(stem(noun.toLowerCase()))
    const lower = name.toLowerCase()
    if (!isNoun || name !== lower || isTaken(name) || isParticiple(name) || isWord(name)) return []
    const isSaid = DETERMINERS.has(first.toLowerCase())
    const isPart = words(name).some((word) => parts.has(stem(word)))
    if (isPart && (!isSaid || isCommon(name) || singular(name) !== name)) return []
    return isSaid || !isCommon(name) ? [{ name, noun, before: `${first} ${noun}` }] : []
  })
}

const SOMEBODY = /^(?:every|some|any|no)(?:one|body|thing)$/

function isWord(name: string): boolean {
  return (
    SOMEBODY.test(name) || FUNCTION_WORDS.has(name) || VERBS.has(name) || GENERAL_VERBS.has(name) || name.endsWith('ly')
  )
}

function nameOf({ name, before }: Named, at: number, text: string): Entity {
  const behind = text.slice(text.indexOf(name) + name.length)
  return nameOfNoun(name, words(before), words(behind).slice(0, 3), at)
}

/** Stems of what parameters of paths stand for: the API tells one of these from another. */
export function nounsOf(field: Field): ReadonlySet<string> {
  return vocabularyOf(field).nouns
}

const known = new WeakMap<Field, { nouns: ReadonlySet<string>; parts: ReadonlySet<string> }>()

/** What parameters of paths stand for, and the words of paths and parameters: a compound is made of those. */
function vocabularyOf(field: Field) {
  let vocabulary = known.get(field)
  if (!vocabulary) {
    const nouns = new Set(field.profiles.flatMap(({ of }) => of))
    const parts = new Set(
      field.profiles.flatMap(({ segments, takes }) => [...segments.flatMap((segment) => segment.slice(-1)), ...takes]),
    )
    known.set(field, (vocabulary = { nouns, parts }))
  }
  return vocabulary
}
