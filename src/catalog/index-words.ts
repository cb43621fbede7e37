import { words } from '../lib/words.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf } from '../specs/schema-members.ts'

/** The searchable words of an operation, one text a column of the full-text index. */
export type IndexedWords = {
  path: string
  name: string
  summary: string
  description: string
  parameters: string
  response: string
  tags: string
}

const MAX_DESCRIPTION = 2000

/** Splits an operation into index columns; joints of camelCase and snake_case fall apart so that "order id" finds `orderId`. */
export function indexWords(operation: Operation): IndexedWords {
  const body = operation.requestBody ? propertyNames(operation.requestBody.schema) : []
  const bodyChoices = operation.requestBody ? choicesOf(operation.requestBody.schema) : []
  const choices = [...operation.parameters.flatMap(({ schema }) => listedIn(schema)), ...bodyChoices]
  return {
    path: words(operation.path).join(' '),
    name: words(operation.operationId ?? '').join(' '),
    summary: words(operation.summary).join(' '),
    description: words(operation.description.slice(0, MAX_DESCRIPTION)).join(' '),
    parameters: words([...operation.parameters.map((parameter) => parameter.name), ...body, ...choices].join(' ')).join(
      ' ',
    ),
    response: operation.response ? responseWords(operation.response, operation.exampleTexts ?? []) : '',
    tags: words(operation.tags.join(' ')).join(' '),
  }
}

// More of them are codes of something, as of currencies or countries, and say nothing of what is done.
const MAX_CHOICES = 40

/** The texts that the members of a body are chosen from: `POST /servers/{id}/actions` with the type "reboot". */
export function choicesOf(schema: JsonSchema): string[] {
  const choices = new Set<string>()
  visitMembers(schema, (_, member) => {
    for (const choice of listedIn(member)) choices.add(choice)
  })
  return [...choices]
}

function listedIn(schema: JsonSchema): string[] {
  const { enum: own = itemsOf(schema)?.['enum'] } = schema
  const texts = Array.isArray(own) ? own.filter((choice) => typeof choice === 'string') : []
  return texts.length <= MAX_CHOICES ? texts : []
}

const MAX_NAMES = 200
const MAX_RESPONSE = 300

// What an answer says of the page that it is, beside the list of what is asked for.
const PAGING = new Set(
  'page pages limit offset cursor total count size per next previous prev has more number items results'.split(' '),
)

// What tells that it is a page: an order has items and a total as well.
const OF_PAGES = new Set(['page', 'pages', 'limit', 'offset', 'cursor', 'next', 'previous', 'prev', 'more'])

/** A schema without what merely tells which page of a list it is: "how many pages has it?" asks for none of those. */
function withoutPaging(schema: JsonSchema): JsonSchema {
  const { properties } = schema
  if (typeof properties !== 'object' || properties === null) return schema
  const members = Object.entries(properties as Record<string, JsonSchema | null>)
  const isPage = members.some(([name]) => words(name).some((word) => OF_PAGES.has(word)))
  if (!isPage || !members.some(([, member]) => member?.['type'] === 'array')) return schema
  const isPaging = ([name, member]: [string, JsonSchema | null]) =>
    member?.['type'] !== 'array' && words(name).every((word) => PAGING.has(word))
  return { ...schema, properties: Object.fromEntries(members.filter((member) => !isPaging(member))) }
}

/** The names of what an operation answers, and behind them the words that their choices and examples are. */
function responseWords(schema: JsonSchema, examples: readonly string[]): string {
  const names = words(propertyNames(withoutPaging(schema)).join(' '))
  const told = [...choicesOf(schema), ...examples]
  const more = words(told.join(' ')).filter((word) => word.length > 2)
  return [...new Set([...names.slice(0, MAX_NAMES), ...more])].slice(0, MAX_RESPONSE).join(' ')
}

/** Every property name in a schema, at any depth, once. */
export function propertyNames(schema: JsonSchema): string[] {
  const names = new Set<string>()
  visitMembers(schema, (name) => names.add(name))
  return [...names]
}

/** Calls for every property of a schema, at any depth. */
function visitMembers(schema: JsonSchema, tell: (name: string, member: JsonSchema) => void): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    const node = value as Record<string, unknown>
    if (typeof node['properties'] === 'object' && node['properties'] !== null)
      for (const [name, inner] of Object.entries(node['properties'])) {
        tell(name, (inner ?? {}) as JsonSchema)
        visit(inner)
      }
    for (const keyword of ['items', 'additionalProperties', 'allOf', 'anyOf', 'oneOf']) visit(node[keyword])
  }
  visit(schema)
}
