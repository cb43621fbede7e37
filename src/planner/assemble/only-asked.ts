import type { Endpoint } from '../../catalog/service.ts'
import { singular } from '../../lib/words.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import type { Clause } from '../understand/clause.ts'

/** Whether a text asks what, which or how: who asks that sends nothing to anybody. */
export function isQuestion(text: string): boolean {
  return QUESTION.test(text)
}

const QUESTION = /^\s*(?:what|which|who|whose|when|where|how)\b/i
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
export function isChangedByAsking({ text }: Clause, { method, path, effect }: Endpoint): boolean {
  if (effect === 'read' || HOW_TO.test(text)) return false
  if (ASKS_OF_THEN.test(text)) return true
  if (MAY_I.test(text)) return IRREVERSIBLE.has(effect) || /\bcancel/i.test(text)
  const isHow = HOW_IT_IS.test(text)
  if (!isHow && !isQuestion(text)) return false
  // Into what holds many of a kind one more is put.
  const last = path.split('/').at(-1) ?? ''
  const isStored = isHow && singular(last) !== last
  return method !== 'POST' || effect !== 'create' || path.includes('{') || isStored
}
