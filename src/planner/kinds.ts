import { stem } from '../lib/stem.ts'
import { categoriesOf } from './codes.ts'
import type { Entity } from './entities.ts'

const stems = (list: string): readonly string[] => list.split(' ').map(stem)

const EMAIL = stems('email mail')
const URL = stems('url uri link website site page')
const DATE = stems('date day time from to start end since until due period year month')
const ADDRESS = stems('ip address host')
const PHONE = stems('phone telephone mobile number sms')
const CATEGORIES = {
  language: stems('language lang locale'),
  currency: stems('currency exchange'),
  region: stems('country nation region'),
}
const IP = /^\d{1,3}(?:\.\d{1,3}){3}/
const DIGITS = /^\+?[\d() .-]{8,}$/

/** What parameters are called that take such values, as stems for each value whose making tells: an address, a date, a language. */
export function kindsOf(entities: readonly Entity[]): (readonly string[])[] {
  return entities.flatMap(({ kind, text, currency }) => {
    if (kind === 'email') return [EMAIL]
    if (kind === 'url') return [URL]
    if (kind === 'date') return [DATE]
    if (currency !== null) return [CATEGORIES.currency]
    if (kind === 'id') return IP.test(text) ? [ADDRESS] : DIGITS.test(text) ? [PHONE] : []
    return kind === 'name' || kind === 'quoted' ? categoriesOf(text).map((category) => CATEGORIES[category]) : []
  })
}
