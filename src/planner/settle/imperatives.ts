import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, POLITENESS, QUESTION_WORDS } from '../language/lexicon.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'

/**
 * "Reboot server 5", "fork octocat/hello-world": a clause that opens with a word that is no known verb, and for which
 * nothing in the API is called, asks for what changes something and can be told that word; and so does one whose first word
 * stands right before a name, where that is of a thing in a thing or an operation's own name opens with the word.
 */
export function readImperative(clause: Clause, field: Field): Clause {
  const { action, effect, text, content, entities, aside } = clause
  // What opens the request, and not the "hello" of "octocat/hello-world".
  const said = words(text)
  const [first = '', ...others] = said.slice(
    Math.max(
      0,
      said.findIndex((word) => !POLITENESS.has(word)),
    ),
  )
  if (action !== null || effect !== 'read' || aside || QUESTION_WORDS.has(first) || content[0] !== first) return clause
  const verb = stem(first)
  const [named] = entities
  const isName = named !== undefined && named.kind !== 'date' && named.kind !== 'time'
  const isBeforeName = isName && content.length === 1 && others.join(' ') === words(named.text).join(' ')
  const isDone = isBeforeName && (named.kind === 'nested' || opensOne(verb, field))
  if (!isDone && !isToldOnly(verb, field)) return clause
  const head = clause.head === verb ? (content[1] ?? null) : clause.head
  // "Unfollow Ada" is about no unfollow.
  const none = named?.kind === 'name' ? null : clause.head
  return { ...clause, effect: 'unknown', verb, action: verb, head: head === null ? none : stem(head) }
}

/** "Open issue 5": shows what is there already and named by its number, where nothing connected opens one. */
export function readOpening(clause: Clause, field: Field): Clause {
  const [named] = clause.entities
  const [opened = '', ...things] = words(clause.text).filter((word) => !POLITENESS.has(word) && word !== 'the')
  const opening = opened === 'opens' ? 'open' : opened
  const until = named ? things.indexOf(words(named.text)[0] ?? '') : -1
  const isNumbered = named?.kind === 'id' || named?.kind === 'number'
  // "Open my board Marketing" is one that is there; "open an account Ada" is none.
  const isKnown =
    /\bopens?\s+(?:my|our|the)\s/i.test(clause.text) && (named?.kind === 'name' || named?.kind === 'quoted')
  const isNamed = (isNumbered || isKnown) && until > 0
  const isThing = isNamed && things.slice(0, until).every((word) => !FUNCTION_WORDS.has(word) || isKnown)
  if (opening !== 'open' || !isThing || opensOne(opening, field)) return clause
  return { ...clause, effect: 'read', verb: null, action: null }
}

const PARTICLES = new Set(['in', 'out', 'up', 'off', 'on', 'down', 'over'])

/**
 * "Download the episode", "check out copy 5 to Ada": what only looks, as people have it, is done where an operation that changes
 * something is called by just those words, and none that reads.
 */
export function readDeed(clause: Clause, { profiles }: Field): Clause {
  const { effect, action, text, aside, head } = clause
  if (effect !== 'read' || action === null || aside) return clause
  const [verb = '', particle = ''] = words(text).filter((word) => !POLITENESS.has(word))
  const isPhrase = PARTICLES.has(particle)
  if (stem(verb) !== action || (GENERAL_VERBS.has(verb) && !isPhrase)) return clause
  const isCalled = ({ found: { summary } }: Field['profiles'][number]) => {
    const [first = '', second = ''] = words(summary)
    return stem(first) === action && (!isPhrase || second === particle)
  }
  const named = profiles.filter(isCalled)
  const isAbout = head === null || named.some(({ called }) => called.has(head))
  const isDone = named.length > 0 && isAbout && named.every(({ found }) => found.effect !== 'read')
  return isDone ? { ...clause, effect: 'unknown', verb: action } : clause
}

function opensOne(verb: string, { profiles }: Field): boolean {
  return profiles.some(
    ({ found, name, last }) => found.effect !== 'read' && (name[0] === verb || last.join(' ') === verb),
  )
}

/** Whether some operation that changes something takes a word as a value, and nothing is called by it. */
function isToldOnly(verb: string, { profiles }: Field): boolean {
  return (
    profiles.some(({ found, takes }) => found.effect !== 'read' && takes.has(verb)) &&
    !profiles.some(({ called }) => called.has(verb))
  )
}
