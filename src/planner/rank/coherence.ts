import type { Profile } from './profile.ts'

/** What is held likeliest for a clause at first sight, with its score. */
export type First = { profile: Profile; score: number } | null

/** The names of what `coherenceOf` gives, in its order. */
export const COHERENCE = [
  'under the previous',
  'under another',
  'of what the previous gives',
  'of what another gives',
  'shares with another',
  'taken',
] as const

/** How an operation goes with what the other clauses of the message seem to ask for, as numbers from 0 to 1. */
export function coherenceOf(profile: Profile, score: number, clause: number, firsts: readonly First[]): number[] {
  const { found, of, segments } = profile
  const previous = firsts[clause - 1]?.profile ?? null
  const others = firsts.flatMap((first, index) => (first && index !== clause ? [first] : []))
  const isUnder = (other: Profile) => found.path.startsWith(`${other.found.path}/`)
  const isOf = (other: Profile) => of.includes(other.last.at(-1) ?? '')
  return [
    previous && isUnder(previous) ? 1 : 0,
    others.some((other) => isUnder(other.profile)) ? 1 : 0,
    previous && isOf(previous) ? 1 : 0,
    others.some((other) => isOf(other.profile)) ? 1 : 0,
    Math.max(0, ...others.map((other) => sharedWith(segments, other.profile.segments))),
    others.some((other) => other.profile.found.id === found.id && other.score > score) ? 1 : 0,
  ]
}

/** The share of the segments of a path that are another's, too. */
function sharedWith(own: Profile['segments'], others: Profile['segments']): number {
  if (own.length === 0) return 0
  const spelled = new Set(others.map((segment) => segment.join(' ')))
  return own.filter((segment) => spelled.has(segment.join(' '))).length / own.length
}
