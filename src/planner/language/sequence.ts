/** A part of a message; `precedes` says that it is told behind what it is done before. */
export type Sequenced = { text: string; precedes?: boolean }

// "First, show it": what a sentence that opens like this asks for is done before what was told already.
const FIRST =
  /^\s*(?:please\s+)?(?:(?:first(?:ly| of all)?|beforehand|(?:before|prior to) (?:that|this|doing so))\b|(?:this|the)\s+(?:[\p{L}-]+\s+)?(?:workflow|process|flow|procedure|automation)\s+first\s)/iu
const WHO = String.raw`(?:(?:you|i|we)\s+)`
const LEADING = new RegExp(
  String.raw`^\s*(?:please\s+)?(?:before|prior to)\s+${WHO}?(\p{L}+\s[^,]+),\s*(?=\p{L})`,
  'iu',
)
const TRAILING = [
  { pattern: new RegExp(String.raw`^(.+?),?\s+before\s+${WHO}(.+)$`, 'isu'), isSooner: false },
  {
    pattern: new RegExp(
      String.raw`^(.+?),?\s+(?:(?:after|once)\s+${WHO}(?:have\s+)?|after\s+(?=\p{L}+ing\s))(.+)$`,
      'isu',
    ),
    isSooner: true,
  },
  { pattern: /^(.+?),?\s+(?:but|and)\s+(?:first|before that|beforehand),?\s+(.+)$/isu, isSooner: true },
]

// "The ships that sank after leaving": what follows tells of the ships.
const RELATIVE = /\b(?:that|which|who|whose)\s[^,]*$/i

/** Sentences in the order in which they are to be done: one that opens with "first" goes before what was told already. */
export function sentencesInOrder<S extends { said: string }>(sentences: readonly S[]): (S & { precedes?: boolean })[] {
  return sentences.reduce<(S & { precedes?: boolean })[]>(
    (ordered, sentence) =>
      ordered.length > 0 && FIRST.test(sentence.said)
        ? [{ ...sentence, precedes: true }, ...ordered]
        : [...ordered, sentence],
    [],
  )
}

/**
 * Takes a sentence apart at "before", "after" and "but first", in the order in which its parts are to be done: "before you
 * delete it, show it", "delete it after exporting it". `baseOf` gives the base form of a verb and null for any other word,
 * `isOrder` knows what asks for something. Pure.
 */
export function splitSequence(
  text: string,
  baseOf: (word: string) => string | null,
  isOrder: (text: string) => boolean,
): Sequenced[] {
  const [whole, later = ''] = LEADING.exec(text) ?? []
  if (whole !== undefined) {
    const sooner = text.slice(whole.length)
    const last = asOrder(later, baseOf)
    if (last !== null && isOrder(sooner)) return [{ text: sooner, precedes: true }, { text: last }]
  }
  for (const { pattern, isSooner } of TRAILING) {
    const [, one = '', other = ''] = pattern.exec(text) ?? []
    const told = asOrder(other, baseOf)
    if (told === null || !isOrder(one) || RELATIVE.test(one)) continue
    return isSooner ? [{ text: told, precedes: true }, { text: one }] : [{ text: one }, { text: told }]
  }
  return [{ text }]
}

/** A text that begins with a verb as one that asks for it: "deleting the file" → "delete the file"; null for any other. */
function asOrder(text: string, baseOf: (word: string) => string | null): string | null {
  const [word = ''] = /^\p{L}+(?=\s)/u.exec(text) ?? []
  const base = baseOf(word)
  return base === null ? null : `${base}${text.slice(word.length)}`
}
