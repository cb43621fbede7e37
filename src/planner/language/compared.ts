// Words with nothing optional between them: there is one way to read each text, however long it goes on.
const NAME = String.raw`(?:"[^"]+"|'[^']+'|\S+(?:\s+\S+){0,7})`
const NOUN = String.raw`\p{Ll}+(?:\s+\p{Ll}+)?`
const EITHER = String.raw`(${NAME})\s+or\s+(${NAME})`

/** What more of something is asked by, and how the same is asked of one thing. */
const DEGREES: readonly (readonly [more: string, plain: string])[] = [
  ['older|younger', 'old'],
  ['longer|shorter', 'long'],
  ['taller|smaller', 'tall'],
  ['heavier|lighter', 'heavy'],
  ['bigger|larger', 'big'],
  ['cheaper|pricier|dearer|(?:more|less) expensive', 'expensive'],
  ['(?:more|less) popular', 'popular'],
  ['better|worse|(?:better|higher|worse|lower)[- ]rated', 'good'],
]
const MORE = DEGREES.map(([more]) => more).join('|')

const VERSUS = new RegExp(
  String.raw`^\s*(${NAME})\s+(?:versus|vs\.?|or)\s+(${NAME})\s*[,:;-]\s*((?:which|who|what)\s.+?)[?.!\s]*$`,
  'u',
)
const WHICH_IS = new RegExp(
  String.raw`^\s*(?:which|what|who)(?:\s+(${NOUN}))??\s+(?:is|was|are|were)\s+(${MORE})[\s,:-]+${EITHER}[?.!\s]*$`,
  'iu',
)
const WHICH_HAS = new RegExp(
  String.raw`^\s*(?:which|what|who)(?:\s+(${NOUN}))??\s+(?:has|have|had|got)\s+(?:(?:an?|the)\s+)?(?:higher|lower|more|fewer|less|bigger|larger|smaller|longer|shorter|better)\s+(${NOUN})[\s,:-]+${EITHER}[?.!\s]*$`,
  'iu',
)
const THAN = new RegExp(String.raw`^\s*(?:is|was|are|were)\s+(${NAME})\s+(${MORE})\s+than\s+(${NAME})[?.!\s]*$`, 'iu')
const COMPARE = new RegExp(
  String.raw`^\s*compare\s+(?:the\s+)?(${NOUN})\s+of\s+(${NAME})\s+(?:and|with|to|versus)\s+(?:(?:that|the\s+\1)\s+of\s+)?(${NAME})[?.!\s]*$`,
  'iu',
)

// What is longer compares more than two things.
const LONGEST = 200

/**
 * "Which film is longer, Jaws or Alien?" as the same asked of both, "how long are the films Jaws and Alien": what they have is
 * shown, and whoever asks compares it. A message that compares no two things stays as it is.
 */
export function ofBoth(message: string): string {
  if (message.length > LONGEST) return message
  const [, one = '', other = '', question = ''] = VERSUS.exec(message) ?? []
  const text = question === '' ? message : `${question}, ${one} or ${other}`
  const is = WHICH_IS.exec(text)
  if (is) return howMuch(is[2] ?? '', both(is[1], is[3], is[4]))
  const has = WHICH_HAS.exec(text)
  if (has) return `show the ${has[2]} of ${both(has[1], has[3], has[4])}`
  const than = THAN.exec(text)
  if (than) return howMuch(than[2] ?? '', both(undefined, than[1], than[3]))
  const compare = COMPARE.exec(text)
  return compare ? `show the ${compare[1]} of ${both(undefined, compare[2], compare[3])}` : message
}

function howMuch(more: string, things: string): string {
  const degree = DEGREES.find(([said]) => new RegExp(`^(?:${said})$`, 'i').test(more))
  return `how ${degree?.[1] ?? more} are ${things}`
}

function both(noun: string | undefined, one = '', other = ''): string {
  return `${noun === undefined ? '' : `the ${noun}s `}${one} and ${other}`
}
