import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { resourceOf, slotsOf } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import {
  FUNCTION_WORDS,
  NUMBER_WORDS,
  ORDINALS,
  PEOPLE_STEMS,
  SHELL_NOUNS,
  SUPERLATIVES,
  VERBS,
} from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import { isVerb } from '../language/verbs.ts'
import { lastOf } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike, isNumbered } from '../understand/entity.ts'
import { SAME, SAYS, TOLD } from './nearness.ts'

/** "Remove Serial from my queue" leaves the rest of it: whether an operation that takes all away answers for one that is named. */
export function emptiesAll({ entities, effect, text }: Clause, endpoint: Endpoint): boolean {
  if (effect !== 'delete' || endpoint.effect !== 'delete' || endpoint.path.includes('{')) return false
  return (
    entities.some((entity) => isNameLike(entity) || isNumbered(entity)) &&
    !slotsOf(endpoint).some(isIds) &&
    /\bfrom\b/i.test(text)
  )
}

/**
 * Whether a verb says what an operation that deletes does, and not only what to: "assign" is as good as "appoint", and
 * `DELETE /appointments/{id}` appoints nobody.
 */
export function saysDeletion(verb: string | null, { summary, operationId, path }: Endpoint): boolean {
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

/** "Cancel my place in the performance" sets no stage: whether an operation that changes something says nothing of an end. */
export function endsNothing(endpoint: Endpoint): boolean {
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
export function isUnsaid(clause: Clause, { effect, path }: Endpoint): boolean {
  const { head, terms, action } = clause
  if (effect !== 'delete' || head === null || isTakenFrom(clause, path)) return false
  const said = [...terms, action ?? '']
  // `/accounts/remove` does not say what it takes away.
  const isDeed = words(path.split('/').at(-1) ?? '').some((word) => VERBS.get(word) === 'delete')
  return !isDeed && !lastOf(path).some((word) => said.some((term) => relatedness(term, word) >= TOLD))
}

/** Whether an operation takes away or pays for something else than what is named: the customer instead of her order. */
export function isOfAnother(clause: Clause, endpoint: Endpoint): boolean {
  const { head } = clause
  if (!IRREVERSIBLE.has(endpoint.effect) || head === null || isTakenFrom(clause, endpoint.path)) return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}

const SOMEBODY_FROM = /\b(?:remove|delete|take)\s+(?:me|us|him|her|them|myself)\s+from\b/i

/** Stem of the verb that may end a thing by any method. */
export const CANCEL = stem('cancel')

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
  if (isTakenFrom(clause, path)) return false
  // Where the API has just what is named, nothing like it is meant.
  const arePeople = PEOPLE_STEMS.has(noun) && PEOPLE_STEMS.has(head)
  if (isResource && noun !== '' && noun !== head && !arePeople && !words(text).map(stem).includes(noun)) return true
  if (noun === '' || noun === head || (!isResource && relatedness(head, noun) >= TOLD)) return false
  if (![...words(text).map(stem), ...terms].some((word) => relatedness(word, noun) >= TOLD)) return true
  // Behind a joint stands what the head is of.
  const [isThing, ...isBehind] = text.split(BEHIND).map((part) => words(part).map(stem).includes(noun))
  return isThing !== true && isBehind.includes(true)
}

/** "Remove user 5 from the project 7", `/projects/{id}/members/{user_id}`: whether what is taken from a thing is told by its id there. */
function isTakenFrom({ head, text, entities }: Clause, path: string): boolean {
  const [, own = ''] = /\/[^/{}]+\/\{\w+\}\/[^/{}]+\/\{(\w+?)_?id\}$/i.exec(path) ?? []
  const isTold = entities.some((entity) => isNumbered(entity) && stem(entity.before.at(-1) ?? '') === head)
  return isTold && FROM.test(text) && words(own).some((word) => stem(word) === head)
}

const FROM = /\s(?:from|off|out of)\s/i
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

function isIds({ name, in: place }: { name: string; in: string }): boolean {
  return place !== 'path' && /ids?$|uris?$/i.test(name)
}
