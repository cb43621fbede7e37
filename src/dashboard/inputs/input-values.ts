import { jsonError } from '../lib/json.ts'

/** One input to ask for. */
export type InputSpec = { name: string; description: string; schema: Record<string, unknown>; required: boolean }

/** What stands in the fields, by input; a checkbox stands as "true" or "false". */
export type Entries = Readonly<Record<string, string>>

/** The kinds of fields there are. */
export type FieldKind = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json'

/** Which field asks for a schema. */
export function kindOf(schema: InputSpec['schema']): FieldKind {
  if (Array.isArray(schema['enum'])) return 'choice'
  const type = [schema['type']].flat().find((type) => type !== 'null')
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'array' || type === 'object' ? 'json' : 'text'
}

/** The choices of a schema; an entry is the index of one, so that numbers stay numbers. */
export function choicesOf(schema: InputSpec['schema']): unknown[] {
  return Array.isArray(schema['enum']) ? schema['enum'] : []
}

/** What the fields start with: the values given, elsewhere the defaults. */
export function initialEntries(inputs: readonly InputSpec[], given: Readonly<Record<string, unknown>> = {}): Entries {
  return Object.fromEntries(
    inputs.map(({ name, schema }) => [name, initialEntry(schema, name in given ? given[name] : schema['default'])]),
  )
}

function initialEntry(schema: InputSpec['schema'], preset: unknown): string {
  const kind = kindOf(schema)
  if (kind === 'boolean') return String(preset === true)
  if (preset === undefined) return ''
  if (kind === 'choice') return String(choicesOf(schema).indexOf(preset))
  return kind === 'json' ? JSON.stringify(preset, null, 2) : String(preset)
}

/** The entries as the values of the inputs; what is left empty is left out. @throws SyntaxError for JSON that is none. */
export function toInput(inputs: readonly InputSpec[], entries: Entries): Record<string, unknown> {
  const given = inputs.filter(({ name }) => (entries[name] ?? '') !== '')
  return Object.fromEntries(given.map(({ name, schema }) => [name, toValue(schema, entries[name] ?? '')]))
}

function toValue(schema: InputSpec['schema'], entry: string): unknown {
  switch (kindOf(schema)) {
    case 'number':
    case 'integer':
      return Number(entry)
    case 'boolean':
      return entry === 'true'
    case 'choice':
      return choicesOf(schema)[Number(entry)]
    case 'json':
      return JSON.parse(entry) as unknown
    case 'text':
      return entry
  }
}

/** What is wrong with an entry that the browser itself does not find. */
export function entryError(input: InputSpec, entry: string): string | undefined {
  return kindOf(input.schema) === 'json' ? jsonError(entry) : undefined
}
