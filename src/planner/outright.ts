import type { Need } from './features.ts'
import { takesNested } from './nested-names.ts'
import { givesOwn, type Profile } from './profile.ts'

// What it is worth that an operation is about a thing in a thing, where one is named.
const NESTED = 2
// And that it is about what belongs to the caller, where somebody asks for their own.
const MINE = 4
// And that its name opens with a verb that is no general one: "Star a repository".
const DOES = 2
// And that it gives what belongs to one thing, where just that is asked for.
const OWNED = 6

/** What no learned weight tells, as few messages have it, and what leaves little doubt where they do. */
export function saidOutright(need: Need, profile: Profile): number {
  const does =
    (need.effect === 'unknown' || need.effect === 'create') &&
    need.verb !== null &&
    profile.name[0] === need.verb &&
    need.head !== null &&
    profile.called.has(need.head) &&
    profile.found.effect !== 'read' &&
    (profile.single || need.effect !== 'unknown' || profile.last.join(' ') === need.verb)
  const own = !profile.ofCaller ? 0 : need.mine ? MINE : need.somebodys ? -MINE : 0
  const { ownedBy, head } = need
  const owned =
    ownedBy !== null &&
    (ownedBy === head ? profile.single && profile.of.at(-1) === head : givesOwn(profile, ownedBy, head))
  return own + (owned ? OWNED : 0) + (does ? DOES : 0) + (need.nested && takesNested(profile.found.path) ? NESTED : 0)
}
