import type { Operation } from '../specs/operation.ts'
import type { Entity } from './entities.ts'
import type { Filling } from './fill.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, VERBS } from './lexicon.ts'
import { slotsOf } from '../links/slots.ts'
import type { Field } from './rank.ts'
import type { Clause } from './understand.ts'

/** How "octocat/hello-world" is written: the name of a thing behind that of what it is in. */
export const NESTED = /(?<![\w./:@-])[A-Za-z0-9_][\w.-]+(?:\/[A-Za-z0-9_][\w.-]*\w){1,2}(?![\w/])/g
// Parameters of a path that stand next to each other: `/repos/{owner}/{repo}`.
const NEIGHBOURS = /\{[^{}/]+\}(?:\/\{[^{}/]+\})+/
// A page of a thing in a thing: `https://example.com/octocat/hello-world`.
const LINK = /^(?:https?:\/\/)?[^/]+\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/
const MEDIA_TYPE = /^(?:application|audio|font|image|message|model|multipart|text|video)\//
const SURE = 0.95

/** Whether words with a slash between them can name a thing: neither is "create/update" one, nor `text/plain`, nor 24/7. */
export function isNested(text: string): boolean {
  const isWord = (part: string) => FUNCTION_WORDS.has(part) || VERBS.has(part) || GENERAL_VERBS.has(part)
  return !MEDIA_TYPE.test(text) && /\p{L}/u.test(text) && !text.toLowerCase().split('/').some(isWord)
}

/** Whether a path has parameters that such names can fill. */
export function takesNested(path: string): boolean {
  return NEIGHBOURS.test(path)
}

/** The names that an entity is made of, the outermost first; empty where it is no such name. */
export function nestedNames({ kind, text }: Pick<Entity, 'kind' | 'text'>): string[] {
  if (kind === 'url') return LINK.exec(text)?.[1]?.split('/') ?? []
  return kind === 'nested' || (kind === 'quoted' && /^[\w.-]+(?:\/[\w.-]+)+$/.test(text)) ? text.split('/') : []
}

/** "octocat/hello-world" in the parameters of a path that stand next to each other: the first run that has as many or more. */
export function fillNested(operation: Operation, entities: readonly Entity[]): Filling[] {
  const names = NEIGHBOURS.exec(operation.path)?.[0].slice(1, -1).split('}/{') ?? []
  const [entity] = entities
    .filter((each) => nestedNames(each).length > 0)
    .toSorted((a, b) => Number(b.kind === 'nested') - Number(a.kind === 'nested'))
  const parts = entity ? nestedNames(entity) : []
  const slots = slotsOf(operation).filter(({ in: place, schema }) => place === 'path' && !Array.isArray(schema['enum']))
  const filled = parts.flatMap((value, at) => {
    const slot = slots.find(({ name }) => name === names[at])
    return entity && slot ? [{ slot, value, entities: [entity], words: [], score: SURE, note: null }] : []
  })
  return filled.length === parts.length ? filled : []
}

/** Clauses whose words with a slash between them are names only where some operation takes such: else they are what they say. */
export function settleNested(clauses: readonly Clause[], { profiles }: Field): Clause[] {
  if (profiles.some(({ found }) => takesNested(found.path))) return [...clauses]
  return clauses.map((clause) => ({
    ...clause,
    entities: clause.entities.map((entity) => (entity.kind === 'nested' ? { ...entity, kind: 'quoted' } : entity)),
  }))
}
