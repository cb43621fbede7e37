import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { PEOPLE } from '../language/lexicon.ts'
import { outsideQuotes } from '../language/quotes.ts'
import { isRole } from '../language/roles.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

// "Who's in the team 5?", "who is going to the concert?"
const WHO =
  /^\s*(?:(?:please|tell me|show me|find out|so|and)\s+)*who(?:(?:'s|\s+is|\s+are|\s+was|\s+were)\s+(?:all\s+|currently\s+|still\s+)?(?:in|on|part of|enrolled in|registered for|signed up (?:for|to)|subscribed to|going to|coming to|attending)|\s+(?:attends|attended|joined))\s+(?=\S)/iu
const EVERYBODY =
  /(?<=\p{L}\s+)(?:everyone|everybody|all (?:the )?people)(?:\s+who(?:'s|\s+is|\s+are))?\s+(?:in|on|of|from)\s+(?=\S)/iu
// "But Ada": not everybody is meant.
const EXCEPT = /\b(?:except|excluding|besides|but|without|other than|apart from|not)\b/iu
// What they are in stands right behind, "the Red team", and is nothing like "in charge of".
const THING = /^(?:(?:the|my|our|this|that)\s+)?(?:\p{Lu}[\p{L}\p{N}'-]*\s+)*([\p{L}-]+(?:\s+[\p{L}-]+)?)/u

/**
 * "Who is in the team 5?", "remove everyone from the team 5", where one list of the API tells the members of a team: said by what they
 * are called there. Left as it is where no list tells it, or more than one.
 */
export function peopleOf(clause: Clause, field: Field, now: Now | null): Clause {
  const { text } = clause
  if (EXCEPT.test(text)) return clause
  const said = WHO.exec(text)
  if (said) {
    const behind = text.slice(said[0].length)
    const people = calledIn(behind, field)
    return people === null ? clause : readInOtherWords(clause, `list the ${people} of ${behind}`, now)
  }
  const all = outsideQuotes(text, (part) => {
    const found = EVERYBODY.exec(part)
    if (!found) return part
    const behind = part.slice(found.index + found[0].length)
    const people = calledIn(behind, field)
    return people === null ? part : `${part.slice(0, found.index)}all ${people} of ${behind}`
  })
  return all === text ? clause : readInOtherWords(clause, all, now)
}

/** What the people are called that a thing has, by what is said of the thing; null where that is not one thing alone. */
function calledIn(behind: string, { profiles }: Field): string | null {
  const [, said = ''] = THING.exec(behind) ?? []
  const near = new Set(words(said).map((word) => stem(singular(word))))
  const called = profiles.flatMap(({ found, single, of }) => {
    const thing = of.at(-1)
    const name = words(found.path.split('/').at(-1) ?? '').at(-1) ?? ''
    const isList = found.effect === 'read' && !single && singular(name) !== name && of.length > 0
    return isList && thing !== undefined && near.has(thing) && isSomebody(name) ? [name] : []
  })
  const [first, ...others] = new Set(called)
  return first !== undefined && others.length === 0 ? first : null
}

function isSomebody(name: string): boolean {
  const one = singular(name)
  return PEOPLE.has(one) || isRole(one)
}
