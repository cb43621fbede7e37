import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf, typesOf } from '../specs/schema-members.ts'
import { type Hits, hitsOf } from './hits.ts'
import { listOf, listsOf, pageOf, quote, wrapperOf } from './lists.ts'
import { idNoun, resourceOf, wordsOf } from './slots.ts'

/** What values of a schema are: the types it allows, none where it does not say, and its format. */
export type ValueKind = { types: readonly string[]; format: string | null }

type KeyField = ValueKind & { path: string; name: string }

/** A field of an answer, as far as it may identify something. */
export type AnswerField = ValueKind & {
  name: string
  /** What it identifies by its name: `customer_id` → customer; null when it is no id. */
  noun: string | null
  /** The words of its name, singular. */
  called: string
  /** The field in it that identifies the thing it holds, where it holds one or a list of them. */
  key: KeyField | null
  /** And the one with its URI. */
  uri: KeyField | null
}

/** The fields of one thing that is answered, and where they are: under `body` or `body.items[0]`. */
export type AnswerShape = { path: string; fields: readonly AnswerField[] }

/** What is answered by an operation, as far as its fields may fill a slot of another. */
export type Answer = {
  /** What it is about: see `resourceOf`. */
  resource: string
  /** Of one thing, or of an item of the list that it is. */
  whole: AnswerShape | null
  /** Of what a single answer is wrapped in: `{ "data": { … } }`. */
  wrapped: AnswerShape | null
  /** Of an item of each list in it, the one that the answer is first. */
  lists: readonly AnswerShape[]
  isList: boolean
  /** What an item may be, where it is found by one search over things of many kinds. */
  hits: Hits | null
}

/** What things are identified by, the likeliest first. */
export const ID_NAMES = ['id', 'uuid', 'guid', 'key', 'slug', 'code', 'number', 'name']

/** What an operation answers, read once for each operation. */
export function answerOf(operation: Operation): Answer {
  let answer = known.get(operation)
  if (!answer) known.set(operation, (answer = readAnswer(operation)))
  return answer
}

const known = new WeakMap<Operation, Answer>()
// Schemas of one document share what is in them.
const fields = new WeakMap<JsonSchema, readonly AnswerField[]>()

/** As `answerOf`, for an operation that is not asked about again. */
export function readAnswer(operation: Operation): Answer {
  const { response } = operation
  const resource = resourceOf(operation.path)
  if (!response) return { resource, whole: null, wrapped: null, lists: [], isList: false, hits: null }
  const list = listOf(operation)
  const shape = (path: string, schema: JsonSchema): AnswerShape => ({ path, fields: fieldsOf(schema) })
  const wrapper = list ? null : wrapperOf(response)
  return {
    resource,
    whole: list ? shape(`${list.path}[0]`, list.items) : shape('body', response),
    wrapped: wrapper && shape(wrapper.path, wrapper.schema),
    lists: listsOf(operation, list).map(({ path, items }) => shape(`${path}[0]`, items)),
    isList: list !== null,
    hits: hitsOf(operation),
  }
}

/** The fields of the things of a schema, read once for each schema. */
export function fieldsOf(schema: JsonSchema): readonly AnswerField[] {
  let read = fields.get(schema)
  if (!read) fields.set(schema, (read = [...propertiesOf(schema)].map(([name, inner]) => readField(name, inner))))
  return read
}

function readField(name: string, schema: JsonSchema): AnswerField {
  const items = itemsOf(schema)
  const page = items ? null : pageOf(schema)
  const inner = propertiesOf(items ?? page?.items ?? schema)
  const place = items ? '[0]' : page ? `.${page.path}[0]` : ''
  const at = (key: string | undefined): KeyField | null => {
    const found = key === undefined ? undefined : inner.get(key)
    return key === undefined || found === undefined
      ? null
      : { ...kindOf(found), path: `${quote(name)}${place}.${quote(key)}`, name: key }
  }
  return {
    name,
    noun: idNoun(name),
    called: wordsOf(name).join(' '),
    ...kindOf(schema),
    key: at(ID_NAMES.find((candidate) => inner.has(candidate))),
    uri: at('uri'),
  }
}

/** Of what kind the values of a schema are. */
export function kindOf(schema: JsonSchema): ValueKind {
  const { format } = schema
  return { types: typesOf(schema), format: typeof format === 'string' ? format : null }
}
