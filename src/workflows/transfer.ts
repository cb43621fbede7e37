import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import { connections } from '../connections/tables.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, type FieldError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { workflowSteps } from '../steps/link.ts'
import { operationName } from '../specs/operation.ts'
import { loadTargets } from '../steps/catalogue.ts'
import { isIdempotencyKey } from '../steps/request.ts'
import type { CheckFinding } from '../steps/check.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { walkSteps } from '../steps/tree.ts'
import { parseArazzo } from './arazzo/document.ts'
import { toArazzo, type ExportApi } from './arazzo/export.ts'
import {
  fromArazzo,
  namesOf,
  type ArazzoImport,
  type ImportApi,
  type ImportedWorkflow,
  type Names,
  type StoredWorkflow,
} from './arazzo/import.ts'
import type { ArazzoDocument } from './arazzo/schema.ts'
import { resolveDefinition } from './library.ts'
import { reviewDefinition } from './runnable.ts'
import type { ImportedWorkflows, WorkflowImport } from './schema.ts'
import { findWorkflow, insertWorkflow } from './service.ts'
import { workflows } from './tables.ts'

/**
 * Stores the workflows of an Arazzo document that can run on the connected APIs, all in one write. The others, and what
 * of the document could not be taken over, are told with their places.
 * @throws AppError ARAZZO_INVALID when none can run, with every reason; SPEC_… when the text cannot be parsed
 */
export async function importWorkflows(ctx: Ctx, { document: source }: WorkflowImport): Promise<ImportedWorkflows> {
  requireScope(ctx, 'write')
  const document = parseArazzo(source)
  const { apis, stored: known } = await findNamed(ctx, namesOf(document))
  const imported = fromArazzo(document, apis, { idOf: () => newId('wfl', ctx.now()), stored: known })
  const checked = await reviewAll(ctx, imported.workflows)
  const [fit, unfit] = [true, false].map((fits) =>
    checked.filter(({ checks }) => checks.every(({ verdict }) => verdict !== 'wrong') === fits),
  )
  const stored = fit ?? []
  const [first, ...rest] = stored.flatMap(({ id, definition }) => [...insertWorkflow(ctx, id, definition)])
  if (!first) throw noneFits(imported, unfit ?? [])
  await ctx.db.batch([first, ...rest])
  return {
    created: stored.map((workflow) => ({ id: workflow.id, ...show(workflow) })),
    refused: (unfit ?? []).map(show),
    findings: imported.findings,
  }
}

type Reviewed = ImportedWorkflow & { checks: CheckFinding[] }

function show({ definition, workflowId, path, steps, notes, checks }: Reviewed) {
  return { name: definition.name, workflowId, path, steps, notes, checks }
}

/** Reviews workflows, of which one may call those before it; one that calls what cannot run cannot run either. */
async function reviewAll(ctx: Ctx, list: readonly ImportedWorkflow[]): Promise<Reviewed[]> {
  const pinned = new Map<string, WorkflowDefinition>()
  const reviews = new Map<string, Promise<Reviewed>>()
  const review = async (workflow: ImportedWorkflow): Promise<Reviewed> => {
    const callees = [...workflowSteps(workflow.definition.steps)].map(({ step }) => reviews.get(step.workflowId))
    await Promise.all(callees)
    const { pinned: definition, findings } = await reviewDefinition(ctx, workflow.definition, workflow.id, pinned)
    pinned.set(workflow.id, definition)
    return { ...workflow, definition, checks: findings }
  }
  for (const workflow of list) reviews.set(workflow.id, review(workflow))
  return Promise.all(reviews.values())
}

type Unfit = { path: string; checks: readonly CheckFinding[] }

function noneFits({ findings }: ArazzoImport, unfit: readonly Unfit[]): AppError {
  const wrong = unfit.flatMap(({ path, checks }) =>
    checks
      .filter(({ verdict }) => verdict === 'wrong')
      .map(({ path: inside, code, message }) => ({ path, code, message: `${inside}: ${message}` })),
  )
  const errors: FieldError[] = [...findings.map((finding) => ({ code: 'not_mapped', ...finding })), ...wrong]
  const [first] = errors
  const detail = first ? ` The first reason, at ${first.path || 'the document'}: ${first.message}.` : ''
  return new AppError('ARAZZO_INVALID', `None of the workflows can run here.${detail}`, { errors })
}

/** A workflow as an Arazzo 1.0.1 document. @throws AppError NOT_FOUND */
export async function exportWorkflow(ctx: Ctx, id: string): Promise<ArazzoDocument> {
  requireScope(ctx, 'read')
  const { definition } = await findWorkflow(ctx, id)
  const { linked } = await resolveDefinition(ctx, definition, id)
  const callees = [...workflowSteps(linked.steps)].map(({ step: { workflowId, callee } }) => ({
    id: workflowId,
    name: callee?.name ?? workflowId,
    url: `${ctx.caller.origin ?? ''}/api/workflows/${workflowId}/export`,
  }))
  const slugs = [...walkSteps(definition.steps)].flatMap((step) => (step.type === 'api_call' ? [step.api] : []))
  const [targets, apis] = await Promise.all([loadTargets(ctx, definition.steps), findApis(ctx, [...new Set(slugs)])])
  const known = apis.map((api): ExportApi => ({
    ...api,
    operationOf: (operation) => {
      const endpoint = targets[`${api.slug} ${operation}`]?.endpoint
      if (!endpoint) return null
      const { operationId, parameters, requestBody } = endpoint
      return { operationId, parameters, contentType: requestBody?.contentType ?? null }
    },
  }))
  return toArazzo(definition, known, callees)
}

const apiColumns = {
  id: connections.id,
  slug: connections.slug,
  name: connections.name,
  specUrl: connections.specUrl,
  baseUrl: connections.baseUrl,
}

async function findApis(ctx: Ctx, slugs: readonly string[]) {
  if (slugs.length === 0) return []
  return ctx.db
    .select(apiColumns)
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), inArray(connections.slug, [...slugs])))
}

/** Every API in use, each with those of its operations that have one of the names, and the workflows that have one. */
async function findNamed(ctx: Ctx, names: Names): Promise<{ apis: ImportApi[]; stored: StoredWorkflow[] }> {
  const { workspaceId } = ctx.actor
  const oneOf = (list: readonly string[]) => sql`(select value from json_each(${JSON.stringify(list)}))`
  const [apis, operations, stored] = await ctx.db.batch([
    ctx.db
      .select(apiColumns)
      .from(connections)
      .where(and(eq(connections.workspaceId, workspaceId), eq(connections.status, 'ACTIVE'))),
    ctx.db
      .select({
        connectionId: endpoints.connectionId,
        method: endpoints.method,
        path: endpoints.path,
        operationId: endpoints.operationId,
        parameters: endpoints.parameters,
        requestBody: endpoints.requestBody,
      })
      .from(endpoints)
      .where(
        and(
          eq(endpoints.workspaceId, workspaceId),
          eq(endpoints.active, true),
          or(
            sql`${endpoints.operationId} in ${oneOf(names.operationIds)}`,
            sql`${endpoints.method} || ' ' || ${endpoints.path} in ${oneOf(names.operations)}`,
            sql`${endpoints.path} in ${oneOf(names.paths)}`,
          ),
        ),
      ),
    ctx.db
      .select({ id: workflows.id, name: workflows.name })
      .from(workflows)
      .where(
        and(
          eq(workflows.workspaceId, workspaceId),
          eq(workflows.listed, true),
          or(
            sql`${workflows.id} in ${oneOf(names.workflows.ids)}`,
            sql`${workflows.name} in ${oneOf(names.workflows.names)}`,
          ),
        ),
      ),
  ])
  const byApi = Map.groupBy(operations, ({ connectionId }) => connectionId)
  const withOperations = apis.map(({ id, ...api }) => ({
    ...api,
    operations: (byApi.get(id) ?? []).map((endpoint) => ({
      operation: operationName(endpoint),
      operationId: endpoint.operationId,
      parameters: endpoint.parameters,
      body: endpoint.requestBody !== null,
      needs: {
        parameters: endpoint.parameters.filter((parameter) => parameter.required && !isIdempotencyKey(parameter)),
        body: endpoint.requestBody,
      },
    })),
  }))
  return { apis: withOperations, stored }
}
