import { blankQuotes, OPENS_TEXT } from './quotes.ts'

/** That something is to be done each time something happens, which no plan waits for. */
export type Event = {
  /** What the message says of it: "whenever a new order comes in". */
  said: string
  /** What it happens to: "order". */
  noun: string
  /** What is done then, to the one that `LATER` stands for: "add a note to order e7700711". */
  request: string
}

/** Stands for the id of a thing that nobody knows before it happens; as a number alone it could be taken for an amount. */
export const LATER = 'e7700711'

const EACH_TIME = String.raw`whenever|(?:every|each|any)\s*time(?:\s+that)?`
const AT_ONCE = String.raw`as\s+soon\s+as|when|once`
// Of a certain one, "when order 5 is paid", it is no event but a condition.
const SOME = String.raw`(?:an?|any|another|someone|somebody|anyone|anybody)\s`
const LEADS = new RegExp(
  String.raw`^\W*(?:please\s+)?((?:${EACH_TIME}|${AT_ONCE})\s+(${SOME}[^,;:]{3,120}?))\s*[,:]\s*(?:please\s+|then\s+)*(\S.*)$`,
  'isu',
)
const ENDS = new RegExp(
  String.raw`^(.*\S)\s*,?\s+((?:${EACH_TIME}|${AT_ONCE})\s+(${SOME}[^,;:?]{3,120}?))\s*[.!]*$`,
  'isu',
)
const QUESTION = /^\W*(?:how|what|which|who|whose|when|where|why|is|are|was|were|did|does|has)\b/iu
const NEW = String.raw`(?:(?:new|other|more)\s+)*`
// "An order comes in", "a support ticket is opened"; "someone places an order".
const HAPPENS_TO = new RegExp(
  String.raw`^(?:an?|any|another)\s+${NEW}(\p{L}[\p{L}-]*(?:\s+\p{L}[\p{L}-]*)?)\s+(?:is|are|was|gets?|has|\p{L}+s)\b`,
  'iu',
)
const DOES = new RegExp(
  String.raw`^(?:some|any)(?:one|body)\s+\p{L}+s(?:\s+\p{L}+)?\s+(?:an?|another)\s+${NEW}(\p{L}[\p{L}-]*)`,
  'iu',
)

/**
 * Reads that something is to be done each time something happens: "whenever an order is refunded, add a note to it". Null
 * for any other message, and where nobody says what it happens to. What stands in quotes is not read. Pure.
 */
export function readEvent(message: string): Event | null {
  const text = blankQuotes(message, '\uE010')
  const leads = LEADS.exec(text)
  const said = leads || QUESTION.test(text) ? null : ENDS.exec(text)
  const ends = said && !OPENS_TEXT.test(said[1] ?? '') ? said : null
  const [event = '', happens = ''] = leads ? leads.slice(1) : (ends?.slice(2) ?? [])
  const noun = nounOf(happens)
  if (noun === null) return null
  const deed = leads
    ? message.slice(message.length - (leads[3] ?? '').length)
    : message.slice(0, (ends?.[1] ?? '').length)
  return { said: event.trim(), noun, request: doneTo(noun, deed) }
}

function nounOf(happens: string): string | null {
  const [, noun = null] = HAPPENS_TO.exec(happens) ?? DOES.exec(happens) ?? []
  return noun?.toLowerCase() ?? null
}

// "The people on board": what is asked for is at an end.
const ENDS_THING = String.raw`(?:\s+(?:on|in)\s+\p{L}+)?(?=\s*[.!]*$)|(?=\s*[,;]|\s+(?:to|and|then|with|by)\b)`

/** What is done, with the thing by its id where it is spoken of first: "it", "its items", else "the customer", who is its own. */
function doneTo(noun: string, deed: string): string {
  const thing = `${noun} ${LATER}`
  const text = blankQuotes(deed, '\uE010')
  const named = String.raw`(?:the|that|this)\s+(?:new\s+)?${noun}(?!['’])`
  const back = new RegExp(String.raw`\b(?:(?:its|their|his)\s+(\p{L}+)|${named}|it|them|him|this|that)\b`, 'iu').exec(
    text,
  )
  const found = back ?? new RegExp(String.raw`\bthe\s+(\p{L}+(?:${ENDS_THING}))`, 'iu').exec(text)
  if (!found) return deed
  const whose = found[1] === undefined ? thing : `the ${found[1]} of ${thing}`
  return deed.slice(0, found.index) + whose + deed.slice(found.index + found[0].length)
}
