import { z } from 'zod'
import { slotsOf } from '../../links/slots.ts'
import { operationName } from '../../specs/operation.ts'
import { hasExpression } from '../../steps/expressions.ts'
import { isSafe } from '../../steps/order.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { type ApiCallStep, type Step, WorkflowDefinition } from '../../steps/schema.ts'
import { setAt } from '../show/call-step.ts'
import type { Callable } from './functions.ts'
import { plainText, slotName } from './words.ts'

const id = z.string().max(100)
const Argument = z.object({ name: z.string().max(300), value: z.unknown() })
// Endpoints that do not hold a model to the schema get an object as often as a list.
const Arguments = z
  .union([z.array(Argument), z.record(z.string(), z.unknown())])
  .transform((given) =>
    Array.isArray(given) ? given : Object.entries(given).map(([name, value]) => ({ name, value })),
  )

type ProposedStep =
  | { type: 'call'; id: string; function: string; with: z.infer<typeof Arguments> }
  | { type: 'transform'; id: string; value: string }
  | { type: 'condition'; id: string; if: string; then: ProposedStep[]; else: ProposedStep[] }
  | { type: 'loop'; id: string; each: string; as: string; steps: ProposedStep[] }

const steps = z.lazy(() => z.array(ProposedStep).max(100))
const ProposedStep: z.ZodType<ProposedStep, unknown> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id, function: z.string().max(200), with: Arguments.default([]) }),
  z.object({ type: z.literal('transform'), id, value: z.string() }),
  z.object({
    type: z.literal('condition'),
    id,
    if: z.string(),
    // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
    then: steps,
    else: steps.default([]),
  }),
  z.object({ type: z.literal('loop'), id, each: z.string(), as: z.string(), steps }),
])

/** What a model proposes; it is held against nothing yet. */
export const Proposal = z.object({
  steps: z.array(ProposedStep).max(100),
  inputs: z
    .array(z.object({ name: z.string().max(100), type: z.string().max(20), description: z.string().default('') }))
    .max(100)
    .default([]),
  assumptions: z.array(z.string()).max(100).default([]),
  cannot: z.string().nullish(),
})
export type Proposal = z.infer<typeof Proposal>

const MAX_INDEX = 99

/** A proposal as a workflow definition, or in words why it is none. `functions` are those the model was told of. */
export function toDefinition(
  name: string,
  proposal: Proposal,
  functions: ReadonlyMap<string, Callable>,
): { definition: WorkflowDefinition } | { problem: string } {
  const problems: string[] = []
  const properties = Object.fromEntries(
    proposal.inputs.map((input) => [
      input.name,
      { type: input.type, ...(input.description && { description: input.description.slice(0, 300) }) },
    ]),
  )
  const required = Object.keys(properties)
  const parsed = WorkflowDefinition.safeParse({
    name: name.slice(0, 200),
    ...(required.length > 0 && { inputs: { type: 'object', properties, required } }),
    steps: toSteps(proposal.steps, functions, problems),
  })
  if (problems.length > 0) return { problem: problems.join('; ') }
  return parsed.success ? { definition: parsed.data } : { problem: z.prettifyError(parsed.error) }
}

function toSteps(
  proposed: readonly ProposedStep[],
  functions: ReadonlyMap<string, Callable>,
  problems: string[],
): Step[] {
  const done: Step[] = []
  for (const one of proposed) {
    const step = toStep(one, functions, problems)
    if (!step) continue
    // Reads overtake what is listed before them; of what was asked for in an order, none should.
    const before = done.findLast((earlier) => !isSafe(earlier))
    done.push(before && isSafe(step) ? { ...step, dependsOn: [before.id] } : step)
  }
  return done
}

function toStep(
  proposed: ProposedStep,
  functions: ReadonlyMap<string, Callable>,
  problems: string[],
): Step | undefined {
  const inside = (list: readonly ProposedStep[]) => toSteps(list, functions, problems)
  switch (proposed.type) {
    case 'call': {
      const callable = functions.get(proposed.function)
      if (callable) return toCall(proposed, callable)
      problems.push(`there is no function "${plainText(proposed.function)}"`)
      return undefined
    }
    case 'transform':
      return { id: proposed.id, type: 'transform', value: proposed.value }
    case 'condition': {
      const otherwise = inside(proposed.else)
      return {
        id: proposed.id,
        type: 'condition',
        if: proposed.if,
        // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
        then: inside(proposed.then),
        ...(otherwise.length > 0 && { else: otherwise }),
      }
    }
    case 'loop':
      return {
        id: proposed.id,
        type: 'loop',
        items: proposed.each,
        as: proposed.as,
        concurrency: 1,
        maxIterations: 1000,
        steps: inside(proposed.steps),
      }
    default:
      return proposed satisfies never
  }
}

function toCall({ id: stepId, with: given }: ProposedStep & { type: 'call' }, callable: Callable): ApiCallStep {
  const { endpoint, connection } = callable
  const slots = new Map(slotsOf(endpoint).map((slot) => [plainText(slotName(slot)), slot]))
  const parameters: Record<string, unknown> = {}
  let body: unknown
  for (const { name, value } of given) {
    // Where a value is not asked for, models held to a schema write null.
    if (value === null) continue
    const slot = slots.get(name)
    const typed = typedValue(value, slot ? typesOf(slot.schema) : [])
    if (slot?.in === 'body') body = setAt(body, slot.path, typed)
    else if (slot) parameters[slot.name] = typed
    else if (name === 'body') body = typedValue(value, ['object'])
    else if (name.startsWith('body.')) body = setAt(body, bodyPath(name), typed)
    // The check says what is wrong with it.
    else parameters[name] = typed
  }
  return {
    id: stepId,
    type: 'api_call',
    api: connection.slug,
    operation: operationName(endpoint),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(body !== undefined && { body }),
  }
}

/** `body.items.0.id` → items, 0, id. */
function bodyPath(name: string): (string | number)[] {
  return name
    .split('.')
    .slice(1, 20)
    .map((part) => (/^\d{1,2}$/.test(part) && Number(part) <= MAX_INDEX ? Number(part) : part))
}

/** Text that stands for a value of another type, as that value: the schema of a proposal knows no lists and objects. */
function typedValue(value: unknown, types: readonly string[]): unknown {
  if (typeof value !== 'string' || types.length === 0 || types.includes('string') || hasExpression(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
