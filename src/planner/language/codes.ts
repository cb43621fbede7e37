import { singular, words } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'

type Category = 'language' | 'currency' | 'region'

const CATEGORY_WORDS: Readonly<Record<string, Category>> = {
  language: 'language',
  lang: 'language',
  locale: 'language',
  currency: 'currency',
  country: 'region',
  nation: 'region',
}

/**
 * The code of a language, currency or country that a slot asks for and a text names, by the names of CLDR; else null. The
 * name is what to write where a slot does not say that it wants codes; of a currency it is the code, which all know it by.
 */
export function codeOf(slot: Slot, text: string): { code: string; name: string } | null {
  const category = categoryOf(slot)
  if (!category) return null
  const name = text.toLowerCase()
  const code = namesOf(category).get(name) ?? namesOf(category).get(singular(name))
  return code === undefined ? null : { code, name: category === 'currency' ? code : text }
}

/** What a slot's name says it takes, or the opening of its description. */
function categoryOf(slot: Slot): Category | undefined {
  const said = [...slot.words, ...words(slot.description).slice(0, 8).map(singular)]
  return said.map((word) => CATEGORY_WORDS[word]).find((found) => found !== undefined)
}

const known = new Map<Category, ReadonlyMap<string, string>>()

function namesOf(category: Category): ReadonlyMap<string, string> {
  let names = known.get(category)
  if (!names) known.set(category, (names = new Map(readNames(category))))
  return names
}

function* readNames(category: Category): Generator<readonly [name: string, code: string]> {
  const display = new Intl.DisplayNames('en', { type: category, fallback: 'none' })
  for (const code of codes(category)) {
    const name = display.of(code)
    if (name === undefined) continue
    yield [name.toLowerCase(), code]
    if (category === 'currency') yield [code.toLowerCase(), code]
  }
  if (category === 'currency') yield* SHORT_NAMES
}

// What people say of the currencies that CLDR names with their country.
const SHORT_NAMES: readonly (readonly [name: string, code: string])[] = [
  ['dollar', 'USD'],
  ['pound', 'GBP'],
  ['pound sterling', 'GBP'],
  ['yen', 'JPY'],
  ['yuan', 'CNY'],
  ['rupee', 'INR'],
  ['franc', 'CHF'],
]

function codes(category: Category): readonly string[] {
  if (category === 'currency') return Intl.supportedValuesOf('currency')
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const pairs = letters.flatMap((first) => letters.map((second) => first + second))
  return category === 'language' ? pairs : pairs.map((pair) => pair.toUpperCase())
}

/** Whether a slot wants a code of two or three letters rather than a name. */
export function wantsCode({ schema, words: named, description }: Slot): boolean {
  const { maxLength, example, pattern } = schema
  return (
    (typeof maxLength === 'number' && maxLength <= 3) ||
    (typeof example === 'string' && /^[A-Za-z]{2,3}$/.test(example)) ||
    (typeof pattern === 'string' && /\{[23]\}/.test(pattern)) ||
    named.includes('code') ||
    /\bISO\b|\bcodes?\b/.test(description)
  )
}
