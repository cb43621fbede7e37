import { z } from '@hono/zod-openapi'
import { WorkflowDefinition } from '../steps/schema.ts'

export const NewWorkflow = z.object({ definition: WorkflowDefinition }).openapi('NewWorkflow')
export type NewWorkflow = z.infer<typeof NewWorkflow>

export const Workflow = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Workflow')
export type Workflow = z.infer<typeof Workflow>

export const CheckFinding = z
  .object({ path: z.string(), code: z.string(), message: z.string(), verdict: z.enum(['wrong', 'unproven']) })
  .openapi('CheckFinding')

export const WorkflowDetail = Workflow.extend({
  definition: WorkflowDefinition,
  findings: z.array(CheckFinding).openapi({ description: 'What the specifications cannot prove, or no longer allow' }),
}).openapi('WorkflowDetail')
export type WorkflowDetail = z.infer<typeof WorkflowDetail>
