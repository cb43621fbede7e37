import { singular } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'
import { PEOPLE } from '../language/lexicon.ts'
import type { Entity } from '../understand/entity.ts'

const OWNING = new Set(['of', 'by'])
const ARTICLES = new Set(['a', 'an', 'the'])

/** How well what an entity is said to be agrees with what an operation is about, from -1 to 1; 0 where nothing is said. */
export function classFit(entity: Entity, resource: string): number {
  const said = singular(entity.before.findLast((word) => !ARTICLES.has(word)) ?? '')
  const about = resource.split(' ')
  if (about.includes(said)) return 1
  // "Ada's latest order": whose it is, and not the order itself.
  if (entity.possessive && entity.trail.some((word) => about.includes(singular(word)))) return -1
  // "The albums of Nina Simone": several things of hers, of which none is called so.
  const [many = '', joint = ''] = entity.before.slice(-2)
  if (OWNING.has(joint) && singular(many) !== many && about.includes(singular(many))) return -1
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
