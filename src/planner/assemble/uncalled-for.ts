import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { relatedness } from '../language/related-words.ts'
import { FUNCTION_WORDS } from '../language/lexicon.ts'
import { isVerb } from '../language/verbs.ts'
import { isNumbered } from '../understand/entity.ts'
import { lastOf } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import {
  givesAnother,
  makesAgain,
  makesNumbered,
  makesPlace,
  makesUnspoken,
  makesWhatIsGiven,
  makesWhatIsThere,
} from './makes-another.ts'
import { toldDeed } from './told-deed.ts'
import { SAYS, TOLD } from './nearness.ts'
import { isChangedByAsking, isQuestion } from './only-asked.ts'
import { namesNothing, RENAME } from './sets-named.ts'
import { CANCEL, emptiesAll, endsNothing, saysDeletion } from './takes-away.ts'

const GRAVE: ReadonlySet<string> = new Set(['message', 'pay', 'delete'])

// How sure an operation has to be that does not say the verb it is asked by: "paint the orders"; and behind another that is
// planned, which tells that the API is meant.
const SURE_OF_UNTOLD = 0.35

const SURE_OF_UNTOLD_BEHIND = 0.2

// `/orders/{id}/cancel`, `/gates/{id}/firmware-update`.
const DEED = /\}\/([A-Za-z]+(?:-[a-z]+)*)$/

/** "Mark it as shipped": whether an operation does a thing by its name, `/orders/{id}/cancel`, that nothing said is like. */
function doesSomethingElse({ terms, verb, action, text }: Clause, { path, effect, summary }: Endpoint): boolean {
  const [, deed = ''] = DEED.exec(path) ?? []
  // "Void an invoice", `/invoices/{id}/void`: no verb that is known.
  const isOwn = deed !== '' && words(summary)[0] === words(deed).join(' ')
  const opening = words(deed).find(isVerb) ?? (isOwn ? deed.toLowerCase() : undefined)
  if (effect === 'read' || opening === undefined || singular(deed) !== deed) return false
  const does = stem(opening)
  // "Activate", `/alarms/{id}/start`: its summary says it.
  if (action !== null && stem(words(summary)[0] ?? '') === action) return false
  // What it is done to does not say it.
  const things = new Set(words(path.slice(0, -deed.length)).map(stem))
  const said = [...terms, ...words(text).map(stem), ...[verb, action].flatMap((word) => word ?? [])]
  // "Change the password", `/users/{id}/reset-password`.
  const isNamed = words(deed).some((word) => word !== opening && !things.has(stem(word)) && said.includes(stem(word)))
  return !isNamed && !said.some((word) => (word === does || !things.has(word)) && relatedness(word, does) >= TOLD)
}

/** "Turn off the lights in room 8", `/automations/{id}/disable`: whether a deed is done to a thing that nothing said is one of. */
function doesToAnother({ entities, text, refersBack }: Clause, { path, effect }: Endpoint): boolean {
  const [, deed = ''] = DEED.exec(path) ?? []
  if (effect === 'read' || refersBack || !words(deed).some(isVerb) || singular(deed) !== deed) return false
  const things = [...path.matchAll(/([^/{}]+)\/\{/g)].map(([, segment = '']) =>
    stem(singular(words(segment).at(-1) ?? '')),
  )
  const said = words(text).map((word) => stem(singular(word)))
  const isOther = entities.some((entity) => {
    const told = entity.before.at(-1) ?? ''
    return isNumbered(entity) && told !== '' && !FUNCTION_WORDS.has(told) && !isVerb(told)
  })
  return isOther && !things.some((noun) => said.some((word) => word === noun || relatedness(word, noun) >= SAYS))
}

/** "Set up notifications", `/users/{id}/watch`: whether an operation is said to do so, and does not only take a word of it. */
function tellsOf({ terms, action, verb }: Clause, { path, summary, description }: Endpoint): boolean {
  const around = new Set(words(path).map(stem))
  const said = new Set(words(`${summary} ${description}`).map(stem))
  return terms.some((term) => term !== action && term !== verb && !around.has(term) && said.has(term))
}

// Verbs that may be anything: "take my songs and turn them into a list".
const SAYS_LITTLE = new Set(['take', 'turn', 'put', 'do', 'let', 'go', 'use', 'keep'])

const MESSAGE = stem('message')

const SURE_TO_SHOW = 0.15

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
  if (makesNumbered(clause, endpoint)) return true
  const isTold = toldDeed(clause, endpoint)
  if (isTold !== null) return !isTold
  if (doesToAnother(clause, endpoint)) return true
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
    if (!told(clause.verb, SAYS) && doesSomethingElse(clause, endpoint)) return true
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
  if (effect === 'message' && isQuestion(clause.text)) return !told(clause.action)
  return GRAVE.has(clause.effect) && !told(clause.action)
}
