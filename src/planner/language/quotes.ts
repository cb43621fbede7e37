// An apostrophe opens no quotes: "Ada's friends' posts".
const QUOTES = String.raw`"[^"]*"|(?<![\p{L}\p{N}])'[^'\s](?:[^']|(?<=\p{L})'(?=\p{L}))*'(?!\w)`
const QUOTED = new RegExp(QUOTES, 'gu')
const QUOTED_ALONE = new RegExp(`^(?:${QUOTES})$`, 'u')
const SET_APART = new RegExp(String.raw`${QUOTES}|\([^()]*\)`, 'gu')
const PARTS = new RegExp(`(${QUOTES})`, 'u')

/** What stands for a value in a text that `hideValues` has gone through, before and behind its number. */
export const HIDDEN = '\uE000'

/** A text with quotes as they are typed, by which alone the rest knows them. */
export function withStraightQuotes(text: string): string {
  return text.replaceAll(/[‘’]/g, "'").replaceAll(/[“”]/g, '"')
}

/** Rewrites what a text says itself: what stands in (straight) quotes is a value, and stays as it is. */
export function outsideQuotes(text: string, rewrite: (part: string) => string): string {
  return text
    .split(PARTS)
    .map((part) => (part === '' || QUOTED_ALONE.test(part) ? part : rewrite(part)))
    .join('')
}

/** A text in which `sign` stands for each character in quotes, so that places in it are those in the text. */
export function blankQuotes(text: string, sign = ' '): string {
  return text.replaceAll(QUOTED, (said) => sign.repeat(said.length))
}

/** A text without what stands in quotes or brackets, which joins and parts nothing, and how to put that back. */
export function hideValues(text: string): { hidden: string; restore: (part: string) => string } {
  const kept: string[] = []
  const hidden = text.replaceAll(SET_APART, (match) => `${HIDDEN}${kept.push(match) - 1}${HIDDEN}`)
  return { hidden, restore: (part) => part.replaceAll(/\uE000(\d+)\uE000/g, (_, at: string) => kept[Number(at)] ?? '') }
}

/** What begins a text that is a value without quotes: "a note: call Ada", "a message saying that we are late". */
export const OPENS_TEXT =
  /\S:\s+\S|\b(?:saying|that\s+says?|which\s+says?|with\s+the\s+(?:text|message|note|title)|called|named|titled|tell(?:ing)?\s+\S+\s+that)\b/iu
