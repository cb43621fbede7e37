import { isNounOf } from '../../links/short-nouns.ts'
import { PEOPLE } from '../language/lexicon.ts'
import type { Attempt } from '../plan/attempt.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'

/** Whether the last of some calls looks for things by the name of whose they are. */
export function isFoundByOwner({ calls }: Attempt, entities: readonly Entity[], noun: string | null): boolean {
  const { bindings = [] } = calls.at(-1) ?? {}
  return entities.some(
    (entity) =>
      isOwnerOf(entity, noun) &&
      bindings.some(
        ({ slot, source }) =>
          // A filter that is called by somebody takes the name of just that one.
          !slot.words.some((word) => PEOPLE.has(word)) &&
          source.kind === 'literal' &&
          String(source.value).includes(entity.text),
      ),
  )
}

const CALLED = new Set(['name', 'title'])

/** Whether the last call that an attempt adds looks for things by what they are called. */
export function isFoundByItsName({ calls, used }: Attempt, before: Attempt): boolean {
  const { bindings = [] } = calls.length > before.calls.length ? (calls.at(-1) ?? {}) : {}
  const names = [...used].filter((entity) => !before.used.has(entity) && isNameLike(entity))
  return bindings.some(
    ({ slot, source }) =>
      CALLED.has(slot.words.at(-1) ?? '') &&
      source.kind === 'literal' &&
      names.some(({ text }) => source.value === text),
  )
}

/** "The songs of Nina Simone", "Nina's songs": whether a name is that of whose the things with a noun are. */
function isOwnerOf(entity: Entity, noun: string | null): boolean {
  const [thing = '', joint = ''] = entity.before.slice(-2)
  if (entity.possessive) return isNameLike(entity) && entity.trail.some((word) => isNounOf(noun, word))
  return isNameLike(entity) && (joint === 'of' || joint === 'by') && isNounOf(noun, thing)
}
