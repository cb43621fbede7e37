import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { slotsOf } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { LABELS } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Clause } from '../understand/clause.ts'
import { isNumbered } from '../understand/entity.ts'
import { TOLD } from './nearness.ts'

/** Stem of the verb that gives a thing another name. */
export const RENAME = stem('rename')

const LABEL_STEMS = LABELS.map(stem)

const SETTING = new Set(
  ['set', 'change', 'update', 'raise', 'lower', 'increase', 'decrease', 'adjust', 'edit'].map(stem),
)

/** Whether an operation takes nothing that something could be called by. */
export function namesNothing(endpoint: Endpoint): boolean {
  const isSaid = [...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && word === RENAME)
  return !isSaid && !slotsOf(endpoint).some(({ words: own }) => own.some((word) => LABEL_STEMS.includes(stem(word))))
}

/** "Set the price of product 5 to 9": whether an operation takes what is to be set, or is called so. */
export function setsWhatIsNamed({ head, text }: Clause, endpoint: Endpoint): boolean {
  // "The e-mail address of Ada", which is an `email`, and the name of what has a title.
  const [phrase = ''] = text.split(/\s(?:of|for)\s/i)
  const things = new Set([head, ...words(phrase).slice(-2).map(stem)].flatMap((word) => word ?? []))
  if (LABEL_STEMS.some((label) => things.has(label))) for (const label of LABEL_STEMS) things.add(label)
  const isNamed = (said: readonly string[]) =>
    said.some((word) => [...things].some((thing) => relatedness(stem(word), thing) >= TOLD))
  return (
    slotsOf(endpoint).some((slot) => slot.in === 'body' && isNamed([...slot.words, ...words(slot.description)])) ||
    (head !== null && (vocabularyOf(endpoint).get(head) ?? 0) >= STRONG)
  )
}

// What a property is called by that says how far a thing has come.
const STATES = new Set(['status', 'state', 'stage', 'phase', 'mode', 'column', 'list'])
// What is asked by these may be told later: "update device 5".
const ASKS_LATER = new Set([
  ...SETTING,
  ...['modify', 'rename', 'move', 'mark', 'assign', 'correct', 'fix', 'patch'].map(stem),
])

/** "Lock device 5": whether an operation would set nothing of a thing, and is not called by what is to be done to it. */
export function setsNothing({ action, effect }: Clause, { calls }: Attempt): boolean {
  const last = calls.at(-1)
  if (!last || last.endpoint.effect !== 'update' || !/^(?:PATCH|PUT)$/.test(last.endpoint.method)) return false
  if (effect === 'read' || action === null || ASKS_LATER.has(action)) return false
  const body = slotsOf(last.endpoint).filter((slot) => slot.in === 'body')
  // "Complete task 5": which state that is may be told.
  if (
    effect === 'update' &&
    body.some((slot) => STATES.has(slot.words.at(-1) ?? '') || typesOf(slot.schema).includes('boolean'))
  )
    return false
  const isTold = (vocabularyOf(last.endpoint).get(action) ?? 0) >= STRONG
  return (
    last.endpoint.path.endsWith('}') &&
    body.length > 0 &&
    !isTold &&
    !last.bindings.some(({ slot }) => slot.in === 'body')
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
    many !== null || entities.some((entity) => isNumbered(entity) && stem(entity.before.at(-1) ?? '') === head)
  if (effect !== 'update' || !isTold || head === null || endpoint.effect === 'read') return false
  return ![...vocabularyOf(endpoint)].some(([word, weight]) => weight >= STRONG && relatedness(head, word) >= TOLD)
}
