import type { WorkflowDefinition } from '../../steps/schema.ts'

/** How the texts of a definition are rewritten: those that people read, and those that calls and expressions are made of. */
export type Rewriting = { shown: (text: string) => string; sent: (text: string) => string }

// Of a workflow or a step; within what is sent a `name` is a value like any other.
const SHOWN = new Set(['id', 'name', 'description'])
const SENT = new Set(['body', 'parameters', 'value'])

/** A definition with its texts rewritten. Pure. */
export function mapTexts(definition: WorkflowDefinition, rewriting: Rewriting): WorkflowDefinition {
  const map = (value: unknown, key: string, isSent: boolean): unknown => {
    if (typeof value === 'string') return !isSent && SHOWN.has(key) ? rewriting.shown(value) : rewriting.sent(value)
    if (Array.isArray(value)) return value.map((item) => map(item, key, isSent))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, inner]) => [name, map(inner, name, isSent || SENT.has(name))])
    return Object.fromEntries(entries)
  }
  return map(definition, '', false) as WorkflowDefinition
}
