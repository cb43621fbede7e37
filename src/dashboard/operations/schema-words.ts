/** A JSON Schema, or what a specification has in its place. */
export type Schema = Record<string, unknown>

type Child = { name: string; required: boolean; schema: Schema }

/** The type in words: "list of Order", "string, one of open, paid". */
export function typeWords(schema: Schema): string {
  const items = asSchema(schema['items'])
  const types = [schema['type']].flat().filter((type) => typeof type === 'string')
  const alternatives = alternativesOf(schema)
  if (types.length === 0 && alternatives.length > 0) return [...new Set(alternatives.map(typeWords))].join(' or ')
  const base = types.map((type) => (type === 'array' && items ? `list of ${plain(items)}` : type)).join(' or ')
  const format = typeof schema['format'] === 'string' ? ` (${schema['format']})` : ''
  const choices = Array.isArray(schema['enum']) ? `, one of ${schema['enum'].map(String).join(', ')}` : ''
  const preset = schema['default'] === undefined ? '' : `, ${JSON.stringify(schema['default'])} when left out`
  return `${base || (schema['properties'] ? 'object' : 'any')}${format}${choices}${preset}`
}

/** The properties inside: of the object, of the objects in the list, of every part or alternative. */
export function childrenOf(schema: Schema): Child[] {
  const items = asSchema(schema['items'])
  if (items) return childrenOf(items)
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const own = Object.entries(asSchema(schema['properties']) ?? {}).map(([name, value]) => ({
    name,
    required: required.includes(name),
    schema: asSchema(value) ?? {},
  }))
  const inherited = alternativesOf(schema).flatMap(childrenOf)
  return [...new Map([...inherited, ...own].map((child) => [child.name, child])).values()]
}

function alternativesOf(schema: Schema): Schema[] {
  const lists = [schema['allOf'], schema['oneOf'], schema['anyOf']]
  return lists.flat().flatMap<Schema>((item: unknown) => asSchema(item) ?? [])
}

function plain(items: Schema): string {
  return typeof items['title'] === 'string' ? items['title'] : typeWords(items)
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined
}
