import type { InputSchema } from '../../steps/schema.ts'
import { isRecord } from './json-schema.ts'
import { formatPath } from './paths.ts'

/** What a call cannot do without: parameters, and a body or properties of it, each with its schema. */
export type Needs = {
  parameters: readonly { name: string; schema: Record<string, unknown> }[]
  body: { required: boolean; schema: Record<string, unknown> } | null
}

// A form asks for it; beyond this the schema says more than anybody fills in.
const MAX_SCHEMA = 2000

/**
 * Inputs that stand for what calls need and the document does not give. Each is of one step, for what is called the same in
 * two of them need not be the same.
 */
export class MissingInputs {
  readonly #taken: Set<string>
  readonly #properties: Record<string, Record<string, unknown>> = {}

  /** `taken` are the names of the document's own inputs. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  get names(): string[] {
    return Object.keys(this.#properties)
  }

  /** The values that are given, and inputs for those that a step needs besides. */
  complete(
    stepId: string,
    given: Readonly<Record<string, unknown>>,
    needed: readonly { name: string; schema: Record<string, unknown> }[],
  ): Record<string, unknown> {
    const missing = needed.filter(({ name }) => !Object.hasOwn(given, name))
    const asked = missing.flatMap(({ name, schema }) => {
      const template = this.#ask(`${stepId}_${name}`, schema)
      return template === null ? [] : [[name, template] as const]
    })
    return asked.length === 0 ? { ...given } : Object.fromEntries([...Object.entries(given), ...asked])
  }

  /** A body with what a step needs of it: all of it where there is none, else the properties that it lacks. */
  completeBody(stepId: string, body: unknown, { required, schema }: NonNullable<Needs['body']>): unknown {
    if (body === undefined) return required ? (this.#ask(`${stepId}_body`, schema) ?? undefined) : undefined
    if (!isRecord(body) || !Array.isArray(schema['required'])) return body
    const properties = isRecord(schema['properties']) ? schema['properties'] : {}
    const needed = schema['required'].filter((name) => typeof name === 'string')
    return this.complete(
      stepId,
      body,
      needed.map((name) => {
        const property = Object.hasOwn(properties, name) ? properties[name] : {}
        return { name, schema: isRecord(property) ? property : {} }
      }),
    )
  }

  /** The inputs of the document with these. */
  addTo(inputs: InputSchema | undefined): InputSchema | undefined {
    if (this.names.length === 0) return inputs
    return {
      type: 'object',
      properties: { ...inputs?.properties, ...this.#properties },
      required: [...(inputs?.required ?? []), ...this.names],
    }
  }

  #ask(wanted: string, schema: Record<string, unknown>): string | null {
    let name = wanted
    for (let count = 2; this.#taken.has(name) || name in Object.prototype; count++) name = `${wanted}_${count}`
    const path = formatPath('input', [name])
    if (path === null) return null
    this.#taken.add(name)
    const { type } = schema
    this.#properties[name] =
      JSON.stringify(schema).length <= MAX_SCHEMA ? schema : typeof type === 'string' ? { type } : {}
    return `{{ ${path} }}`
  }
}
