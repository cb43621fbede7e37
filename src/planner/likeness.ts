import { singular } from '../lib/words.ts'
import type { Operation } from '../specs/operation.ts'
import { propertiesOf } from '../steps/schema-path.ts'
import { PEOPLE } from './lexicon.ts'
import type { Entity } from './entities.ts'
import { listOf, listsOf, type Output } from './outputs.ts'
import type { Slot } from './slots.ts'

const ALIKE = 0.6
const FEWEST = 3
// What things of any kind have, which tells nothing of the kind.
const COMMON =
  /^(?:_?id|uuid|key|name|title|label|description|type|url|uri|href|self|_?links|(?:created|updated|modified|deleted).*)$/i
// What things are called by under one name is no other kind of thing under another: films have titles, firms have names.
const LABELS = ['name', 'title', 'label']
const ARTICLES = new Set(['a', 'an', 'the'])

/** The properties of what an operation lists; empty where it lists nothing. */
export function itemNames(operation: Operation): ReadonlySet<string> {
  const list = listOf(operation)
  return new Set(list ? propertiesOf(list.items).keys() : [])
}

/**
 * The field that identifies an item of a list whose items look like those of `model`: credits that hold a film each are
 * films, whatever the list is called. Null where they look otherwise, or where too little tells what they are.
 */
export function outputLike(operation: Operation, model: ReadonlySet<string>, key: string, noun: string): Output | null {
  const telling = [...model].filter((name) => !COMMON.test(name))
  if (telling.length < FEWEST) return null
  const list = listsOf(operation).find(({ items }) => {
    const names = propertiesOf(items)
    const isLabelled = LABELS.every((label) => !model.has(label) || names.has(label))
    return names.has(key) && isLabelled && telling.filter((name) => names.has(name)).length / telling.length >= ALIKE
  })
  return list ? { path: `${list.path}[0].${key}`, fromList: true, words: `of the first ${noun} found` } : null
}

/** How well what an entity is said to be agrees with what an operation is about, from -1 to 1; 0 where nothing is said. */
export function classFit(entity: Entity, resource: string): number {
  const said = singular(entity.before.findLast((word) => !ARTICLES.has(word)) ?? '')
  const about = resource.split(' ')
  if (about.includes(said)) return 1
  // "Ada's latest order": whose it is, and not the order itself.
  if (entity.possessive && entity.trail.some((word) => about.includes(singular(word)))) return -1
  const isAgent = entity.kind === 'name' && (entity.possessive || said === 'by' || PEOPLE.has(said))
  if (!isAgent) return 0
  return about.some((word) => PEOPLE.has(word)) ? 1 : said === 'by' || PEOPLE.has(said) ? -1 : 0
}

/** How likely an id slot means the thing an entity names: "customer Ada", "Ada's", "two Headphones". */
export function affinity(slot: Slot, entity: Entity, siblings: readonly Slot[]): number {
  const noun = slot.noun ?? ''
  const around = [...entity.before, ...entity.after].map(singular)
  const before = entity.before.at(-1) ?? ''
  // "The season of Ada": Ada is whose, not which.
  const isOwner = before === 'of' && singular(entity.before.at(-2) ?? '') === noun
  let score = around.includes(noun) && !isOwner ? 1 : 0
  if (PEOPLE.has(noun) && (entity.kind === 'email' || ['for', 'to', 'by', 'of', 'from'].includes(before))) score += 0.6
  const counted = siblings.some(
    (other) => other.in === 'body' && other.path.at(-2) === slot.path.at(-2) && other.words.includes('quantity'),
  )
  if (
    counted &&
    slot.path.length > 1 &&
    /^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a|an|the)$/.test(before)
  )
    score += 0.6
  return score
}
