import type { Slot } from '../../links/slots.ts'
import type { JsonSchema } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import type { InputSchema } from '../../steps/schema.ts'
import type { MissingInput } from '../schema.ts'

const INPUT_KEYWORDS = ['enum', 'default', 'format', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'] as const

/** The inputs of a workflow in the making: what the message did not say. */
export class InputNames {
  readonly missing: MissingInput[] = []
  readonly #names = new Map<string, string>()

  nameFor(stepId: string, slot: Slot): string {
    const key = `${stepId} ${slot.in} ${slot.path.join('.')} ${slot.name}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = this.add(
      stepId,
      isBareId(slot) ? `${camelCase(slot.noun ?? '')}Id` : slot.name,
      slot.description,
      slot.schema,
    )
    this.#names.set(key, name)
    return name
  }

  add(stepId: string, wanted: string, description: string, schema: JsonSchema): string {
    const plain = wanted.replaceAll(/\W+/g, '_').replace(/^(?=\d)/, '_')
    const name = this.missing.some((input) => input.name === plain) ? `${stepId}_${plain}` : plain
    const type = typesOf(schema)[0] ?? 'string'
    const kept = INPUT_KEYWORDS.flatMap((keyword) =>
      schema[keyword] === undefined ? [] : [[keyword, schema[keyword]] as const],
    )
    this.missing.push({
      name,
      description,
      schema: { type, ...Object.fromEntries(kept), ...(description ? { description } : {}) },
    })
    return name
  }

  schema(): InputSchema | null {
    if (this.missing.length === 0) return null
    const properties = Object.fromEntries(this.missing.map(({ name, schema }) => [name, schema]))
    return { type: 'object', properties, required: this.missing.map(({ name }) => name) }
  }
}

/** `id` tells nobody of what. */
function isBareId({ name, noun }: Slot): boolean {
  return name.toLowerCase() === 'id' && noun !== null
}

function camelCase(noun: string): string {
  return noun.replaceAll(/ +(.)/g, (_, letter: string) => letter.toUpperCase())
}
