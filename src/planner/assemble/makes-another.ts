import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { resourceOf } from '../../links/slots.ts'
import { DETERMINERS, FUNCTION_WORDS, PEOPLE_STEMS } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { relatedness } from '../language/related-words.ts'
import { lastOf } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { isNameLike, isNumbered } from '../understand/entity.ts'
import { TOLD } from './nearness.ts'

/** "Mark order 5 as shipped": whether an operation makes one of what is named by its id, and so is there already. */
export function makesAgain({ entities }: Clause, { path }: Endpoint): boolean {
  const last = lastOf(path)
  return (
    !path.endsWith('}') &&
    entities.some((entity) => isNumbered(entity) && last.includes(stem(entity.before.at(-1) ?? '')))
  )
}

const PUT = new Set(['add', 'put', 'move', 'place', 'enter', 'send'].map(stem))
const BEHIND = new Set('of from with to into onto in on for as forward back'.split(' '))
const IS = /^(?:is|are|was|were|has|have|had|can|cannot|could|should|must|needs?|will|would|does|did|do)$/

/** "Put candidate 7 forward" makes no candidate: whether what is there by its number would be made, where nothing is to be. */
export function makesNumbered(clause: Clause, endpoint: Endpoint): boolean {
  const { path, effect } = endpoint
  const [noun = '', ...others] = lastOf(path)
  const isPlain = !path.includes('{') && others.length === 0 && singular(path) !== path
  if (effect !== 'create' || !isPlain) return false
  return clause.entities.some((entity) => {
    const { before, after, kind } = entity
    const next = after[0] ?? ''
    if (!isNumbered(entity) || stem(before.at(-1) ?? '') !== noun) return false
    // "Order two lamps", "order 3 of them": there a number counts.
    if (before.length === 1 && !IS.test(next)) return false
    if (kind === 'number' && next !== '' && !FUNCTION_WORDS.has(next) && !isParticiple(next)) return false
    // "Create a return for order 5".
    if (clause.effect === 'create' && BEHIND.has(before.at(-2) ?? '')) return true
    // "Create order 5", "add course CS-5 titled Algebra".
    if (clause.effect === 'create' && clause.head === noun) return PUT.has(clause.action ?? '') && BEHIND.has(next)
    return true
  })
}

const PLACE = String.raw`\b(?:of|to|in|on|at|into)\s+(?:the|my|our|this)\s+(?:\S+\s+){0,3}`

const WHERE = new Set(['to', 'into', 'in', 'onto', 'on', 'from'])

/** "Put me on the waiting list of the class" makes no class: whether an operation makes one of what a clause is not about. */
export function makesUnspoken({ head }: Clause, { effect, path }: Endpoint): boolean {
  return effect === 'create' && !path.includes('{') && head !== null && !lastOf(path).includes(head)
}

/** "Post it to the channel Design": whether an operation would make one of what something is put into, and so is there already. */
export function makesPlace({ entities, text, head }: Clause, { path, method, effect }: Endpoint): boolean {
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

const IS_THERE = /\b(?:existing|the|this|that|these|those|my|our)\b/i

/** "Assign the lead 5 to Ada": whether an operation would make one of what is there already, and is given to something. */
export function makesWhatIsGiven(clause: Clause, endpoint: Endpoint): boolean {
  const isGiven = clause.action !== null && GIVES.has(clause.action)
  // "Assign task 5 to Ada" makes no task either.
  return (
    isGiven && (makesWhatIsThere(clause, endpoint) || (endpoint.effect === 'create' && makesAgain(clause, endpoint)))
  )
}

/** "Assign the appointment 9 to Dr Smith" sets no room of it: whether an operation gives a thing what nobody speaks of. */
export function givesAnother({ action, terms, text }: Clause, { path, effect }: Endpoint): boolean {
  if (effect === 'read' || action === null || !GIVES.has(action) || path.endsWith('}')) return false
  const said = [...terms, ...words(text).map(stem)]
  return !lastOf(path).some(
    (word) => PEOPLE_STEMS.has(word) || word.startsWith(action) || said.some((term) => relatedness(term, word) >= TOLD),
  )
}

/** "The webhook that goes to Zapier": whether an operation would make one of what is spoken of as there. */
export function makesWhatIsThere({ head, text }: Clause, { path, method, effect }: Endpoint): boolean {
  if (effect !== 'create' || method !== 'POST' || path.includes('{') || head === null || /\bnew\b/i.test(text))
    return false
  const [noun = '', ...others] = lastOf(path)
  const before = words(text).findIndex((word) => stem(word) === head)
  return others.length === 0 && noun === head && IS_THERE.test(words(text).slice(0, before).join(' '))
}

/** "Book a flight", where flights are booked, books no hotel: whether an operation makes something else than what is named. */
export function makesAnother({ head, effect }: Clause, endpoint: Endpoint): boolean {
  if (effect !== 'create' || endpoint.effect === 'read' || head === null) return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}
