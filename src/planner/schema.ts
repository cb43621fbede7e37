import { z } from '@hono/zod-openapi'
import { StepType, WorkflowDefinition } from '../steps/schema.ts'
import { CheckFinding } from '../workflows/schema.ts'

export const ChatMessage = z
  .object({ message: z.string().trim().min(1).max(10_000).openapi({ example: 'Show me the late orders' }) })
  .openapi('ChatMessage')
export type ChatMessage = z.infer<typeof ChatMessage>

const effect = z.enum(['read', 'create', 'update', 'delete', 'pay', 'message'])

export const Binding = z
  .object({
    target: z.string().openapi({ description: 'The parameter or body property that is filled', example: 'customerId' }),
    in: z.enum(['path', 'query', 'header', 'cookie', 'body']),
    source: z.enum(['literal', 'input', 'step', 'expression']),
    value: z.string().openapi({
      description: 'The value in words: the literal, the input’s name, or the step and field it comes from',
    }),
  })
  .openapi('Binding')
export type Binding = z.infer<typeof Binding>

export const PlanStep = z
  .object({
    id: z.string(),
    title: z
      .string()
      .openapi({ description: 'What the step does, in words', example: 'Search customers for “Ada Lovelace”' }),
    type: StepType,
    api: z.string().nullable(),
    operation: z.string().nullable(),
    effect,
    reach: z.string().openapi({ description: 'How far it reaches', example: '1 × POST /orders at api.example.com' }),
    bindings: z.array(Binding),
  })
  .openapi('PlanStep')
export type PlanStep = z.infer<typeof PlanStep>

export const OperationSummary = z
  .object({ api: z.string(), operation: z.string(), summary: z.string(), effect })
  .openapi('OperationSummary')
export type OperationSummary = z.infer<typeof OperationSummary>

export const MissingInput = z
  .object({
    name: z.string(),
    description: z.string(),
    schema: z.record(z.string(), z.unknown()),
  })
  .openapi('MissingInput')
export type MissingInput = z.infer<typeof MissingInput>

export const Plan = z
  .object({
    id: z.string(),
    message: z.string(),
    status: z.enum(['ready', 'needs_input', 'not_found']).openapi({
      description:
        'ready to confirm; ready once the missing inputs are given; or nothing connected does what was asked',
    }),
    planner: z.enum(['embedded', 'model']).openapi({ description: 'Which of the two made the plan' }),
    explanation: z.string(),
    confidence: z.number().min(0).max(1),
    steps: z.array(PlanStep),
    effects: z.array(effect).openapi({ description: 'Every effect of the plan, once' }),
    assumptions: z.array(z.string()),
    missing: z.array(MissingInput).openapi({ description: 'Inputs to give when confirming' }),
    findings: z.array(CheckFinding).openapi({ description: 'What the specifications cannot prove' }),
    considered: z
      .array(OperationSummary)
      .max(20)
      .openapi({ description: 'The operations that were weighed up, best first: what the plan could have used' }),
    nearest: z.array(OperationSummary).openapi({ description: 'The nearest operations, when nothing was found' }),
    definition: WorkflowDefinition.nullable(),
    executionId: z.string().nullable().openapi({ description: 'Set once the plan was confirmed' }),
    createdAt: z.string(),
  })
  .openapi('Plan')
export type Plan = z.infer<typeof Plan>
