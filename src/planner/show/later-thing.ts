import { words } from '../../lib/words.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { LATER } from '../language/events.ts'
import type { Planned } from '../schema.ts'
import { neededWords } from './explain.ts'

/**
 * A plan in which the thing that something happens to is an input: wherever the id stands that was planned with in its
 * place. `noun` is what it is. Pure.
 */
export function withLaterThing(planned: Planned, noun: string): Planned {
  const { definition } = planned
  const target = definition && targetOf(definition.steps, '')
  const isIts = (name: string) => words(name).includes(words(noun).at(-1) ?? '')
  const isOwn = target !== null && (/^(?:id)?$/i.test(target) || isIts(target))
  // What is given to another thing is the id of that one, which is asked for as well.
  const told = (text: string) => (target === null || isOwn ? withoutId(text, noun) : text.replaceAll(LATER, '…'))
  const isAsked = target !== null || planned.missing.some(({ name }) => isIts(name))
  const assumptions = planned.assumptions.filter((text) => !isAsked || !text.includes(LATER)).map(told)
  if (!definition || target === null) return { ...planned, explanation: told(planned.explanation), assumptions }
  const name = isOwn && !isIts(target) ? `${words(noun).join('_')}_id` : target
  const schema = { type: 'string', ...(isOwn && { description: `The ${noun} that it happened to` }) }
  const inputs = {
    type: 'object' as const,
    properties: { ...definition.inputs?.properties, [name]: schema },
    required: [...new Set([...(definition.inputs?.required ?? []), name])],
  }
  const others = planned.missing.filter((input) => input.name !== name)
  const missing = [...others, { name, description: schema.description ?? '', schema }]
  const explanation = planned.explanation.slice(0, -neededWords(planned.missing.length).length || undefined)
  return {
    ...planned,
    status: 'needs_input',
    explanation: told(explanation) + neededWords(missing.length),
    assumptions,
    definition: { ...(replaced(definition, name, told) as WorkflowDefinition), inputs },
    missing,
    steps: planned.steps.map((step) => ({
      ...step,
      title: told(step.title),
      bindings: step.bindings.map((binding) =>
        binding.value === LATER
          ? { ...binding, source: 'input' as const, value: name }
          : { ...binding, value: told(binding.value) },
      ),
    })),
  }
}

/** A text that speaks of the thing, and not of the id that stands for it. */
export function withoutId(text: string, noun: string): string {
  return text.replaceAll(`${noun} ${LATER}`, `the ${noun}`).replaceAll(LATER, `the ${noun}`)
}

/** What the id is given to first; null where it stands nowhere. */
function targetOf(value: unknown, name: string): string | null {
  if (value === LATER) return name
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = targetOf(inner, Array.isArray(value) ? name : key)
    if (found !== null) return found
  }
  return null
}

function replaced(value: unknown, name: string, told: (text: string) => string): unknown {
  if (value === LATER) return `{{ input.${name} }}`
  if (typeof value === 'string') return told(value)
  if (Array.isArray(value)) return value.map((item) => replaced(item, name, told))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, name, told)]))
}
