import { singular } from '../../lib/words.ts'
import { answerOf } from '../../links/answers.ts'
import type { Slot } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { itemsOf } from '../../specs/schema-members.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import type { Search } from './search.ts'

const IDS = /^(?:id|uuid|guid)s?$/i
const KIND = /^(?:type|kind)$/i

/** What the `ids` beside `type=artist` are those of. */
export function ofKind(slot: Slot, bound: ReadonlyMap<string, { slot: Slot; source: Source }>): Slot {
  if (!IDS.test(slot.name)) return slot
  for (const { slot: other, source } of bound.values())
    if (KIND.test(other.name) && Array.isArray(other.schema['enum']) && source.kind === 'literal')
      return { ...slot, noun: singular(String(source.value).toLowerCase()) }
  return slot
}

/** The kind of thing that is looked for, where one search finds things of many: `type=artist` for the id of an artist. */
export function kindSought({ schema, name, required }: Slot, { sought }: Search, endpoint: Operation): unknown {
  const noun = sought.at(-1)
  const { hits } = answerOf(endpoint)
  const isKind = hits?.slot.name === name
  if (!required && !isKind) return null
  const choice = kindOf(schema, noun) ?? (isKind && noun !== undefined ? hits.kinds.get(noun) : undefined)
  return choice === undefined ? null : itemsOf(schema) ? [choice] : choice
}

/** "The singer of the song Hello": whether one search finds things of many kinds, and a name is that of another than is sought. */
export function isNamedOtherwise({ required, schema }: Slot, entity: Entity, { sought, depth }: Search): boolean {
  const [noun, said] = [sought.at(-1), singular(entity.before.at(-1) ?? '')]
  if (depth === 0 || !required || said === noun || !isNameLike(entity)) return false
  return kindOf(schema, noun) !== undefined && kindOf(schema, said) !== undefined
}

/** Whether a search over things of many kinds was made for another than a slot stands for. */
export function isForOtherKind({ bindings, endpoint }: PlannedCall, { noun }: Slot): boolean {
  const { hits } = answerOf(endpoint)
  return bindings.some(({ slot: { schema, name }, source }) => {
    const choice =
      noun === null
        ? undefined
        : (kindOf(schema, noun) ?? (hits?.slot.name === name ? hits.kinds.get(noun) : undefined))
    return source.kind === 'literal' && choice !== undefined && ![source.value].flat().includes(choice)
  })
}

/** The choice of an enumeration that is a noun, in whichever number. */
function kindOf(schema: Slot['schema'], noun: string | undefined): unknown {
  const list = itemsOf(schema)
  const choices = list ? list['enum'] : schema['enum']
  return Array.isArray(choices) ? choices.find((each) => singular(String(each).toLowerCase()) === noun) : undefined
}
