import type { Slot } from '../../links/slots.ts'
import type { Entity } from './entity.ts'

/** What the first part of a person's name is called, and what the rest of it. */
export const GIVEN: ReadonlySet<string> = new Set(['first name', 'given name', 'forename', 'firstname'])
export const FAMILY: ReadonlySet<string> = new Set(['last name', 'family name', 'surname', 'lastname'])

/** Whether a slot takes a part of a person's name. */
export function isFamilySlot({ words }: Slot): boolean {
  return FAMILY.has(words.join(' '))
}

/** "Ada Lovelace" as a first and a last name, where an operation takes the two. `make` keeps what a value is made of. */
export function nameParts(
  entities: readonly Entity[],
  slots: readonly Slot[],
  make: (value: Entity, ...of: readonly Entity[]) => Entity,
): readonly Entity[] {
  if (!slots.some(({ words }) => GIVEN.has(words.join(' '))) || !slots.some(isFamilySlot)) return entities
  const whole = entities.find(({ kind, text }) => kind === 'name' && /^\p{Lu}\S*(?: \p{Lu}\S*){1,3}$/u.test(text))
  if (!whole) return entities
  const [first = '', ...rest] = whole.text.split(' ')
  const part = (text: string, word: string) =>
    make({ ...whole, text, value: text, before: [word, 'name'], lead: [word, 'name'], list: -1 }, whole)
  return entities.flatMap((entity) =>
    entity === whole ? [part(first, 'first'), part(rest.join(' '), 'last')] : [entity],
  )
}
