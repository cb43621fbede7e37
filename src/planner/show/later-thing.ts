import { words } from '../../lib/words.ts'
import { LATER } from '../language/events.ts'
import type { Planned } from '../schema.ts'
import { neededWords } from './explain.ts'
import { mapTexts } from './map-texts.ts'

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
    definition: { ...mapTexts(definition, { shown: told, sent: (text) => withInput(text, name) }), inputs },
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

/** What the id is given to first, or stands in; null where it stands nowhere. */
function targetOf(value: unknown, name: string): string | null {
  if (typeof value === 'string') return value.includes(LATER) ? (value === LATER ? name : '') : null
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = targetOf(inner, Array.isArray(value) ? name : key)
    if (found !== null) return found
  }
  return null
}

/** A text with the input in the place of the id: as a value, in an expression, or within other words. */
function withInput(text: string, name: string): string {
  const input = `input.${name}`
  if (!text.includes('{{')) return text.replaceAll(LATER, `{{ ${input} }}`)
  return text.replaceAll(JSON.stringify(LATER), input)
}
