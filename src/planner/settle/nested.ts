import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { takesNested } from '../understand/nested-names.ts'

/** Clauses whose words with a slash between them are names only where some operation takes such: else they are what they say. */
export function settleNested(clauses: readonly Clause[], { profiles }: Field): Clause[] {
  if (profiles.some(({ found }) => takesNested(found.path))) return [...clauses]
  return clauses.map((clause) => ({
    ...clause,
    entities: clause.entities.map((entity) => (entity.kind === 'nested' ? { ...entity, kind: 'quoted' } : entity)),
  }))
}
