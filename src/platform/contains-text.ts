import { sql, type SQL } from 'drizzle-orm'

// A statement binds up to a hundred values, and each letter takes two.
const MAX_LETTERS = 20

/**
 * Whether a text has another in it, in whatever case. SQLite knows the case of ASCII letters alone: the other letters that
 * are looked for are put into small ones in the text first.
 */
export function containsText(text: SQL, wanted: string): SQL {
  const small = wanted.toLowerCase()
  const letters = [...new Set(small)].filter((letter) => letter > '\u007F' && letter.toUpperCase() !== letter)
  const folded = letters
    .slice(0, MAX_LETTERS)
    .reduce((inner, letter) => sql`replace(${inner}, ${letter.toUpperCase()}, ${letter})`, text)
  return sql`instr(lower(${folded}), ${small}) > 0`
}
