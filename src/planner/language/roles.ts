import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listsOf, quote } from '../../links/lists.ts'
import type { Operation } from '../../specs/operation.ts'
import { propertiesOf } from '../../specs/schema-members.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { PEOPLE } from './lexicon.ts'
import { relatedness } from './related-words.ts'

// What somebody is called who does something: director, writer, pianist, actress.
const DOER = /(?:[^aeiou]or|[^eiou]er|ist|ess)$/
// Who has the largest part.
const LEADS = new Set(['star', 'lead', 'protagonist', 'costar'])
const LEAD = 'actor'
// How related the name of a list is to what somebody in it is called.
const RELATED = 0.4
// What it is worth beside the ranking that an answer may tell who has a role.
const TELLS = 4
// What a field is called that says what somebody does.
const DOES = /^(?:job|role|position|occupation|profession|function|responsibility)(?:[_-]?(?:name|title))?$/i

/** Whether a word says what somebody does or is to something, as far as its form tells. */
export function isRole(word: string): boolean {
  const one = singular(word.toLowerCase())
  return LEADS.has(one) || PEOPLE.has(one) || DOER.test(one)
}

/** "The director of the film": operations by how likely they are, where those whose answers may tell who that is are likelier. */
export function tellingFirst<Ranked extends { found: { response: string }; score: number }>(
  ranked: readonly Ranked[],
  role: string,
): Ranked[] {
  const called = stem(calledBy(role))
  const isRelated = (word: string) => relatedness(called, stem(singular(word))) >= RELATED
  const worth = ({ found }: Ranked) =>
    tellsJobs(found) ? TELLS : words(found.response).some(isRelated) ? TELLS - 1 : 0
  return ranked.map((each) => ({ ...each, score: each.score + worth(each) })).toSorted((a, b) => b.score - a.score)
}

/** Whether the answer of an operation may tell who does what. */
export function tellsJobs({ response }: { response: string }): boolean {
  return words(response).some((word) => DOES.test(word))
}

function calledBy(role: string): string {
  const one = singular(role.toLowerCase())
  return LEADS.has(one) ? LEAD : one
}

/**
 * Where an answer has the id of whoever has a role: the first of a list that is called much as they are, or the first of those
 * of whom a field says so. A path of JSONata under the answer; null where nothing tells.
 */
export function rolePath(operation: Operation, role: string): string | null {
  const called = calledBy(role)
  let best: { path: string; alike: number } | null = null
  for (const { path, items } of listsOf(operation)) {
    const fields = propertiesOf(items)
    if (!fields.has('id')) continue
    const name = singular(/([\p{L}_]+)`?$/u.exec(path)?.[1]?.toLowerCase() ?? '')
    const alike = relatedness(stem(called), stem(name))
    const does = [...fields].find(([field, schema]) => DOES.test(field) && typesOf(schema).includes('string'))?.[0]
    if (alike >= RELATED && alike > (best?.alike ?? 0)) best = { path: `${path}[0].id`, alike }
    else if (does && !best)
      best = { path: `${path}[$lowercase(${quote(does)}) = ${JSON.stringify(called)}][0].id`, alike: 0 }
  }
  return best?.path ?? null
}
