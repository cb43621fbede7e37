import { singular } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { FILLERS, FUNCTION_WORDS, ORDINAL_NUMBERS, ORDINALS, SHELL_NOUNS, SUPERLATIVES } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { isRole } from '../language/roles.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { readClause } from '../understand/understand.ts'

/** A clause taken apart: what is asked for, and the thing whose it is, which is told of by more than its name. */
export type Described = {
  asked: Clause
  thing: Clause
  /** What the thing is called, and the word of it that says of what kind it is: "TV show", a TV. */
  noun: string
  kind: string
  /** Whether something is done to several of them. */
  many: boolean
  /** What somebody is to another thing, "the director of a film", where what is asked is asked of them; null otherwise. */
  role: string | null
}

/** What the operations at hand tell of words. */
export type Kinds = {
  /** Whether things are called so, and whether those are told apart by numbers. */
  isNoun: (word: string) => boolean
  isNumbered: (word: string) => boolean
  /** Whether any operation is called so: what none is may be a name. */
  isKnown: (word: string) => boolean
  /** What people are called that are read by their ids, where they are of one kind. */
  person: string | null
}

const MOST = 2
// What is longer is told in more than one phrase.
const LONGEST = 300
const PREPOSITION = 'of|from|in|for|on|to|at|by|about'
const DETERMINER = String.raw`(?:(?:any\s+)?one\s+of\s+the|the|an?|my|our|any|some|this|that|today's|this\s+week's)`
const JOINT = new RegExp(String.raw`\s+(?:${PREPOSITION})\s+(?=[\p{L}])`, 'giu')
const PLACE = new RegExp(
  String.raw`^${DETERMINER}\s+(?:${[...ORDINAL_NUMBERS.keys()].join('|')}|\d+(?:st|nd|rd|th))\s`,
  'iu',
)
const OPENS = new RegExp(String.raw`^${DETERMINER}\s+`, 'iu')
// "The newest customer's orders".
const OWNED = new RegExp(
  String.raw`^(.*?)\b(${DETERMINER}\s+(?:(?!(?:${PREPOSITION}|${DETERMINER})\s)[\p{L}\p{N}-]+\s+){0,5}[\p{L}-]+)'s\s+(\S.*)$`,
  'iu',
)
// "How many orders does the newest customer have?"
const HAVING = new RegExp(
  String.raw`^(\s*(?:how\s+many|what|which)\s.+?)\s+(?:do|does|did|has|have)\s+(${DETERMINER}\s.+?)\s+(?:have|own|hold|contain|include|ma[dk]e|done?|worked\s+on)\b(.*)$`,
  'iu',
)
// "When was the director of the film born?"
const BEING = new RegExp(
  String.raw`^\s*((?:when|where|how\s+\p{L}+)\s+(?:is|was|are|were|did|does|do|has|have))\s+(${DETERMINER}\s.+?)\s+(\p{L}+)\s*[?.!]*\s*$`,
  'iu',
)
// "How old is the director of the film?"
const AGED = new RegExp(String.raw`^\s*how\s+old\s+(?:is|was)\s+(${DETERMINER}\s.+?)\s*[?.!]*\s*$`, 'iu')
// What is said of all that is asked for, and not of the thing at its end.
const TRAILING = /,|\s(?:sorted|ordered|ranked|grouped)\s+by\s|[?.!]?\s*$/iu
// What is told by its id needs nothing that finds it.
const BY_ID = /\b(?:ids?|identifier|uuid)\b/i
// Which one is known to who asks, and told elsewhere.
const CHOSEN = /\b(?:specific|specified|particular|certain|given|selected|chosen|same|corresponding|respective)\b/i
const NAMED = '\uE003'
const HIDDEN: ReadonlySet<Entity['kind']> = new Set(['name', 'quoted', 'remark', 'date', 'time'])
// "A TV show": a word like others, whatever is written so.
const ACRONYM = /^\p{Lu}{1,4}$/u

/**
 * The ways to take a clause apart that asks for something of a thing: "the crew of | a ship in port", "the newest
 * customer's | orders", the first joint first. None where the thing is only named, or told by its number or id, or where
 * nothing but the thing is asked for.
 */
export function readDescribed(clause: Clause, now: Now | null, kinds: Kinds): Described[] {
  const { effect, aside, test, many, among, precedes, onlyReads } = clause
  if (effect !== 'read' || aside || test || many || among !== null || precedes || onlyReads) return []
  if (clause.text.length > LONGEST) return []
  return partsOf(withoutNames(clause), kinds)
    .slice(0, MOST)
    .flatMap((parts) => read(parts, clause, now, kinds) ?? [])
}

/** The texts of the two parts, what is said of both behind them, and the words that the thing is called by. */
type Parts = { asked: string; thing: string; rest: string; called: readonly string[] }

/** The text of a clause in which no part of a name, or of what stands in quotes, is a word. */
export function withoutNames({ text, entities }: Clause): { text: string; restore: (part: string) => string } {
  const isWord = ({ text: said }: Entity) => ACRONYM.test(said) || text.includes(`${said}'s `)
  const said = entities.filter((entity) => HIDDEN.has(entity.kind) && !isWord(entity))
  const hidden = said.reduce((rest, entity, at) => rest.replace(entity.text, `${NAMED}${at}${NAMED}`), text)
  const restore = (part: string) =>
    part.replaceAll(new RegExp(`${NAMED}(\\d+)${NAMED}`, 'g'), (_, at: string) => said[Number(at)]?.text ?? '')
  return { text: hidden, restore }
}

function partsOf({ text, restore }: ReturnType<typeof withoutNames>, kinds: Kinds): Parts[] {
  const joints = [...text.matchAll(JOINT)].map(({ index, 0: joint }) => ({
    asked: text.slice(0, index),
    ...ofThing(text.slice(index + joint.length)),
  }))
  const [, before = '', owner = '', owned = ''] = OWNED.exec(text) ?? []
  const possessive = owner === '' ? [] : [{ asked: `${before}${owned}`, thing: owner, rest: '' }]
  const [, count = '', holder = '', more = ''] = HAVING.exec(text) ?? []
  const having = holder === '' ? [] : [{ asked: count, thing: holder, rest: more }]
  const [, question = '', subject = '', deed = ''] = BEING.exec(text) ?? []
  const being = subject === '' ? [] : [{ asked: `${question} ${deed}`, thing: subject, rest: '' }]
  const aged = AGED.exec(text)?.[1]
  if (aged !== undefined) being.push({ asked: 'what is the birthday', thing: aged, rest: '' })
  return [...being, ...having, ...possessive, ...joints].flatMap(({ asked, thing, rest }) => {
    const called = nounPhrase(thing, kinds)
    if (called.length === 0) return []
    return [{ called, asked: restore(asked), thing: restore(thing), rest: restore(rest) }]
  })
}

function ofThing(text: string): Pick<Parts, 'thing' | 'rest'> {
  const end = TRAILING.exec(text)?.index ?? text.length
  return { thing: text.slice(0, end), rest: text.slice(end) }
}

/** The words before the first that tells more of a thing: "the latest open issue of mine" → open, issue. */
export function nounPhrase(thing: string, kinds: Kinds): string[] {
  const kept: string[] = []
  for (const word of thing.replace(OPENS, '').split(/\s+/)) {
    const plain = word.toLowerCase()
    const tellsMore = isParticiple(plain) || (plain.endsWith('ing') && !kinds.isNoun(plain))
    if (FUNCTION_WORDS.has(plain) || word.includes(NAMED) || (kept.length > 0 && tellsMore)) {
      if (kept.length > 0) break
      continue
    }
    if (!SUPERLATIVES.has(plain) && !ORDINALS.has(plain) && !FILLERS.has(plain)) kept.push(word)
  }
  return kept
}

function read(
  { asked, thing, rest, called: phrase }: Parts,
  { guard }: Clause,
  now: Now | null,
  kinds: Kinds,
): Described | null {
  const called = withoutName(phrase, kinds)
  const role = roleIn(called, kinds)
  const noun = role === null ? nounOf(called, kinds) : (kinds.person ?? '')
  const whole = readClause({ text: `what is ${thing}`, aside: false }, now)
  const part = readClause({ text: `${asked} of the ${noun}${rest}`, aside: false }, now)
  const own = readClause({ text: asked, aside: false }, now)
  const asksForMore = own.content.some((word) => !SHELL_NOUNS.has(word))
  // "The third episode" is a number that what is asked for may take.
  const isNumber = PLACE.test(thing) && kinds.isNumbered(called.at(-1) ?? '')
  if (
    !asksForMore ||
    isNumber ||
    !(isToldOf(whole, thing, called, phrase) || (role !== null && whole.entities.length > 0))
  )
    return null
  const kind = noun.split(' ').findLast(kinds.isNoun) ?? noun.split(' ').at(-1) ?? noun
  return {
    thing: { ...whole, guard },
    asked: { ...part, refersBack: true, guard },
    noun,
    kind: kind.toLowerCase(),
    many: false,
    role,
  }
}

/** What somebody is called by what they are to a thing, where no operation is called so. */
function roleIn(called: readonly string[], { isKnown, person }: Kinds): string | null {
  const last = called.at(-1) ?? ''
  return person !== null && last !== '' && isRole(last) && !isKnown(last) ? last : null
}

/** What a thing is called, without what only tells of it. */
export function nounOf(called: readonly string[], kinds: Kinds): string {
  return [...called.slice(0, -1).filter(kinds.isNoun), singular(called.at(-1) ?? '')].join(' ')
}

/** Whether more is said of a thing than what it is called: "a ship in port", "the latest issue", but not "the ship Aurora". */
export function isToldOf(
  { content, order, limit, entities }: Clause,
  thing: string,
  called: readonly string[],
  phrase: readonly string[],
): boolean {
  if (CHOSEN.test(thing)) return false
  const last = called.at(-1)?.toLowerCase() ?? ''
  if (!OPENS.test(thing) && singular(last) === last) return false
  if (order !== null || limit !== null) return true
  const isKnown =
    BY_ID.test(thing) || entities.some(({ kind }) => kind === 'id' || kind === 'number' || kind === 'email')
  const [name, ...others] = entities
  const isNamed = name && others.length === 0 && thing.trimEnd().endsWith(`${called.join(' ')} ${name.text}`)
  const own = new Set([last, ...phrase.slice(called.length).map((word) => word.toLowerCase())])
  const isSomebodys = /^(?:my|our)\s/i.test(thing)
  return !isKnown && !isNamed && (isSomebodys || called.length > 1 || content.some((word) => !own.has(word)))
}

/** "The organization acme": a word that no operation is called by, right behind one that things are called by, is a name. */
export function withoutName(phrase: readonly string[], { isNoun, isKnown }: Kinds): readonly string[] {
  const [before = '', last = ''] = phrase.slice(-2)
  return phrase.length > 1 && isNoun(before) && !isKnown(last) ? phrase.slice(0, -1) : phrase
}
