import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { isEmailSlot } from '../../links/slot-kinds.ts'
import { resourceOf } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import type { FieldTest } from '../fill/field-test.ts'
import { fieldName, type PlainField, plainFields } from '../fill/fields.ts'
import { FUNCTION_WORDS, PEOPLE } from '../language/lexicon.ts'
import { isParticiple } from '../language/noun-phrases.ts'
import { relatedness } from '../language/related-words.ts'
import type { Attempt } from '../plan/attempt.ts'
import { classFit } from '../rank/likeness.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { FAMILY, GIVEN } from '../understand/full-names.ts'

// What holds the name of a thing, the likeliest first.
const NAMES = ['name', 'full name', 'display name', 'title', 'subject', 'label']
const LABELS = new Set(['name', 'title'])
// Between a thing and whose it is: "the order of Ada", "a letter from Bo".
const OWNING = new Set(['of', 'for', 'from', 'by', 'at', 'in', 'with'])
// How well a name fits that picks a thing of its own kind.
const FIT = 1.2
// How related a word is that may stand for another.
const SAME = 0.8

/** The test of the items of a list for what an entity calls one of them; null where nothing in an item is its name. */
export function nameTest(operation: Operation, entity: Entity): FieldTest | null {
  const list = listOf(operation)
  const fields = list ? plainFields(list.items) : []
  const called = (names: ReadonlySet<string>) => fields.find((field) => names.has(fieldName(field)))
  if (entity.kind === 'email') {
    const [mail, ...others] = fields.filter(({ slot }) => isEmailSlot(slot))
    return mail && others.length === 0
      ? { path: mail.path, is: '=', value: entity.text, words: wordsFor(mail, entity) }
      : null
  }
  const [given, family] = [called(GIVEN), called(FAMILY)]
  const whole =
    given && family
      ? undefined
      : (NAMES.flatMap((name) => called(new Set([name])) ?? [])[0] ?? titleOfOther(operation, fields, entity))
  const field = whole ?? given
  if (!field || (entity.kind !== 'name' && entity.kind !== 'quoted')) return null
  const test: FieldTest = { path: field.path, is: 'holds', value: entity.text, words: wordsFor(field, entity) }
  return whole || !family ? test : { ...test, next: family.path, words: `name is ${entity.text}` }
}

/** A loan that has no name of its own is told by the `bookTitle` of what it is of. */
function titleOfOther({ path }: Operation, fields: readonly PlainField[], { before }: Entity): PlainField | undefined {
  const noun = singular(before.at(-1) ?? '')
  const isOther = resourceOf(path).split(' ').at(-1) !== noun
  const own = fields.find(
    ({
      slot: {
        words: [first, ...others],
      },
    }) => isOther && first === noun && LABELS.has(others.join(' ')),
  )
  const titles = own ? [own] : fields.filter(({ slot }) => slot.words.length === 2 && slot.words[1] === 'title')
  return titles.length === 1 ? titles[0] : undefined
}

function wordsFor(field: PlainField, { text }: Entity): string {
  return `${fieldName(field)} is ${text}`
}

/**
 * Whether an entity is what one of the things that an operation lists is called, and not whose it is: "guest Ana", "the
 * telephone number of Ana", but not "the orders of Ana". `sought` says that it is looked for what is named.
 */
export function namesItem(operation: Operation, entity: Entity, { head }: Clause, sought: boolean): boolean {
  const resource = resourceOf(operation.path)
  const fits = classFit(entity, resource)
  const before = singular(entity.before.at(-1) ?? '')
  if (resource.split(' ').at(-1) === before) return true
  const list = listOf(operation)
  // "My booking of the class Yoga" has a `class_name`.
  const other = list && sought ? titleOfOther(operation, plainFields(list.items), entity) : undefined
  if (other?.slot.words[0] === before) return true
  const isKind =
    before !== '' &&
    !FUNCTION_WORDS.has(before) &&
    entity.before.length > 1 &&
    FUNCTION_WORDS.has(entity.before.at(-2) ?? '')
  if (fits < 0 || (isKind && !(sought && isAlike(before, resource)))) return false
  const isField =
    head !== null && list !== null && plainFields(list.items).some(({ slot }) => stem(slot.words.at(-1) ?? '') === head)
  const isThing = words(resource).some((word) => stem(word) === head)
  if (isField && !isThing) return true
  return sought && !entity.possessive && (other !== undefined || !OWNING.has(entity.before.at(-1) ?? ''))
}

/** Whether what a thing is said to be may be what a list holds: "the person Ada" a customer, but "the song Hello" no playlist. */
function isAlike(said: string, resource: string): boolean {
  const things = resource.split(' ')
  const isPerson = PEOPLE.has(said) && things.some((thing) => PEOPLE.has(thing))
  return isPerson || isParticiple(said) || things.some((thing) => relatedness(stem(said), stem(thing)) >= SAME)
}

/** Tests for the things of a list that are named or told of by their ids, "ticket 5", with the entities that do so. */
export function itemTests(
  operation: Operation,
  entities: readonly Entity[],
  clause: Clause,
): { tests: FieldTest[]; used: Entity[] } {
  for (const entity of entities) {
    const test = namesItem(operation, entity, clause, false)
      ? (nameTest(operation, entity) ?? idTest(operation, entity))
      : null
    if (test) return { tests: [test], used: [entity] }
  }
  return { tests: [], used: [] }
}

/** The test for the thing with an id. */
function idTest(operation: Operation, { kind, text, value }: Entity): FieldTest | null {
  const list = listOf(operation)
  const field = list ? plainFields(list.items).find(({ slot }) => slot.name === 'id') : undefined
  if (!field || (kind !== 'id' && kind !== 'number')) return null
  const types = typesOf(field.slot.schema)
  const isText = types.includes('string')
  return isText || kind === 'number'
    ? { path: field.path, is: '=', value: isText ? text : value, words: `id is ${text}` }
    : null
}

/**
 * An attempt whose last call lists things, of which the one is kept that is named, or that is said to be the owner of what is
 * asked for; itself where none is.
 */
export function pickedByName(
  attempt: Attempt,
  entities: readonly Entity[],
  clause: Clause,
  isOwner: (entity: Entity) => boolean,
): Attempt {
  const call = attempt.calls.at(-1)
  if (!call) return attempt
  for (const entity of entities) {
    if (attempt.used.has(entity)) continue
    const isNamed = namesItem(call.endpoint, entity, clause, true)
    if (!isNamed && !(isOwner(entity) && classFit(entity, resourceOf(call.endpoint.path)) >= 0)) continue
    const test = nameTest(call.endpoint, entity)
    if (!test) continue
    const { where = [], order = null, limit = null } = call.pick ?? {}
    return {
      ...attempt,
      calls: [...attempt.calls.slice(0, -1), { ...call, pick: { where: [...where, test], order, limit } }],
      used: new Set([...attempt.used, entity]),
      fit: attempt.fit + FIT,
    }
  }
  return attempt
}
