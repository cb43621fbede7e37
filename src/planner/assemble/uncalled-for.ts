import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { resourceOf, slotsOf } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import {
  DETERMINERS,
  FUNCTION_WORDS,
  NUMBER_WORDS,
  ORDINALS,
  PEOPLE,
  SHELL_NOUNS,
  SUPERLATIVES,
  VERBS,
} from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import { isVerb } from '../language/verbs.ts'
import { lastOf } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'

/** How related words are of which one tells the other. */
export const TOLD = 0.5
// And how related one that says just that.
const SAYS = 0.7
// And a word that may stand for another.
const SAME = 0.8
const GRAVE: ReadonlySet<string> = new Set(['message', 'pay', 'delete'])
// How sure an operation has to be that does not say the verb it is asked by: "paint the orders"; and behind another that is
// planned, which tells that the API is meant.
const SURE_OF_UNTOLD = 0.35
const SURE_OF_UNTOLD_BEHIND = 0.2
// Who asks what something is sends nothing to anybody.
const QUESTION = /^\s*(?:what|which|who|whose|when|where|how)\b/i

/** "Mark it as shipped": whether an operation does a thing by its name, `/orders/{id}/cancel`, that nothing said is like. */
function doesSomethingElse({ terms, verb, action, text }: Clause, { path, effect }: Endpoint): boolean {
  const [, deed = ''] = /\}\/([A-Za-z]+)$/.exec(path) ?? []
  if (effect === 'read' || deed === '' || singular(deed) !== deed || !isVerb(deed.toLowerCase())) return false
  const does = stem(deed.toLowerCase())
  // What it is done to does not say it.
  const things = new Set(words(path.slice(0, -deed.length)).map(stem))
  const said = [...terms, ...words(text).map(stem), ...[verb, action].flatMap((word) => word ?? [])]
  return !said.some((word) => (word === does || !things.has(word)) && relatedness(word, does) >= TOLD)
}

/** "Set up notifications", `/users/{id}/watch`: whether an operation speaks of what is to be made, and not only of what it is for. */
function tellsOf({ terms, action, verb }: Clause, endpoint: Endpoint): boolean {
  const around = new Set(words(endpoint.path).map(stem))
  const called = vocabularyOf(endpoint)
  return terms.some((term) => term !== action && term !== verb && !around.has(term) && called.has(term))
}

/** "Mark order 5 as shipped": whether an operation makes one of what is named by its id, and so is there already. */
function makesAgain({ entities }: Clause, { path }: Endpoint): boolean {
  const last = lastOf(path)
  return (
    !path.endsWith('}') &&
    entities.some(
      ({ kind, before }) => (kind === 'id' || kind === 'number') && last.includes(stem(before.at(-1) ?? '')),
    )
  )
}

// Verbs that may be anything: "take my songs and turn them into a list".
const SAYS_LITTLE = new Set(['take', 'turn', 'put', 'do', 'let', 'go', 'use', 'keep'])
const MESSAGE = stem('message')
const SURE_TO_SHOW = 0.15
const PLACE = String.raw`\b(?:of|to|in|on|at|into)\s+(?:the|my|our|this)\s+(?:\S+\s+){0,3}`
const WHERE = new Set(['to', 'into', 'in', 'onto', 'on', 'from'])

/** "Put me on the waiting list of the class" makes no class: whether an operation makes one of what a clause is not about. */
function makesUnspoken({ head }: Clause, { effect, path }: Endpoint): boolean {
  return effect === 'create' && !path.includes('{') && head !== null && !lastOf(path).includes(head)
}

/** "Post it to the channel Design": whether an operation would make one of what something is put into, and so is there already. */
function makesPlace({ entities, text, head }: Clause, { path, method, effect }: Endpoint): boolean {
  if (effect !== 'create' || method !== 'POST' || path.endsWith('}')) return false
  const resource = resourceOf(path)
  // "Create a folder in the folder Drafts" does make one.
  if (words(text).filter((word) => singular(word) === resource).length > 1) return false
  // "Add me to the waiting list of the Saturday class".
  if (head !== null && stem(resource) !== head && new RegExp(`${PLACE}${resource}\\b`, 'iu').test(text)) return true
  return entities.some((entity) => {
    const [joint = '', article = '', noun = ''] = entity.before.slice(-3)
    return isNameLike(entity) && WHERE.has(joint) && DETERMINERS.has(article) && singular(noun) === resource
  })
}

const GIVES = new Set(['assign', 'attach', 'link', 'connect', 'associate'].map(stem))
const PEOPLE_STEMS = new Set([...PEOPLE].map(stem))
const IS_THERE = /\b(?:existing|the|this|that|these|those|my|our)\b/i

/** "Assign the lead 5 to Ada": whether an operation would make one of what is there already, and is given to something. */
function makesWhatIsGiven(clause: Clause, endpoint: Endpoint): boolean {
  return clause.action !== null && GIVES.has(clause.action) && makesWhatIsThere(clause, endpoint)
}

/** "Remove Serial from my queue" leaves the rest of it: whether an operation that takes all away answers for one that is named. */
function emptiesAll({ entities, effect, text }: Clause, endpoint: Endpoint): boolean {
  if (effect !== 'delete' || endpoint.effect !== 'delete' || endpoint.path.includes('{')) return false
  return (
    entities.some((entity) => isNameLike(entity) || isNumbered(entity.kind)) &&
    !slotsOf(endpoint).some(isIds) &&
    /\bfrom\b/i.test(text)
  )
}

/** "Assign the appointment 9 to Dr Smith" sets no room of it: whether an operation gives a thing what nobody speaks of. */
function givesAnother({ action, terms, text }: Clause, { path, effect }: Endpoint): boolean {
  if (effect === 'read' || action === null || !GIVES.has(action) || path.endsWith('}') || !path.includes('}/'))
    return false
  const said = [...terms, ...words(text).map(stem)]
  return !lastOf(path).some(
    (word) => PEOPLE_STEMS.has(word) || word.startsWith(action) || said.some((term) => relatedness(term, word) >= TOLD),
  )
}

/** "The webhook that goes to Zapier": whether an operation would make one of what is spoken of as there. */
function makesWhatIsThere({ head, text }: Clause, { path, method, effect }: Endpoint): boolean {
  if (effect !== 'create' || method !== 'POST' || path.includes('{') || head === null || /\bnew\b/i.test(text))
    return false
  const [noun = '', ...others] = lastOf(path)
  const before = words(text).findIndex((word) => stem(word) === head)
  return others.length === 0 && noun === head && IS_THERE.test(words(text).slice(0, before).join(' '))
}

// "Was it refunded?", "should I delete it?", "is the alarm on?"; "can you …" and "do it" ask for something.
const HOW_IT_IS =
  /^\s*(?:(?:and|but|so|then|also)\s+)?(?:(?:is|are|was|were|has|had|does|did|am|why)\b|(?:have|do|should|shall|must)\s+(?:i|we|you|they|he|she|it|the|any|my|our|all)\b)/i

// What is asked of what was, or is to be, nothing works out.
const ASKS_OF_THEN = /^\s*(?:(?:and|but|so|then|also)\s+)?(?:why|who|when|was|were|has|had|did|should(?![^?]*,))\b/i
const HOW_TO = /^\s*how (?:do|can|could|should|would|to)\b/i
const MAY_I = /^\s*(?:can|could|may) (?:i|we)\b/i

/**
 * "What's the topic set to?", "was order 5 refunded?": whether an operation would change or take away what somebody only
 * asks about. What works something out is sent to be, but to nothing that is there.
 */
function isChangedByAsking({ text }: Clause, { method, path, effect }: Endpoint): boolean {
  if (effect === 'read' || HOW_TO.test(text)) return false
  if (ASKS_OF_THEN.test(text)) return true
  if (MAY_I.test(text)) return IRREVERSIBLE.has(effect) || /\bcancel/i.test(text)
  const last = path.split('/').at(-1) ?? ''
  // Into what holds many of a kind one more is put.
  const isStored = path.includes('{') || singular(last) !== last
  const isWorkedOut = method === 'POST' && effect === 'create' && !(HOW_IT_IS.test(text) && isStored)
  return (HOW_IT_IS.test(text) || QUESTION.test(text)) && (!isWorkedOut || path.includes('{'))
}

/**
 * Whether an operation does something that nobody asked for: it takes away or moves money where a clause asks for
 * something else, or it merely stores something where a clause asks to send, pay or delete, or to do what no word of it
 * tells.
 */
export function isUncalledFor(clause: Clause, endpoint: Endpoint, sure: number, behind: boolean): boolean {
  const { effect } = endpoint
  const called = vocabularyOf(endpoint)
  const told = (verb: string | null, least = TOLD) =>
    verb !== null && [...called].some(([word, weight]) => weight >= STRONG && relatedness(verb, word) >= least)
  if (makesPlace(clause, endpoint) || makesWhatIsGiven(clause, endpoint) || givesAnother(clause, endpoint)) return true
  if (isChangedByAsking(clause, endpoint) || emptiesAll(clause, endpoint)) return true
  // Who wants to see something makes nothing, unless that is what it takes.
  if (clause.effect === 'read' && effect !== 'read' && sure < SURE_TO_SHOW) return true
  if (clause.effect === 'unknown') {
    // "Apply the payment": what is paid says it.
    const isPaid = effect === 'pay' && told(clause.head, SAYS)
    const isTold = effect === 'delete' ? saysDeletion(clause.verb, endpoint) : told(clause.verb, SAYS)
    if (IRREVERSIBLE.has(effect) && !isPaid && (SAYS_LITTLE.has(clause.verb ?? '') || !isTold)) return true
    // "Perform task 5" makes no other, and deletes none.
    const saysNothing = clause.verb === clause.head || SAYS_LITTLE.has(clause.verb ?? '')
    if (saysNothing && (IRREVERSIBLE.has(effect) || makesAgain(clause, endpoint) || makesUnspoken(clause, endpoint)))
      return true
    if (!told(clause.verb) && makesWhatIsThere(clause, endpoint)) return true
    return !told(clause.verb) && (sure < (behind ? SURE_OF_UNTOLD_BEHIND : SURE_OF_UNTOLD) || clause.head === null)
  }
  if (
    clause.effect !== 'read' &&
    doesSomethingElse(clause, endpoint) &&
    !(clause.effect === 'create' && tellsOf(clause, endpoint))
  )
    return true
  if (clause.action === CANCEL && endsNothing(endpoint)) return true
  if (clause.action === RENAME && effect === 'update' && namesNothing(endpoint)) return true
  if (effect === clause.effect) return false
  if (clause.action === RENAME && effect === 'create' && !endpoint.path.endsWith('}') && !told(RENAME)) return true
  if (clause.effect === 'update' && effect === 'create' && !told(clause.action))
    return (
      makesAgain(clause, endpoint) ||
      !lastOf(endpoint.path).some((word) => clause.terms.some((term) => relatedness(term, word) >= TOLD))
    )
  // "Rename" keeps company with "delete", and does not say it; nor does "message Ada" of the messages that an operation deletes.
  if ((effect === 'delete' || effect === 'update') && clause.action === MESSAGE) return true
  // Who messages somebody reacts to no message: there the word is what something is done to.
  if (clause.action === MESSAGE && effect === 'create' && !lastOf(endpoint.path).includes(MESSAGE)) return true
  if (effect === 'delete') return !saysDeletion(clause.action, endpoint)
  if (effect === 'pay') return !told(clause.action, SAYS)
  if (effect === 'message' && QUESTION.test(clause.text)) return !told(clause.action)
  return GRAVE.has(clause.effect) && !told(clause.action)
}

/**
 * Whether a verb says what an operation that deletes does, and not only what to: "assign" is as good as "appoint", and
 * `DELETE /appointments/{id}` appoints nobody.
 */
function saysDeletion(verb: string | null, { summary, operationId, path }: Endpoint): boolean {
  if (verb === null) return false
  // "Booking cancellation" says it behind what is cancelled; `/queue/clear` ends with it.
  const parts = path.split('/').filter((part) => part !== '')
  const isThing = (word: string, at: number) => !isVerb(word) || parts[at + 1]?.startsWith('{') === true
  const named = parts.flatMap((part, at) =>
    part.startsWith('{') ? [] : words(part).filter((word) => isThing(word, at)),
  )
  const things = new Set(named.map(stem))
  const deeds = [...words(summary), ...words(operationId ?? '')].map(stem).filter((word) => !things.has(word))
  return ['delete', 'remove', ...deeds].some((word) => relatedness(verb, stem(word)) >= SAYS)
}

/** Whether an operation takes nothing that something could be called by. */
function namesNothing(endpoint: Endpoint): boolean {
  const isSaid = [...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && word === RENAME)
  return !isSaid && !slotsOf(endpoint).some(({ words: own }) => own.some((word) => LABELS.includes(stem(word))))
}

/** "Cancel my place in the performance" sets no stage: whether an operation that changes something says nothing of an end. */
function endsNothing(endpoint: Endpoint): boolean {
  if (endpoint.effect === 'read' || endpoint.effect === 'delete') return false
  const isState = slotsOf(endpoint).some(({ words: own }) => own.some((word) => word === 'status' || word === 'state'))
  return (
    !isState &&
    ![...vocabularyOf(endpoint)].some(
      ([word, weight]) => weight >= STRONG && ENDS.some((end) => relatedness(word, end) >= SAYS),
    )
  )
}

/** `DELETE /branches/{branch}/protection` deletes no branch: whether an operation takes away what is not spoken of. */
export function isUnsaid({ head, terms, action }: Clause, { effect, path }: Endpoint): boolean {
  if (effect !== 'delete' || head === null) return false
  const said = [...terms, action ?? '']
  // `/accounts/remove` does not say what it takes away.
  const isDeed = words(path.split('/').at(-1) ?? '').some((word) => VERBS.get(word) === 'delete')
  return !isDeed && !lastOf(path).some((word) => said.some((term) => relatedness(term, word) >= TOLD))
}

/** Whether an operation takes away or pays for something else than what is named: the customer instead of her order. */
export function isOfAnother({ head }: Clause, endpoint: Endpoint): boolean {
  if (!IRREVERSIBLE.has(endpoint.effect) || head === null) return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}

const SOMEBODY_FROM = /\b(?:remove|delete|take)\s+(?:me|us|him|her|them|myself)\s+from\b/i
const CANCEL = stem('cancel')
const RENAME = stem('rename')
const ENDS = ['cancel', 'cancellation', 'stop', 'end', 'abort', 'terminate', 'withdraw', 'revoke'].map(stem)
// What stands before a joint and names nothing: "the newest one of the bills", "all of them".
const OF_SUCH = new Set(
  'one ones all any each every most some both half rid list copy account profile entry'.split(' '),
)
const JOINT = /\s(of|from|in|on|to)\s/iu

/** "Delete the comments on task 5": whether an operation takes away one of another kind than what is to go. */
export function takesAnotherAway(clause: Clause, { method, effect, path }: Endpoint, isResource: boolean): boolean {
  const { head, text, terms, refersBack, many } = clause
  const isDeleted = clause.effect === 'delete' && method === 'DELETE' && effect === 'delete'
  // "Cancel my place in the class": nor is the class changed.
  const isChanged = clause.action === CANCEL && (effect === 'update' || effect === 'delete')
  if ((!isDeleted && !isChanged) || !path.endsWith('}')) return false
  const noun = stem(resourceOf(path).split(' ').at(-1) ?? '')
  // "Take me off the class 12", "take exercise 4 out of workout 9".
  if (SOMEBODY_FROM.test(text) && words(text.split(/\sfrom\s/i)[1] ?? '').some((word) => stem(word) === noun))
    return true
  if (head === null || refersBack || many?.nouns.length === 0) return false
  // Where the API has just what is named, nothing like it is meant.
  const arePeople = PEOPLE_STEMS.has(noun) && PEOPLE_STEMS.has(head)
  if (isResource && noun !== '' && noun !== head && !arePeople && !words(text).map(stem).includes(noun)) return true
  if (noun === '' || noun === head || (!isResource && relatedness(head, noun) >= TOLD)) return false
  if (![...words(text).map(stem), ...terms].some((word) => relatedness(word, noun) >= TOLD)) return true
  // Behind a joint stands what the head is of.
  const [isThing, ...isBehind] = text.split(BEHIND).map((part) => words(part).map(stem).includes(noun))
  return isThing !== true && isBehind.includes(true)
}

// Behind a thing: "the comments on the task", "the process that updates it".
const BEHIND = /\s(?:of|from|in|on|to|for|that|which|who|with)\s/iu

/** "Delete the owner of the server": whether an operation takes away the thing whose it is, or that it is taken from. */
export function isOfItsOwner({ text, entities, order, effect, head }: Clause, endpoint: Endpoint): boolean {
  if (effect !== 'delete' || endpoint.effect !== effect || !endpoint.path.endsWith('}')) return false
  const noun = resourceOf(endpoint.path).split(' ').at(-1) ?? ''
  // "Delete Ada's servers" deletes no Ada; "clear the calendar" leaves it there.
  const isNot = (word: string) => !FUNCTION_WORDS.has(word) && relatedness(stem(singular(word)), stem(noun)) < SAME
  const owned = entities.filter(({ possessive }) => possessive).map(({ trail }) => trail[0] ?? '')
  if (
    (head !== stem(noun) && owned.some((word) => word !== '' && isNot(word))) ||
    (EMPTIES.test(text) && !EMPTIES.test(endpoint.summary))
  )
    return true
  // What nothing picks is asked for.
  const isItsName = ({ kind, before }: Entity) => kind !== 'number' && singular(before.at(-1) ?? '') === noun
  if (!entities.some(isItsName) && order === null) return false
  const [, joint = '', ...rest] = text.split(JOINT)
  const behind = rest.join(' ')
  const object = words(text.split(JOINT)[0] ?? '').slice(1)
  const isName = (word: string) => entities.some((entity) => isNameLike(entity) && words(entity.text).includes(word))
  const tells = object.filter((word) => !FUNCTION_WORDS.has(word) && !SUPERLATIVES.has(word) && !NUMBER_WORDS.has(word))
  const telling = tells.filter((word) => !OF_SUCH.has(word) && !SHELL_NOUNS.has(word) && !ORDINALS.has(word))
  const isIt = (word: string) => relatedness(stem(singular(word)), stem(noun)) >= TOLD
  if (joint === '' || telling.length === 0 || telling.some(isIt)) return false
  const said = words(behind).find((word) => singular(word) === noun)
  // "Remove Ada from the members".
  const isOneOf = said !== undefined && said !== noun && telling.every(isName)
  return said !== undefined && !isOneOf
}

const EMPTIES = /^\s*(?:please\s+)?(?:clear|empty)\b/i

const LABELS = ['name', 'title', 'label'].map(stem)
const SETTING = new Set(
  ['set', 'change', 'update', 'raise', 'lower', 'increase', 'decrease', 'adjust', 'edit'].map(stem),
)

/** "Set the price of product 5 to 9": whether an operation takes what is to be set, or is called so. */
export function setsWhatIsNamed({ head, text }: Clause, endpoint: Endpoint): boolean {
  // "The e-mail address of Ada", which is an `email`, and the name of what has a title.
  const [phrase = ''] = text.split(/\s(?:of|for)\s/i)
  const things = new Set([head, ...words(phrase).slice(-2).map(stem)].flatMap((word) => word ?? []))
  if (LABELS.some((label) => things.has(label))) for (const label of LABELS) things.add(label)
  const isNamed = (said: readonly string[]) =>
    said.some((word) => [...things].some((thing) => relatedness(stem(word), thing) >= TOLD))
  return (
    slotsOf(endpoint).some((slot) => slot.in === 'body' && isNamed([...slot.words, ...words(slot.description)])) ||
    (head !== null && (vocabularyOf(endpoint).get(head) ?? 0) >= STRONG)
  )
}

/** Whether a clause asks for one thing of something to be set: "the price of …". */
export function setsSomethingOf({ effect, action, text, head, entities }: Clause): boolean {
  const isOf = /\s(?:of|for)\s.*\s(?:to|by|as)\s/is.test(text)
  return effect === 'update' && head !== null && SETTING.has(action ?? '') && isOf && entities.length > 0
}

/** "Move all employees to it": whether an operation changes something else than each of the things that are named. */
export function isOfNone({ head, many, effect, entities }: Clause, endpoint: Endpoint): boolean {
  // "Cancel the reminder 5" cancels no appointment.
  const isTold =
    many !== null || entities.some(({ kind, before }) => isNumbered(kind) && stem(before.at(-1) ?? '') === head)
  if (effect !== 'update' || !isTold || head === null || endpoint.effect === 'read') return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}

function isIds({ name, in: place }: { name: string; in: string }): boolean {
  return place !== 'path' && /ids?$|uris?$/i.test(name)
}

function isNumbered(kind: Entity['kind']): boolean {
  return kind === 'id' || kind === 'number'
}

/** "Book a flight", where flights are booked, books no hotel: whether an operation makes something else than what is named. */
export function makesAnother({ head, effect }: Clause, endpoint: Endpoint): boolean {
  if (effect !== 'create' || endpoint.effect === 'read' || head === null) return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}
