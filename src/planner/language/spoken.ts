import { singular, words } from '../../lib/words.ts'

/** Whether a text of words between spaces has them all beside each other, as they are or in the plural. */
export function speaksOf(spoken: string, wanted: readonly string[]): boolean {
  return wanted.length > 0 && spoken.includes(` ${wanted.map(singular).join(' ')} `)
}

/** A text as words, singular, each between spaces. */
export function asSpoken(text: string): string {
  return ` ${words(text).map(singular).join(' ')} `
}
