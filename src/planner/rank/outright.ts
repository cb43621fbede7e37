import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { PEOPLE_STEMS } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import { SWITCHED } from '../language/everyday-words.ts'
import { takesNested } from '../understand/nested-names.ts'
import { type Need, WAYS } from './need.ts'
import { givesOwn, type Profile } from './profile.ts'

// What it is worth that an operation is about a thing in a thing, where one is named.
const NESTED = 2
// And that it is about what belongs to the caller, where somebody asks for their own.
const MINE = 4
// And that its name opens with a verb that is no general one: "Star a repository".
const DOES = 2
// And that its path ends with just that verb: "Play the album".
const JUST_THAT = 8
// And that it does to a thing one of the deeds that it is told, and the verb is one: "reboot" of `/servers/{id}/actions`.
const TOLD_TO = 6
const EVERYTHING = stem('everything')
const DEEDS_OF = new Set(['command', 'action', 'operation', 'transition', 'power'].map(stem))
// And that it tells whether something is so, where that is asked.
const CHECKS = 5
const CHECKING = new Set(['check', 'verify', 'determine', 'test'].map(stem))
// And that it gives what belongs to one thing, where just that is asked for.
const OWNED = 6
// And that it gives what something has, where what something named has is asked for.
const OF_NAMED = 2
// And that it is called by coming first, where what comes first is asked for.
const RANKED = 1.5
const TOP = ['top', 'popular', 'best'].map(stem)
// And that its summary says that just this is done.
const SAID = 1.5
// The same where the method stands for something else than the verb.
const SAID_OTHERWISE = 3
// And that its answer has what is asked of something named.
const TOLD = 3
const HALF = 0.5
// What share of a list's words an answer has that tells of things of the same kind.
const ALIKE = 0.6
// How related a word is that may stand for another.
const SAME = 0.8
// Verbs that end something, and what counts against beginning one instead.
const ENDING = new Set(
  ['cancel', 'stop', 'end', 'remove', 'delete', 'revoke', 'withdraw', 'abort', 'terminate', 'destroy'].map(stem),
)
const BEGINS = 4
// What it is worth that a deed of two words is just that, and what counts against the other way: "check in", "check out".
const GOES_THAT_WAY = 8
// What counts against doing to all what is asked for one.
const SWEEPS = 4
// And against what takes many at once.
const BULKY = 4
const BULK = ['batch', 'bulk', 'mass'].map(stem)
const SEVERAL = [...BULK, ...['multiple', 'several', 'many', 'all', 'each', 'every', 'everything', 'both'].map(stem)]
// What counts against reading one thing where many are asked for.
const ONE = 3
const ONE_TO_COUNT = 8
const MOST_ASKED = 4

/** Stems of what lists of things tell, by the noun of the things. */
export type Listed = ReadonlyMap<string, ReadonlySet<string>>

/** What an operation is worth beside the learned weights, and whether its answer has all that is asked of something named. */
export type Outright = { worth: number; tells: boolean }

/** What no learned weight tells, as few messages have it, and what leaves little doubt where they do. */
export function saidOutright(need: Need, profile: Profile, listed: Listed): Outright {
  const does =
    (need.effect === 'unknown' || need.effect === 'create') &&
    need.verb !== null &&
    (profile.name[0] === need.verb || profile.last.join(' ') === need.verb) &&
    (need.head === null ? need.names > 0 : profile.called.has(need.head)) &&
    profile.found.effect !== 'read' &&
    (profile.single || need.effect !== 'unknown' || profile.last.join(' ') === need.verb)
  // "Delete my list" does not show my lists.
  const isWished = (need.effect === 'read') === (profile.found.effect === 'read')
  const own = !profile.ofCaller || !isWished ? 0 : need.mine ? MINE : need.somebodys ? -MINE : 0
  const { ownedBy, head, effect } = need
  const { found, name } = profile
  const owned =
    ownedBy !== null &&
    (ownedBy === head ? profile.single && profile.of.at(-1) === head : givesOwn(profile, ownedBy, head))
  const told = sharedOfNamed(need, profile, listed)
  const worth =
    own +
    endsByBeginning(need, profile) +
    goesTheOtherWay(need, profile) +
    sweeps(need, profile) +
    inBulk(need, profile) +
    oneForMany(need, profile) +
    (told >= HALF ? TOLD * told : 0) +
    (owned ? OWNED : 0) +
    (givesOfNamed(need, profile) ? OF_NAMED : 0) +
    (need.ranked && effect === 'read' && found.effect === 'read' && TOP.some((word) => name.includes(word))
      ? RANKED
      : 0) +
    (saysJustThat(need, profile) ? (effect === found.effect ? SAID : SAID_OTHERWISE) : 0) +
    (does ? DOES : 0) +
    (doesJustThat(need, profile, listed) ? JUST_THAT : 0) +
    (isToldTo(need, profile) ? TOLD_TO : 0) +
    (need.whether && profile.found.effect === 'read' && CHECKING.has(profile.name[0] ?? '') ? CHECKS : 0) +
    (need.nested && takesNested(profile.found.path) ? NESTED : 0)
  return { worth, tells: told === 1 }
}

/** "The albums of Ada": whether an operation gives what one thing of another kind has. */
function givesOfNamed({ ofNamed, effect, head }: Need, { found, single, of, last }: Profile): boolean {
  if (!ofNamed || effect !== 'read' || found.effect !== 'read' || head === null) return false
  return !single && last.includes(head) && of.length > 0 && of.at(-1) !== head
}

/** "Play Abbey Road": what ends with the verb that a clause opens with, and is no general one, does what it says. */
function doesJustThat(
  { verb, effect, head, names, terms, refersBack }: Need,
  { last, found, takes }: Profile,
  listed: Listed,
): boolean {
  // What it is done to may be spoken of elsewhere in the API, or be what it takes.
  const isKnown = (names > 0 || refersBack) && (head === null || listed.has(head) || takes.has(head))
  // What says more is told by its other words.
  const isAll = terms.every((term) => term === verb || term === head)
  return isKnown && isAll && effect === 'unknown' && found.effect !== 'read' && last.join(' ') === verb
}

/** "Lock the door 5": whether what the verb says is one of the deeds that an operation is told to do to a thing. */
function isToldTo(
  { action, effect, head, context, refersBack }: Need,
  { found, single, of, last, called, takes }: Profile,
): boolean {
  if (action === null || effect === 'read' || found.effect === 'read' || single || of.length === 0) return false
  const isDeeds = last.some((word) => DEEDS_OF.has(word)) && !called.has(action)
  const isIt = head === of.at(-1) || context.has(EVERYTHING) || (refersBack && head === null)
  if (!isIt) return false
  return isDeeds && [action, ...(SWITCHED[action] ?? [])].some((word) => takes.has(word))
}

/** "Create a repository": whether the summary says that just this is done, "Create a repository for whoever calls". */
function saysJustThat(
  { effect, terms, verb, action, plural, names, ids }: Need,
  { found, object: told, single, deed, of }: Profile,
): boolean {
  // One is read by its id and many by a list; what is somebody's is not just that.
  if (effect === 'read' && ((single ? ids === 0 : !plural) || names > 0)) return false
  const wanted = terms.filter((term) => term !== verb && term !== action)
  // "Activate", as a summary alone, of what the path goes through.
  const object = told.length === 0 && !single && !/\s/.test(found.summary.trim()) ? of.slice(-1) : told
  const isSame = wanted.length === object.length && wanted.every((term) => object.includes(term))
  // "Cancel a hold" may be what deletes it.
  const isDeed = effect !== 'read' && deed === action
  return (effect === found.effect || isDeed) && wanted.length > 0 && isSame
}

/** "Cancel the scheduled message": what ends something is done by nothing that begins one. */
function endsByBeginning({ action, effect }: Need, { found, called }: Profile): number {
  const isEnd = action !== null && ENDING.has(action) && effect !== 'read'
  if (!isEnd || called.has(action)) return 0
  return found.effect === 'create' || found.effect === 'message' ? -BEGINS : 0
}

/** "Check in booking 5": what is done by `/check-in` is not done by `/check-out`. */
function goesTheOtherWay({ action, particle }: Need, { found }: Profile): number {
  const [verb = '', way, ...more] = words(found.path.split('/').at(-1) ?? '')
  if (particle === null || way === undefined || more.length > 0 || !WAYS.has(way) || stem(verb) !== action) return 0
  return way === particle ? GOES_THAT_WAY : -GOES_THAT_WAY
}

/** "Move the card to Done": what is done to all at once is done to none by itself. */
function sweeps({ plural, effect, context }: Need, { name, found }: Profile): number {
  const isSweeping = found.effect !== 'read' && name.includes('all')
  return isSweeping && effect !== 'read' && !plural && !context.has('all') && !context.has('everi') ? -SWEEPS : 0
}

/** "Clear the cell A1": what does many at once is not for one. */
function inBulk({ plural, ids, listed, context }: Need, { called }: Profile): number {
  const isBulk = BULK.some((word) => called.has(word))
  const isMeant = listed || (plural && ids === 0) || SEVERAL.some((word) => context.has(word))
  return isBulk && !isMeant ? -BULKY : 0
}

/** "Which films are coming out?": what reads one thing by its id tells nothing of many that no id or name is said of. */
function oneForMany(
  { plural, names, ids, refersBack, nested, head, effect, counts }: Need,
  { single, last, found }: Profile,
): number {
  const isOne = single && found.effect === 'read' && head !== null && last.includes(head)
  // "How many orders does Ada have?"
  const isMany = effect === 'read' && plural && (names === 0 || counts) && ids === 0 && !nested && !refersBack
  return isOne && isMany ? -(counts ? ONE_TO_COUNT : ONE) : 0
}

/**
 * "Who directed Jaws?": the share of what is asked of something named that an operation has in its answer which takes the id
 * of one thing; 0 where the list that finds the thing tells as much.
 */
function sharedOfNamed(
  need: Need,
  { found, of, pathParameters, answers, called, single, last }: Profile,
  listed: Listed,
): number {
  const { asks, ids, effect, names, terms, classes, acts } = need
  const isOfOne = found.effect === 'read' && pathParameters === 1 && of.length > 0
  if (!isOfOne || !asks || effect !== 'read' || names === 0 || ids > 0) return 0
  // "Merge requests" are two words for one thing.
  const thing = words(/([^/{}]+)\/\{/.exec(found.path)?.[1] ?? '').map((word) => stem(singular(word)))
  const asked = terms.filter((term) => !classes.has(term) && !of.includes(term) && !thing.includes(term))
  if (asked.length === 0 || asked.length > MOST_ASKED) return 0
  const noun = of.at(-1) ?? ''
  // "How many films has Ada directed?" is asked of no film, and "the genre of the film Jaws" of nobody.
  if ((acts && !PEOPLE_STEMS.has(noun)) || (classes.size > 0 && !classes.has(noun))) return 0
  const list = listed.get(noun)
  const isKnown = (term: string, said: ReadonlySet<string>) =>
    said.has(term) || [...said].some((word) => isDoer(term, word) || relatedness(term, word) >= SAME)
  // "Similar films" tell the same of others.
  const isAlike = list && [...list].filter((word) => answers.has(word)).length >= ALIKE * list.size
  const isUnsaid = !single && !last.some((word) => terms.includes(word))
  if (list && (single || (isUnsaid && isAlike)) && asked.every((term) => isKnown(term, list))) return 0
  // What a list of named things tells is not looked for in what something else has.
  const isTold = (by: ReadonlySet<string>) => asked.every((term) => by.has(term))
  const isListed = isUnsaid && classes.size === 0 && !acts && !(list && isTold(list))
  if (isListed && [...listed.values()].some(isTold)) return 0
  return asked.filter((term) => called.has(term) || isKnown(term, answers)).length / asked.length
}

/** Whether a word names who does what another says: director and direct, writer and write. */
function isDoer(verb: string, noun: string): boolean {
  return verb.length > 3 && noun.startsWith(verb) && /^(?:r|er|or)$/.test(noun.slice(verb.length))
}
