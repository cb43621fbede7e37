import { isRecord } from './json-schema.ts'
import { sameJson } from './same.ts'
import { readText, writeRuntime, type ExpressionContext, type Outputs } from './runtime.ts'

/** A part of a value that could not be read: where in the value, and why. */
export type Unread = { path: readonly (string | number)[]; reason: string }

/** A value of an Arazzo document as a template. What cannot be read is left out of objects, null in lists, and told. */
export function readValue(value: unknown, context: ExpressionContext): { template: unknown; unread: Unread[] } {
  const unread: Unread[] = []
  const read = (inner: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof inner === 'string') {
      const text = readText(inner, context)
      if ('value' in text) return text.value
      unread.push({ path, reason: text.reason })
      return undefined
    }
    if (Array.isArray(inner)) return inner.map((item, index) => read(item, [...path, index]) ?? null)
    if (!isRecord(inner)) return inner
    const entries = Object.entries(inner).map(([name, item]) => [name, read(item, [...path, name])] as const)
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
  }
  return { template: read(value, []), unread }
}

// On the way out a template is `{{ path }}`, a text with such in it, or something that Arazzo cannot say.
const WHOLE = /^\{\{ ([^{}]+) \}\}$/
const PART = /\{\{ ([^{}]+) \}\}/g

/**
 * A template as a value of an Arazzo document. What has no form there stays as it is; `exact` says whether reading the
 * value gives the template again, and where it does not the template belongs into an extension beside it.
 */
export function writeValue(
  template: unknown,
  outputs: Outputs,
  contextOf: () => ExpressionContext,
): { value: unknown; exact: boolean } {
  const write = (inner: unknown): unknown => {
    if (typeof inner === 'string') return writeText(inner, outputs)
    if (Array.isArray(inner)) return inner.map(write)
    if (!isRecord(inner)) return inner
    return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, write(item)]))
  }
  const value = write(template)
  const read = readValue(value, contextOf())
  return { value, exact: read.unread.length === 0 && sameJson(read.template, template) }
}

function writeText(text: string, outputs: Outputs): string {
  const whole = WHOLE.exec(text)?.[1]
  if (whole !== undefined) return writeRuntime(whole, outputs) ?? text
  return text.replaceAll(PART, (part, path: string) => {
    const expression = writeRuntime(path, outputs)
    return expression === null ? part : `{${expression}}`
  })
}
