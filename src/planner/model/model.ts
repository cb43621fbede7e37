import { z } from 'zod'
import type { ModelConfig } from '../../config.ts'
import type { Ctx } from '../../context.ts'
import { startDeadline } from '../../platform/deadline.ts'
import { errorFields } from '../../platform/log.ts'
import { readModelFailure } from '../../platform/model-answer.ts'
import { callTool, ModelAnswerError, type ToolAnswer } from '../../platform/model.ts'
import { checkDefinition, type CheckFinding } from '../../steps/check.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { CONSIDERED, summarize } from '../retrieve/summaries.ts'
import { NOTHING_PLANNED, type OperationSummary, type Planned, type PlanProgress, type PlanStep } from '../schema.ts'
import { explainPlan } from '../show/explain.ts'
import { showDefinition } from '../show/show.ts'
import { understand } from '../understand/understand.ts'
import { gatherCallables } from './candidates.ts'
import { type Callable, keyOf } from './functions.ts'
import { askAgain, buildPrompt, type Earlier, type Prompt } from './prompt.ts'
import { Proposal, toDefinition } from './proposal.ts'

const ROUNDS = 2
const CHECKED_CONFIDENCE = 0.8
const UNPROVEN_CONFIDENCE = 0.65
const UNASKED_CONFIDENCE = 0.3
const MAX_ASSUMPTIONS = 10
const MAX_WORDS = 300
const NEAREST = 5

/** What a model is asked to plan. */
export type ModelQuestion = {
  message: string
  earlier: Earlier | null
  /** Ids of operations that were turned down. */
  without: ReadonlySet<string>
  /** Told how far it is, as it goes on. */
  watch?: ((progress: PlanProgress) => void) | undefined
  /** Aborts when nobody waits for the plan any more. */
  signal?: AbortSignal | undefined
}

/** The plan a model made, or in words why it made none that can be used. */
export type ModelOutcome = { plan: Planned } | { trouble: string }

/**
 * Plans with a model: it is told of the operations that retrieval found, within a budget, and proposes a workflow, which
 * the check decides on. A proposal that does not hold is sent back once. Whatever goes wrong is told, not thrown.
 */
export async function planWithModel(ctx: Ctx, model: ModelConfig, question: ModelQuestion): Promise<ModelOutcome> {
  const { message, earlier, without, watch } = question
  const callables = await gatherCallables(ctx, [...(earlier?.messages ?? []), message].join('. '), without)
  if (callables.length === 0) return { trouble: 'there is no operation to plan with' }
  const prompt = buildPrompt(ctx, message, callables, earlier, ctx.config.modelLimits)
  if (!prompt) return { trouble: 'the request is too long for it' }
  watch?.({ stage: 'found', operations: prompt.functions.size })
  const deadline = startDeadline(ctx.config.modelLimits.timeoutMs)
  const signal = question.signal ? AbortSignal.any([deadline.signal, question.signal]) : deadline.signal
  try {
    return await converse(ctx, model, prompt, question, signal)
  } catch (error) {
    const trouble = deadline.signal.aborted ? 'it did not answer in time' : troubleOf(error)
    ctx.log.warn('model could not plan', { model: model.name, trouble, ...errorFields(error) })
    return { trouble }
  } finally {
    deadline.clear()
  }
}

async function converse(
  ctx: Ctx,
  model: ModelConfig,
  prompt: Prompt,
  { message, watch }: ModelQuestion,
  signal: AbortSignal,
): Promise<ModelOutcome> {
  let { request } = prompt
  let problem = ''
  for (let round = 0; round < ROUNDS; round++) {
    watch?.(round === 0 ? { stage: 'asking', model: model.name } : { stage: 'correcting', problem })
    const answer = await callTool(model, ctx.fetch, request, {
      signal,
      timeoutMs: ctx.config.modelLimits.timeoutMs,
      onText: (text) => watch?.({ stage: 'draft', text }),
    })
    const judged = judge(answer, message, prompt.functions)
    if ('plan' in judged) return judged
    problem = judged.problem
    request = askAgain(request, answer.text, problem)
  }
  ctx.log.warn('the proposals of the model do not hold', { model: model.name, problem })
  return { trouble: 'what it proposed does not hold against the specifications' }
}

function judge(
  { value }: ToolAnswer,
  message: string,
  functions: Prompt['functions'],
): { plan: Planned } | { problem: string } {
  if (value === undefined) return { problem: 'it is no JSON' }
  const proposal = Proposal.safeParse(value)
  if (!proposal.success) return { problem: z.prettifyError(proposal.error) }
  const { steps, cannot, assumptions } = proposal.data
  if (steps.length === 0)
    return cannot
      ? { plan: refusal(cannot, functions) }
      : { problem: 'it has no steps, and does not say what is lacking' }
  const made = toDefinition(message, proposal.data, functions)
  if ('problem' in made) return made
  const catalogue = new Map([...functions.values()].map((callable) => [keyOf(callable), callable]))
  const findings = checkDefinition(made.definition, (api, operation) => catalogue.get(`${api} ${operation}`)?.endpoint)
  const wrong = findings.filter((finding) => finding.verdict === 'wrong')
  if (wrong.length > 0) return { problem: wrong.map((finding) => `${finding.path}: ${finding.message}`).join('; ') }
  return { plan: present(made.definition, findings, assumptions, message, catalogue) }
}

function present(
  definition: WorkflowDefinition,
  findings: CheckFinding[],
  assumptions: readonly string[],
  message: string,
  catalogue: ReadonlyMap<string, Callable>,
): Planned {
  const steps = showDefinition(definition, (key) => catalogue.get(key))
  const missing = Object.entries(definition.inputs?.properties ?? {}).map(([name, schema]) => ({
    name,
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
    schema,
  }))
  const unasked = unaskedEffects(message, steps)
  const sure = findings.length === 0 ? CHECKED_CONFIDENCE : UNPROVEN_CONFIDENCE
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    planner: 'model',
    explanation: explainPlan(steps, missing.length),
    confidence: unasked.length > 0 ? UNASKED_CONFIDENCE : sure,
    steps,
    effects: [...new Set(steps.map((step) => step.effect))],
    assumptions: [...unasked, ...assumptions.slice(0, MAX_ASSUMPTIONS).map((text) => text.slice(0, MAX_WORDS))],
    missing,
    findings,
    nearest: [],
    considered: listOf(catalogue, CONSIDERED),
    definition,
  }
}

/**
 * Effects of a plan for a request that reads as asking for none, as text in a specification may have talked the model
 * into: said first, so that nobody confirms them unseen.
 */
function unaskedEffects(message: string, steps: readonly PlanStep[]): string[] {
  if (understand(message).some((clause) => clause.effect !== 'read')) return []
  return steps.flatMap((step, index) =>
    step.effect === 'read'
      ? []
      : [
          `Step ${index + 1} is more than reading (${step.effect}), which the request does not ask for in so many words`,
        ],
  )
}

function refusal(cannot: string, functions: Prompt['functions']): Planned {
  return {
    status: 'needs_api',
    planner: 'model',
    explanation: `No connected API does this: ${cannot.slice(0, MAX_WORDS)}`,
    ...NOTHING_PLANNED,
    confidence: 0,
    nearest: listOf(functions, NEAREST),
    considered: listOf(functions, CONSIDERED),
  }
}

/** The best of the operations that the model was told of, in short. */
function listOf(callables: ReadonlyMap<string, Callable>, most: number): OperationSummary[] {
  const first = [...callables.values()].slice(0, most)
  return summarize(
    first.map(({ endpoint }) => endpoint),
    new Map(first.map(({ connection }) => [connection.id, connection])),
  )
}

/** What came between, in words that hold nothing of the endpoint's own. */
function troubleOf(error: unknown): string {
  if (error instanceof ModelAnswerError) return error.message
  const failure = readModelFailure(error)
  if (!failure) return 'its answer cannot be read'
  if (failure.status === 429) return 'it is rate limited'
  if (failure.status === 401 || failure.status === 403) return 'its endpoint refuses the key'
  if (failure.status === 404) return 'its endpoint does not know the model'
  if (failure.status !== null) return `its endpoint answered ${failure.status}`
  return failure.message.replace('the model', 'it')
}
