import { singular } from '../lib/words.ts'
import { isShortFor } from './short-nouns.ts'

const set = (list: string): ReadonlySet<string> => new Set(list.split(' '))

// What an id calls somebody by what they do, or have to do with a thing: `assignee_id`, `ownerId`.
const ROLES = set(
  'assignee owner manager supervisor reviewer approver author creator reporter requester recipient sender lead leader head ' +
    'coordinator organizer host interviewer instructor mentor agent technician handler maintainer editor moderator submitter ' +
    'borrower responsible receiver follower watcher delegate assigner supporter caretaker',
)
/** What lists of everybody are of. */
export const EVERYBODY = set('user member employee person people staff teammate colleague agent collaborator')

/** The role that a noun ends with or begins with: assignee, the head of `head_emp_id`; null where it is none. */
export function roleOf(noun: string | null): string | null {
  const words = noun?.split(' ') ?? []
  return words.find((word) => ROLES.has(word)) ?? null
}

/** Of what an API lists, those of whom one may have a role: what the role's noun is short for, users, or the only ones there are. */
export function peopleFor(noun: string, resources: Iterable<string>): string[] {
  const everybody = [...resources].filter(isAnybody)
  const told = everybody.filter((each) => noun.split(' ').some((word) => word === each || isShortFor(word, each)))
  if (told.length === 1) return told
  return everybody.length === 1 ? everybody : everybody.filter((each) => each === 'user')
}

/** Whether a noun, or what is said, is that of whoever there is: a user, a member. */
export function isAnybody(noun: string): boolean {
  return EVERYBODY.has(singular(noun.split(' ').at(-1) ?? ''))
}
