import { stem } from '../../lib/stem.ts'
import { PEOPLE_STEMS } from '../language/lexicon.ts'
import type { Profile } from '../rank/profile.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'

// Said of somebody, these ask for nothing in particular: "everything about Ada".
const VAGUE = new Set('everything anything something person somebody someone info information details data'.split(' '))
const SEARCHES = new Set(['search', 'q', 'query', 'name', 'email'].map(stem))

const ACCOUNT = stem('account')

/**
 * "Find Ada Lovelace": a clause that names somebody and not what they are asks for the one kind of people that the
 * operations at hand list and can be searched; the clause as it is where there is none, or more than one.
 */
export function nameAlone(clause: Clause, { profiles }: Field): Clause {
  const { effect, entities, content, aside, refersBack, head, action } = clause
  const isNamed = entities.length > 0 && entities.every(({ kind }) => kind === 'name' || kind === 'email')
  // "Delete Ada's account": where nothing is called an account, it is whoever has it.
  const isAccount = head === ACCOUNT && !profiles.some(({ called }) => called.has(ACCOUNT))
  const isVague = effect === 'read' && content.every((word) => VAGUE.has(word))
  const saysNoMore = content.every((word) => VAGUE.has(word) || stem(word) === ACCOUNT || stem(word) === action)
  if (aside || refersBack || !isNamed || !(isVague || (isAccount && saysNoMore))) return clause
  // An address is looked for where there are some.
  const isMail = entities.every(({ kind }) => kind === 'email')
  const lists = profiles.filter((each) => listsPeople(each) && (!isMail || each.takes.has('email')))
  const kinds = new Set(lists.flatMap(({ last }) => last.at(-1) ?? []))
  const [kind, ...others] = kinds
  if (kind === undefined || others.length > 0) return clause
  return { ...clause, terms: [kind], content: [kind], head: kind }
}

function listsPeople({ found, last, single, pathParameters, takes }: Profile): boolean {
  const isSearched = [...SEARCHES].some((name) => takes.has(name))
  return found.effect === 'read' && !single && pathParameters === 0 && isSearched && PEOPLE_STEMS.has(last.at(-1) ?? '')
}
