import { words } from '../../lib/words.ts'
import { DETERMINERS, FUNCTION_WORDS, QUESTION_WORDS } from './lexicon.ts'
import { isVerb } from './verbs.ts'

const NAME = String.raw`\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}`
const ID = String.raw`#?(?=[\p{L}\p{N}_-]*\d)[\p{L}\p{N}_-]+`
// Ada, "customer 5", INV-7, "the customer Ada".
const SUBJECT = String.raw`(?<subject>(?:(?:[Tt]he|[Mm]y|[Oo]ur)\s+)?(?:(?!(?:the|my|our|is|was|are|were|what|which|who|when|where|how|if|and)\b)\p{Ll}+\s+){0,2}(?:${ID}|${NAME}))`
const FIELD = String.raw`(?<field>(?!one\b)[\p{Ll}-]+(?:\s+(?!(?:is|are)\b)[\p{Ll}-]+){0,2}?)`
const VALUE = String.raw`(?<value>\S[^;!?\n]*?)\s*\.?\s*$`
// "Her new address is …", "her address is now …", "… changed to …"; that it is so without either is no news.
const IS = String.raw`(?<news>new\s+)?${FIELD}\s+(?<verb>is(?:\s+now)?|(?:has\s+)?changed\s+to)\s+${VALUE}`
const FORMS = [
  // "Ada's new address is …".
  new RegExp(String.raw`^\s*${SUBJECT}(?:'s|(?<=s)')\s+${IS}`, 'u'),
  // "Ada moved, her new address is …".
  new RegExp(
    String.raw`^\s*${SUBJECT}\s+(?:has\s+|have\s+|just\s+)*(?:moved|relocated|married|divorced|(?:changed|switched|got)\s+\p{Ll}+)(?:\s+\p{Ll}+){0,3}(?:\s*[,.:-]|\s+and)\s+(?:(?:the|his|her|their|its)\s+)?${IS}`,
    'u',
  ),
  // "The new address of Ada is …".
  new RegExp(
    String.raw`^\s*(?:[Tt]he\s+)?(?<news>[Nn]ew\s+)?${FIELD}\s+(?:of|for)\s+${SUBJECT}\s+(?<verb>is(?:\s+now)?|(?:has\s+)?changed\s+to)\s+${VALUE}`,
    'u',
  ),
  // "Ada has a new address: …".
  new RegExp(
    String.raw`^\s*${SUBJECT}\s+(?:has|got|has got|'s got)\s+a\s+(?<news>new\s+)${FIELD}(?:\s*[:,]|,?\s+(?:it's|it\s+is|which\s+is))\s+${VALUE}`,
    'u',
  ),
]
// "Make Ada the head of it", "make Ada its head": nothing is made.
const MADE = new RegExp(
  String.raw`(^|[.;,]\s+|\b(?:and|then)\s+)[Mm]ake\s+(${NAME}|\p{Ll}+\s+#?[\w-]*\d[\w-]*)\s+(?:the\s+(\p{Ll}+(?:\s+\p{Ll}+)?)\s+of\s+(?=\S)|(its|his|her|their)\s+(\p{Ll}+(?:\s+\p{Ll}+)?)(?=\s*(?:$|[.,;])))((?:it|them|${NAME}|(?:the\s+)?\p{Ll}+(?:\s+\p{Ll}+)?\s+#?[\w-]*\d[\w-]*)?)(?=\s*(?:$|[.,;!?\n]|\s(?:and|then)\s))`,
  'gu',
)

// What is told so is told in a sentence or two.
const LONGEST = 500
// What has to stand in quotes to be one value: with a comma in it, or the number of a house.
const LOOSE = /,\s|^\d+\p{L}?\s+\p{Lu}/u

// A value of several words, or with something said of it, is not just that.
const GOES_ON =
  /,\s+\p{Ll}|,\s+I\b|\.\s|^(?:on|in|at|off|out|not|also|too|a|an)\s|\b(?:by|for|in|last|without|at|ill|sick|reached|low|high|broken|failed|free|full|and|or|but|until|since|because|if|below|above|under|over|less|more|about|around|between|yesterday|today|tomorrow|again|wrong|invalid|correct|please)\b/u

/** Whether words name a field: "phone number", and not "check the status", "why the price". */
function isField(field: string): boolean {
  const [first = '', ...more] = words(field)
  const opens = QUESTION_WORDS.has(first) || FUNCTION_WORDS.has(first) || TELLING.has(first)
  return !opens && more.every((word) => !QUESTION_WORDS.has(word)) && (!isVerb(first) || FIELDS.has(first))
}

/** Whether words name one thing, and do not ask for something: "order 5", and not "cancel order 5". */
function isThing(subject: string): boolean {
  const small = subject.split(/\s+/).filter((word) => /^\p{Ll}+$/u.test(word))
  const first = small.find((word) => !DETERMINERS.has(word)) ?? ''
  return (
    !/^(?:please|so|ok|and|when|once|if|after|before|until|while|that|whether)$/i.test(small[0] ?? '') &&
    (small.length < 2 || !isVerb(first))
  )
}

const TELLING = new Set(
  'check verify confirm ensure show see tell find report list wait once after before until that whether make sure say'.split(
    ' ',
  ),
)
// Verbs elsewhere.
const FIELDS = new Set(
  'email mail phone address name title status price rate limit order note state schedule quote contact'.split(' '),
)

/**
 * "Ada moved, her new address is 4 Hill Road" said as "change the address of Ada to …": what somebody tells has changed is to be
 * written down. `message` has straight quotes.
 */
export function withNewValues(message: string): string {
  if (message.length > LONGEST) return message
  for (const form of FORMS) {
    const { subject, field, news, verb, value = '' } = form.exec(message)?.groups ?? {}
    if (subject === undefined || field === undefined || (news === undefined && verb === 'is')) continue
    if (!isField(field) || !isThing(subject) || GOES_ON.test(value)) continue
    const isLoose = LOOSE.test(value) || (/\s/.test(value) && !/\d/.test(value))
    const said = isLoose && !value.includes('"') ? `"${value}"` : value
    return `change the ${field} of ${subject} to ${said}`
  }
  return message.replaceAll(
    MADE,
    (_, before: string, name: string, field: string | undefined, whose: string, own: string, thing: string) =>
      field === undefined
        ? `${before}set ${whose} ${own} to ${name}`
        : `${before}set the ${field} of ${thing.trim()} to ${name}`,
  )
}
