import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'
import { EndpointView } from '../catalog/schema.ts'
import { StepUndo } from '../compensations/schema.ts'
import { WorkflowDefinition } from '../steps/schema.ts'

const tags = z
  .array(z.string().trim().min(1).max(50))
  .max(20)
  .transform((list) => [...new Set(list)])
  .openapi({ type: 'array', items: { type: 'string' }, example: ['refunds'] })

export const NewWorkflow = z.object({ definition: WorkflowDefinition, tags: tags.default([]) }).openapi('NewWorkflow')
export type NewWorkflow = z.infer<typeof NewWorkflow>

export const Workflow = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    tags: z.array(z.string()),
    listed: z.boolean().openapi({
      description: 'False for what was made for one run, to answer a question or to undo, until it is changed',
    }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Workflow')
export type Workflow = z.infer<typeof Workflow>

export const CheckFinding = z
  .object({ path: z.string(), code: z.string(), message: z.string(), verdict: z.enum(['proved', 'wrong', 'unproven']) })
  .openapi('CheckFinding')

export const DefinitionToValidate = z
  .strictObject({
    definition: WorkflowDefinition,
    workflowId: z.string().optional().openapi({ description: 'The workflow whose next version it would be' }),
  })
  .openapi('DefinitionToValidate')
export type DefinitionToValidate = z.infer<typeof DefinitionToValidate>

export const Validation = z
  .object({
    valid: z.boolean().openapi({ description: 'Whether it can be stored and run: nothing in it is wrong' }),
    counts: z.object({ proved: z.int(), wrong: z.int(), unproven: z.int() }),
    findings: z.array(CheckFinding).openapi({
      description:
        'Every operation, reference, parameter and type, by its JSON pointer: proved by the specifications, wrong, or unproven because they do not say',
    }),
    effects: z
      .array(z.object({ step: z.string(), operation: z.string(), effect: EndpointView.shape.effect, undo: StepUndo }))
      .openapi({ description: 'The calls that change something, those of workflows that are called among them' }),
  })
  .openapi('Validation')
export type Validation = z.infer<typeof Validation>

export const WorkflowDetail = Workflow.extend({
  definition: WorkflowDefinition,
  findings: z.array(CheckFinding).openapi({ description: 'What the specifications cannot prove, or no longer allow' }),
}).openapi('WorkflowDetail')
export type WorkflowDetail = z.infer<typeof WorkflowDetail>

export const WorkflowChange = z
  .strictObject({
    definition: WorkflowDefinition.optional().openapi({ description: 'Becomes the next version' }),
    tags: tags.optional(),
    listed: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether it is in the list; any other change puts it there' }),
    baseVersion: z
      .int()
      .min(1)
      .optional()
      .openapi({ description: 'The version that was edited: 409 when it is no longer the current one' }),
  })
  .refine(
    ({ definition, tags, listed }) => [definition, tags, listed].some((given) => given !== undefined),
    'give a definition, tags or listed',
  )
  .openapi('WorkflowChange')
export type WorkflowChange = z.infer<typeof WorkflowChange>

export const WorkflowVersion = z
  .object({ version: z.int(), definition: WorkflowDefinition, createdBy: z.string(), createdAt: z.string() })
  .openapi('WorkflowVersion')
export type WorkflowVersion = z.infer<typeof WorkflowVersion>

export const VersionQuery = SortedQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the nextCursor of the page before')
    .optional(),
})
export type VersionQuery = z.infer<typeof VersionQuery>

export const Rollback = z.strictObject({ version: z.int().min(1) }).openapi('Rollback')

export const Duplicate = z.strictObject({ name: z.string().trim().min(1).max(200).optional() }).openapi('Duplicate')
export type Duplicate = z.infer<typeof Duplicate>

export const WorkflowQuery = SortedQuery.extend({
  q: z.string().trim().max(200).optional().openapi({ description: 'Part of the name' }),
  tag: z.string().optional(),
  listed: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .openapi({ description: 'False for those that were made for one run, to answer a question or to undo' }),
})
export type WorkflowQuery = z.infer<typeof WorkflowQuery>

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
