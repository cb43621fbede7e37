import { DETERMINERS } from './lexicon.ts'
import { isVerb } from './verbs.ts'

const PLEA = String.raw`(?:[Pp]lease|(?:[Cc]an|[Cc]ould|[Ww]ould|[Ww]ill) you(?: please)?)\s+`
// "The class is full, so please …", "…, so cancel …", "…, please …"; and the same in two sentences.
const REASON = new RegExp(String.raw`^\s*([^"“”;:!?\n]+?)(?:,\s+(?:and\s+)?(so\s+)?|\.\s+)(${PLEA})?(?=(\p{L}+))`, 'u')
const PLAIN_PLEASE = /"[^"]*"|“[^”]*”|,?\s+please(?=\s*(?:[.!?;,]|$))/giu
const NAME = String.raw`\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}`
const BE = String.raw`(?:(?:is|are|was|were|has|have|had)(?:n['’]t)?|arrived|left|came|went|got|looks|looked|paid|broke|changed|cancelled|called|moved|(?:ca|wo|do|does|did)n['’]t|cannot|can|needs|should)\b`
// Whom or what a reason is about: "Ada is ill", "order 12 was late", "the Saturday yoga class is full".
const SUBJECT = new RegExp(
  String.raw`^(?:(?:the|my|our|this)\s+(?:[\p{L}\p{N}'-]+\s+){0,4}?[\p{L}\p{N}#'-]+|\p{L}+\s+#?\p{L}{0,4}[-_]?\d[\w-]*|\p{L}{2,12}[-_]?(?=[\w-]*\d)[\w-]+|\p{L}+\s+${NAME}|${NAME})(?=\s+${BE})`,
  'iu',
)

// "I declined application 9 by mistake", "we've sold the old van": what somebody did something to.
const DONE_TO =
  /^(?:i|we)(?:['’]ve|\s+have)?\s+(?:(?:just|already|accidentally|mistakenly|wrongly)\s+)?(?:\p{L}+ed|gave|sold|lost|made|put|took|sent|bought|left|got|set|did|broke|wrote|chose)\s+((?:the|my|our|this|that)\s+(?:[\p{L}\p{N}'-]+\s+){0,3}?[\p{L}\p{N}#'-]+|\p{L}+\s+#?(?=[\w-]*\d)[\w-]+)(?=\s*$|\s+(?:away|out|over|back|up|down|off|live|by|in|to|for|at|on|from|yesterday|today|already|last|this|too|again)\b)/iu
const INTERJECTION =
  /^\s*(?:(?:oops|whoops|oh(?:\s+(?:no|dear))?|hey|hi|hello|ugh|argh|damn|well|ok(?:ay)?|yeah|yep|hmm|sorry)(?:\s+(?:there|all|team|guys|folks))?[,!.]+\s+)+/iu
// What a reason says that the request may need: an address, a number.
const VALUE = /\S@\S|\d{3,}/

/**
 * "Order 12 was late, so please cancel it" is "cancel order 12": why something is asked for asks for nothing, and what it is
 * about stands where it is pointed back at. A message that opens with a request is left as it is.
 */
export function withoutReasons(message: string): string {
  const opened = message.replace(INTERJECTION, '')
  // "Ok, I published the article" asks for nothing.
  const begun = /^(?:i|we)\b/i.test(opened) && !/[,.;]\s/.test(opened) ? message : opened
  const text = begun.replaceAll(PLAIN_PLEASE, (said) => (/^["“]/.test(said) ? said : ''))
  const found = REASON.exec(text)
  if (!found) return text
  const [whole, reason = '', so, please, word = ''] = found
  const asked = text.slice(whole.length)
  const pointsBack = OWNED.test(asked) || IT.test(asked)
  const subject = subjectOf(reason.trim())
  const isOrder = isVerb(word.toLowerCase()) || DOES_IT.test(asked)
  // "…, cancel it": without a "so" only where it is clear what "it" is.
  const isAsked = please !== undefined || (isOrder && (so !== undefined || (subject !== null && IT.test(asked))))
  if (!isAsked || word === 'that' || !isTold(reason)) return text
  if (pointsBack && subject !== null) {
    const request = pointedAt(asked, subject)
    return VALUE.test(reason.replace(subject, '')) ? `${reason}. ${request}` : request
  }
  // A sentence of its own may say more than why.
  if (so === undefined && !whole.includes(',')) return text
  return pointsBack ? `${reason}. ${asked}` : asked
}

// "Void it": what stands before "it" is a verb, known or not.
const DOES_IT =
  /^(?!(?:is|was|does|did|has|had|do|can|could|will|would|should|may|if|as|that|because|when|for|with|to|of|in|on|at|by|and|or|but)\b)\p{L}+\s+(?:it|them)\s*(?:$|[.!,;])/iu

/** What a sentence tells of: what it begins with, or what who says it did something to. */
function subjectOf(reason: string): string | null {
  // "The customer 5 has an order", "I moved task 5 to list 7": "it" may be either.
  if (HAS_ONE.test(reason) || (reason.match(NUMBERED)?.length ?? 0) > 1) return null
  const subject = SUBJECT.exec(reason)?.[0] ?? DONE_TO.exec(reason)?.[1] ?? null
  return subject === null || PRONOUN.test(subject) ? null : subject
}

const HAS_ONE = /\b(?:has|have|had|got)\s+(?:an?|one|two|three|some|several|\d+)\b/i
const NUMBERED = /(?<![\p{L}\p{N}-])#?(?=[\w-]*\d)[\w-]+/gu
const PRONOUN = /^(?:i|we|he|she|it|they|you|there|this|that|these|those)$/i

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
  /\b(?:it|them|him|her)(?=\s*(?:$|[.,;!?]|\s(?:the|an?|some|my|our|and|to|from|in|into|on|off|out|up|down|back|again|there|live|with|for|by|at|as|today|tomorrow|now)\b))/iu
const PERSON = new RegExp(String.raw`^${NAME}$`, 'u')

/** A request in which what points back says what it points at: "cancel it", "all his tasks", "its waiting list". */
function pointedAt(asked: string, subject: string): string {
  const thing = /^(?:the|my|our|this)\s/i.test(subject) ? subject.charAt(0).toLowerCase() + subject.slice(1) : subject
  const owned = OWNED.exec(asked)
  if (!owned) return asked.replace(IT, () => thing)
  const said = PERSON.test(subject) ? `${subject}'s ${owned[1]}` : `the ${owned[1]} of ${thing}`
  return asked.slice(0, owned.index) + said + asked.slice(owned.index + owned[0].length)
}
