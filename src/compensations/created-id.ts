import { type AnswerField, fieldsOf, ID_NAMES, kindOf } from '../links/answers.ts'
import { listsOf, wrapperOf } from '../links/lists.ts'
import { canTake, isAbout } from '../links/outputs.ts'
import { resourceOf, type Slot, slotsOf, wordsOf } from '../links/slots.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf } from '../specs/schema-members.ts'
import { formOf, namesIn } from './item-path.ts'

/** What tells which thing was created: the parameter that takes its id, and the members of the body that lead to it. */
export type CreatedId = {
  parameter: string
  /** Null where the document names no such field: the answer may still say it, by a Location header. */
  field: readonly string[] | null
}

/**
 * Where the answer of an operation that creates something holds what the last path parameter of another takes. The field
 * has to be named for the parameter; of several such fields none is chosen.
 */
export function createdId(create: Operation, remove: Operation): CreatedId | Irreversible {
  const parameter = namesIn(remove.path).at(-1)
  const slot = slotsOf(remove).find(({ in: place, name }) => place === 'path' && name === parameter)
  if (!slot) return { reason: `The document does not say what the last parameter of ${remove.path} is.` }
  const { response } = create
  if (!response) return { parameter: slot.name, field: null }
  if (itemsOf(response)) return { reason: 'Its answer is a list, which does not say what of it was created.' }
  const resource = resourceOf(formOf(create.path))
  if (listsOf(create).some(({ path }) => wordsOf(path.split('.').at(-1) ?? '').join(' ') === resource))
    return { reason: `Its answer lists each ${resource} there is, and does not say which of them was created.` }
  const found = placesOf(response, resource).flatMap(({ path, schema }) =>
    namedFor(fieldsOf(schema), slot, resource).map(({ name }) => [...path, name]),
  )
  const [field = null, another] = found
  if (!field || !another) return { parameter: slot.name, field }
  const several = found.map((names) => `"${names.join('.')}"`).join(' and ')
  return { reason: `Several fields of its answer may be the ${parameter} to delete: ${several}.` }
}

/** Where an answer may hold the thing itself: in the whole body, in what wraps it, or under its own name. */
function placesOf(response: JsonSchema, resource: string): { path: string[]; schema: JsonSchema }[] {
  const wrapper = wrapperOf(response)
  const named = fieldsOf(response).filter(({ called }) => called === resource)
  const members = [...new Set([...(wrapper ? [wrapper.name] : []), ...named.map(({ name }) => name)])]
  const properties = propertiesOf(response)
  return [
    { path: [], schema: response },
    ...members.flatMap((name) => {
      const schema = properties.get(name)
      return schema && !itemsOf(schema) ? [{ path: [name], schema }] : []
    }),
  ]
}

/**
 * The fields that are named for a parameter, the surest way first: as it is, `{orderId}` for order_id; by its last word where
 * the others are the thing itself, `{hook_id}` below hooks for id; with the thing before it, `{id}` for order_id; or `id` for
 * a parameter that is called as the thing is, `{customer}`.
 */
function namedFor(fields: readonly AnswerField[], { words, schema }: Slot, resource: string): AnswerField[] {
  const named = words.join(' ')
  const key = words.at(-1) ?? ''
  const noun = words.slice(0, -1).join(' ')
  const ways = [
    named,
    ...(noun !== '' && isAbout(resource, noun) ? [key] : []),
    ...(noun === '' && ID_NAMES.includes(key) ? [`${resource} ${key}`] : []),
    ...(isAbout(resource, named) ? ['id'] : []),
  ]
  const fit = fields.filter((field) => canTake(kindOf(schema), field))
  return ways.map((way) => fit.filter(({ called }) => called === way)).find((found) => found.length > 0) ?? []
}

/** Why nothing takes back what an operation does, in a sentence. */
export type Irreversible = { reason: string }
