/**
 * A text as lower-case words: camelCase, snake_case, kebab-case and paths fall apart at their joints, accents go.
 * `GET /orders/{orderId}` → get, orders, order, id.
 */
export function words(text: string): string[] {
  return (
    withoutAccents(text)
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

function withoutAccents(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')
}

const ENDING_IN_IE = new Set(
  'movies cookies calories zombies selfies rookies brownies hoodies smoothies prairies sorties veggies ties pies'.split(
    ' ',
  ),
)
const ALIKE_IN_PLURAL = new Set(['series', 'species', 'news'])
const IRREGULAR = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['salesmen', 'salesman'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['indices', 'index'],
  ['matrices', 'matrix'],
  ['vertices', 'vertex'],
  ['criteria', 'criterion'],
  ['phenomena', 'phenomenon'],
])

/** The singular of an English noun by its ending; a word it does not know comes back as it is. */
export function singular(word: string): string {
  if (ENDING_IN_IE.has(word)) return word.slice(0, -1)
  if (ALIKE_IN_PLURAL.has(word)) return word
  const irregular = IRREGULAR.get(word)
  if (irregular !== undefined) return irregular
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1)
  return word
}

/** The plural of an English noun by its ending. */
export function plural(noun: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(noun)) return `${noun}es`
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** A text in the form of a slug: lower-case words joined by hyphens, at most `max` characters; `fallback` when nothing is left. */
export function slugify(text: string, fallback: string, max = 48): string {
  const slug = words(text).join('-').slice(0, max).replace(/-+$/, '')
  return slug === '' ? fallback : slug
}
