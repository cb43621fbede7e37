import { DETERMINERS } from './lexicon.ts'
import { isVerb } from './verbs.ts'

const PLEA = String.raw`(?:[Pp]lease|(?:[Cc]an|[Cc]ould|[Ww]ould|[Ww]ill) you(?: please)?)\s+`
// "The class is full, so please …", "…, so cancel …", "…, please …"; and the same in two sentences.
const REASON = new RegExp(String.raw`^\s*([^"“”;:!?\n]+?)(?:,\s+(?:and\s+)?(so\s+)?|\.\s+)(${PLEA})?(?=(\p{L}+))`, 'u')
const PLAIN_PLEASE = /"[^"]*"|“[^”]*”|,?\s+please(?=\s*(?:[.!?;,]|$))/giu
const NAME = String.raw`\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}`
const BE = String.raw`(?:is|are|was|were|has|have|had|arrived|left|came|went|got|looks|looked|paid|broke|changed|cancelled|called)\b`
// Whom or what a reason is about: "Ada is ill", "order 12 was late", "the Saturday yoga class is full".
const SUBJECT = new RegExp(
  String.raw`^(?:(?:the|my|our|this)\s+(?:[\p{L}\p{N}'-]+\s+){0,4}?[\p{L}\p{N}#'-]+|\p{L}+\s+#?\p{L}{0,4}[-_]?\d[\w-]*|\p{L}+\s+${NAME}|${NAME})(?=\s+${BE})`,
  'iu',
)

/**
 * "Order 12 was late, so please cancel it" is "cancel order 12": why something is asked for asks for nothing, and what it is
 * about stands where it is pointed back at. A message that opens with a request is left as it is.
 */
export function withoutReasons(message: string): string {
  const text = message.replaceAll(PLAIN_PLEASE, (said) => (/^["“]/.test(said) ? said : ''))
  const found = REASON.exec(text)
  if (!found) return text
  const [whole, reason = '', so, please, word = ''] = found
  const isAsked = please !== undefined || (so !== undefined && isVerb(word.toLowerCase()))
  if (!isAsked || word === 'that' || !isTold(reason)) return text
  const asked = text.slice(whole.length)
  const [subject] = SUBJECT.exec(reason.trim()) ?? []
  const pointsBack = OWNED.test(asked) || IT.test(asked)
  if (pointsBack && subject !== undefined) return pointedAt(asked, subject)
  // A sentence of its own may say more than why.
  if (so === undefined && !whole.includes(',')) return text
  return pointsBack ? `${reason}. ${asked}` : asked
}

/** Whether a sentence tells how things are, and asks for nothing: it has a subject before its verb. */
function isTold(sentence: string): boolean {
  const [first = '', second = ''] = sentence.trim().split(/\s+/)
  const opening = first.toLowerCase()
  if (/^(?:i|we|he|she|it|they|there|you)$|^(?:i|we|he|she|it|they|there)['’]/i.test(first))
    return !/^\s*(?:i|we)\s+(?:need|want|would|'d|’d)\b/i.test(sentence)
  if (SUBJECT.test(sentence.trim())) return true
  return DETERMINERS.has(opening) && !isVerb(opening) && second !== ''
}

// What somebody or something has: up to where what is said goes on.
const OWNED =
  /\b(?:his|her|their|its)\s+(?!(?:the|an?|some|any|all|this|that|my|our|your)\b)(\p{L}+(?:\s+\p{L}+)??)(?=\s*(?:$|[.,;!?]|\s(?:and|to|from|in|into|on|off|with|for|by|at|as|today|tomorrow|now)\b))/iu
const IT =
  /\b(?:it|them|him|her)(?=\s*(?:$|[.,;!?]|\s(?:the|an?|some|my|our|and|to|from|in|into|on|off|with|for|by|at|as|today|tomorrow|now)\b))/iu
const PERSON = new RegExp(String.raw`^${NAME}$`, 'u')

/** A request in which what points back says what it points at: "cancel it", "all his tasks", "its waiting list". */
function pointedAt(asked: string, subject: string): string {
  const thing = /^(?:the|my|our|this)\s/i.test(subject) ? subject.charAt(0).toLowerCase() + subject.slice(1) : subject
  const owned = OWNED.exec(asked)
  if (!owned) return asked.replace(IT, () => thing)
  const said = PERSON.test(subject) ? `${subject}'s ${owned[1]}` : `the ${owned[1]} of ${thing}`
  return asked.slice(0, owned.index) + said + asked.slice(owned.index + owned[0].length)
}
