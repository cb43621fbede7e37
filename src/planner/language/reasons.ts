import { DETERMINERS } from './lexicon.ts'
import { blankQuotes, outsideQuotes } from './quotes.ts'
import { toldOf } from './told-subjects.ts'
import { isVerb } from './verbs.ts'

const BLANK = '\uE005'
const PLEA = String.raw`(?:[Pp]lease|(?:[Cc]an|[Cc]ould|[Ww]ould|[Ww]ill) you(?: please)?)\s+`
// "The class is full, so please …", "…, so cancel …", "…, please …"; and the same in two sentences.
const REASON = new RegExp(String.raw`^\s*([^";:!?\n]+?)(?:,\s+(?:and\s+)?(so\s+)?|\.\s+)(${PLEA})?(?=(\p{L}+))`, 'u')
const PLAIN_PLEASE = /,?\s+please(?=\s*(?:[.!?;,]|$))/giu
// "Ada", as what is said of her is asked for.
const PERSON = /^\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}$/u
const INTERJECTION =
  /^\s*(?:(?:oops|whoops|oh(?:\s+(?:no|dear))?|hey|hi|hello|ugh|argh|damn|well|ok(?:ay)?|yeah|yep|hmm|sorry)(?:\s+(?:there|all|team|guys|folks))?[,!.]+\s+)+/iu
// What a reason says that the request may need: an address, a telephone number.
const VALUE = /\S@\S|(?<![\w-])(?:\+?\d{6,}|\d{3}-\d{4})(?![\w-])/

/**
 * "Order 12 was late, so please cancel it" is "cancel order 12": why something is asked for asks for nothing, and what it is
 * about stands where it is pointed back at. A message that opens with a request is left as it is.
 */
export function withoutReasons(message: string): string {
  const opened = withReasonNamed(message.replace(INTERJECTION, ''))
  // "Ok, I published the article" asks for nothing.
  const begun = /^(?:i|we)\b/i.test(opened) && !/[,.;]\s/.test(opened) ? message : opened
  const text = outsideQuotes(begun, (part) => part.replaceAll(PLAIN_PLEASE, ''))
  const found = REASON.exec(text)
  if (!found) return text
  const [whole, reason = '', so, please, word = ''] = found
  const asked = text.slice(whole.length)
  const told = toldOf(reason.trim())
  // What somebody writes points at nothing.
  const plain = blankQuotes(asked, BLANK)
  // "It" is nobody.
  const subject = IT.test(plain) || /\bits\b/i.test(plain) ? told.thing : (told.person ?? told.thing)
  const pointsBack = OWNED.test(plain) || BACK.test(plain)
  const isOrder = isVerb(word.toLowerCase()) || DOES_IT.test(asked)
  // "…, cancel it": without a "so" only where it is clear what "it" is.
  const isAsked = please !== undefined || (isOrder && (so !== undefined || (subject !== null && pointsBack)))
  if (!isAsked || word === 'that' || !isTold(reason)) return text
  if (pointsBack && subject !== null) {
    const request = pointedAt(asked, subject)
    return VALUE.test(reason.replace(subject, '')) ? `${reason}. ${request}` : request
  }
  // A sentence of its own may say more than why.
  if (so === undefined && !whole.includes(',')) return text
  return pointsBack ? `${reason}. ${asked}` : asked
}

// What somebody adds behind what they want ended: no value, and nothing that is asked for as well.
const ADDED =
  /^(\s*(?:please\s+)?(\p{L}+)\s[^.;!?"\n]*?),\s+((?:(?:nobody|no one|everybody|everyone|somebody|someone)\s+\p{Ll}{3,}(?:s|ed)\b|(?:he|she|it|they|we|i|nobody|no one)(?:'(?:s|re|m|ve)|\s+(?:is|are|was|were|has|have|had|did|do|does|just|no longer|\p{L}{3,}ed)\b)|(?:the|my|our)\s+\p{Ll}+(?:\s+\p{Ll}+)?\s+(?:changed|has|have|had|left|forgot|lost|broke|went|no longer|(?:does|did|do) not|(?:doesn|didn|don)'t)\b)(?:(?!\b(?:and|then|so|or|but)\b)[^,.;!?"@\d\n])*)([.!]*)\s*$/iu
// Of what is ended people say why; where something is set or made, what they add may be its value.
const ENDS_IT =
  /^(?:cancel|stop|delete|remove|end|close|void|reject|decline|refuse|archive|deactivate|disable|suspend|pause|block|ban|kill|drop|terminate|revoke|withdraw|call|hold|return|unassign|unpublish)$/i

/** "Stop order 5, he is ill": what is added to a request only tells why. */
function withReasonNamed(message: string): string {
  if (message.length > LONGEST) return message
  const [, request = '', verb = '', added = '', end = ''] = ADDED.exec(message) ?? []
  return ENDS_IT.test(verb) ? `${request} because ${added}${end}` : message
}

const LONGEST = 500

// "Void it": what stands before "it" is a verb, known or not.
const DOES_IT =
  /^(?!(?:is|was|does|did|has|had|do|can|could|will|would|should|may|if|as|that|because|when|for|with|to|of|in|on|at|by|and|or|but)\b)\p{L}+\s+(?:it|them)\s*(?:$|[.!,;])/iu

/** Whether a sentence tells how things are, and asks for nothing: it has a subject before its verb. */
function isTold(sentence: string): boolean {
  const [first = '', second = ''] = sentence.trim().split(/\s+/)
  const opening = first.toLowerCase()
  if (
    /^(?:i|we|he|she|it|they|there|you|nobody|everybody|everyone|somebody|someone)$|^(?:i|we|he|she|it|they|there)['’]/i.test(
      first,
    )
  )
    return !/^\s*(?:i|we)\s+(?:need|want|would|'d|’d)\b/i.test(sentence)
  const { person, thing } = toldOf(sentence.trim())
  if (person !== null || thing !== null) return true
  return DETERMINERS.has(opening) && !isVerb(opening) && second !== ''
}

// What somebody or something has: up to where what is said goes on.
const OWNED =
  /\b(?:his|her|their|its)\s+(?!(?:the|an?|some|any|all|this|that|my|our|your)\b)(\p{L}+(?:\s+\p{L}+)??)(?=\s*(?:$|[.,;!?]|\s(?:and|to|from|in|into|on|off|with|for|by|at|as|today|tomorrow|now)\b))/iu
// What may stand behind a pronoun that is not followed by what it belongs to.
const ENDS = String.raw`(?=\s*(?:$|[.,;!?]|\s(?:the|an?|some|my|our|and|to|from|in|into|on|off|out|up|down|back|again|there|live|with|for|by|at|as|today|tomorrow|now)\b|\s${BLANK}))`
const BACK = new RegExp(String.raw`\b(?:it|them|him|her)${ENDS}`, 'iu')
const IT = new RegExp(String.raw`\bit${ENDS}`, 'iu')

/** A request in which what points back says what it points at: "cancel it", "all his tasks", "its waiting list". */
function pointedAt(asked: string, subject: string): string {
  const thing = /^(?:the|my|our|this)\s/i.test(subject) ? subject.charAt(0).toLowerCase() + subject.slice(1) : subject
  // What somebody writes points at nothing.
  const plain = blankQuotes(asked, BLANK)
  const owned = OWNED.exec(plain)
  const back = owned ?? BACK.exec(plain)
  if (!back) return asked
  if (!owned) return asked.slice(0, back.index) + thing + asked.slice(back.index + back[0].length)
  const said = PERSON.test(subject) ? `${subject}'s ${owned[1]}` : `the ${owned[1]} of ${thing}`
  return asked.slice(0, owned.index) + said + asked.slice(owned.index + owned[0].length)
}
