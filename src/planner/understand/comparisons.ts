import type { Entity } from './entity.ts'

const COMPARISONS: readonly (readonly [RegExp, Compared])[] = [
  [/\b(?:at least|minimum|min|or more|not (?:less|fewer|lower) than|no (?:less|fewer) than)\b/, '>='],
  [/\b(?:at most|maximum|max|up to|no more than|not more than)\b/, '<='],
  [
    /\b(?:fewer|less|lower|cheaper|smaller|younger|shorter|lighter)(?: \w+)? than\b|\b(?:under|below|beneath|within)\b/,
    '<',
  ],
  [
    /\b(?:more|greater|higher|larger|bigger|older|longer|heavier|dearer|pricier)(?: \w+)? than\b|\b(?:over|above|exceeds?|exceeding|past)\b/,
    '>',
  ],
]

/** How an entity is compared by the words before it; equal where they say nothing. */
export function comparisonOf({ before }: Entity): Compared {
  const said = before.slice(-3).join(' ')
  return COMPARISONS.find(([pattern]) => pattern.test(said))?.[1] ?? '='
}

/** How a value is compared with another. */
export type Compared = '=' | '!=' | '<' | '<=' | '>' | '>='
