import { FUNCTION_WORDS, GENERAL_VERBS, VERBS } from '../language/lexicon.ts'
import type { Entity } from './entity.ts'

/** How "octocat/hello-world" is written: the name of a thing behind that of what it is in. */
export const NESTED = /(?<![\w./:@-])[A-Za-z0-9_][\w.-]+(?:\/[A-Za-z0-9_][\w.-]*\w){1,2}(?![\w/])/g
/** Parameters of a path that stand next to each other: `/repos/{owner}/{repo}`. */
export const NEIGHBOURS = /\{[^{}/]+\}(?:\/\{[^{}/]+\})+/
// A page of a thing in a thing: `https://example.com/octocat/hello-world`.
const LINK = /^(?:https?:\/\/)?[^/]+\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/
const MEDIA_TYPE = /^(?:application|audio|font|image|message|model|multipart|text|video)\//

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
