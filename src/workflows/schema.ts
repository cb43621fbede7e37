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

/** An Arazzo document on its way in: its text in YAML or JSON, or the document itself. */
export const WorkflowImport = z
  .object({
    document: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).openapi({
      description: 'An Arazzo 1.0.x document: its text in YAML or JSON, or the document itself',
      example: 'arazzo: 1.0.1\n…',
    }),
  })
  .openapi('WorkflowImport')
export type WorkflowImport = z.infer<typeof WorkflowImport>

const importedWorkflow = {
  name: z.string(),
  workflowId: z.string().openapi({ description: 'What the document calls it' }),
  path: z.string().openapi({ description: 'JSON pointer of the workflow in the document' }),
  steps: z
    .object({ total: z.int(), mapped: z.int() })
    .openapi({ description: 'Steps of the document, and those of them that were taken over' }),
  notes: z.array(z.string()).openapi({ description: 'What holds here and not quite in the document' }),
  checks: z.array(CheckFinding).openapi({ description: 'What the specifications say of the definition' }),
}

/** What an import stored, what it did not, and why. */
export const ImportedWorkflows = z
  .object({
    created: z.array(z.object({ id: z.string(), ...importedWorkflow })),
    refused: z
      .array(z.object(importedWorkflow))
      .openapi({ description: 'Workflows that cannot run; nothing is stored' }),
    findings: z
      .array(z.object({ path: z.string(), message: z.string(), fix: z.string() }))
      .openapi({ description: 'Places of the document that could not be taken over as they are' }),
  })
  .openapi('ImportedWorkflows')
export type ImportedWorkflows = z.infer<typeof ImportedWorkflows>

export const ExportQuery = z.object({
  format: z.enum(['yaml', 'json']).default('yaml').openapi({ description: 'How the document is written' }),
})
