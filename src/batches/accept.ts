import { and, eq, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, type FieldError } from '../errors.ts'
import { idOfPart, newId } from '../lib/ids.ts'
import { inputCheck, type CheckedInput } from '../runs/input.ts'
import { loadRunnable } from '../runs/runnable.ts'
import { readInputs, type ReadInput } from './read.ts'
import { formats, type Batch, type BatchOptions, type Format } from './schema.ts'
import { showBatch } from './service.ts'
import { batches, batchItems } from './tables.ts'
import { sendAdvance } from './work.ts'

const MAX_ITEMS = 10_000
const MAX_BYTES = 20_000_000
const MAX_INPUT_CHARACTERS = 250_000
const MAX_ERRORS = 100
// One statement's worth: a value of D1 has at most 2 MB, and a character at most 3 bytes.
export const CHUNK_ITEMS = 500
const CHUNK_CHARACTERS = 200_000

/** What is stored of an item, as `insertItems` reads it back in D1: index, line, run, status, input, error. */
export type Stored = [number, number, string, 'pending' | 'invalid', string | null, string | null]

/**
 * Accepts up to 10,000 inputs of a workflow, each to be a run of its own. All of them are read and checked first, and
 * nothing starts unless all are valid or `skipInvalid` says otherwise. They go into D1 as they come in, so that the
 * whole is never held; until the last is there the batch is `accepting`, and nobody runs any of it.
 * @throws AppError VALIDATION_FAILED naming the first hundred errors with their lines; UNSUPPORTED_MEDIA_TYPE,
 * BODY_TOO_LARGE, NOT_FOUND, INVALID_WORKFLOW.
 */
export async function createBatch(
  ctx: Ctx,
  workflowId: string,
  source: { contentType: string | undefined; body: ReadableStream<Uint8Array> | null },
  options: BatchOptions,
): Promise<Batch> {
  requireScope(ctx, 'execute')
  const format = formatOf(source.contentType)
  const { definition, version } = await loadRunnable(ctx, workflowId)
  const check = inputCheck(definition.inputs)
  const { workspaceId, userId } = ctx.actor
  const id = newId('bat', ctx.now())
  const mine = and(eq(batches.id, id), eq(batches.workspaceId, workspaceId))
  await ctx.db.insert(batches).values({
    id,
    workspaceId,
    workflowId,
    workflowVersion: version,
    name: definition.name,
    status: 'accepting',
    concurrency: options.concurrency,
    total: 0,
    createdBy: userId,
    createdAt: new Date(ctx.now()).toISOString(),
  })
  try {
    const inputs = readInputs(format, source.body ?? new Blob().stream(), definition.inputs, MAX_BYTES)
    const total = await storeInputs(ctx, id, inputs, check, options.skipInvalid)
    await ctx.db.batch([
      ctx.db.update(batches).set({ status: 'running', total }).where(mine),
      auditRow(ctx, 'batch.create', id, { workflowId, total }),
    ])
  } catch (error) {
    // Whether the last write came through may not be known: what is running stays.
    await ctx.db.delete(batches).where(and(mine, eq(batches.status, 'accepting')))
    throw error
  }
  await sendAdvance(ctx, workspaceId, id)
  return showBatch(ctx, id)
}

async function storeInputs(
  ctx: Ctx,
  batchId: string,
  inputs: AsyncGenerator<ReadInput[]>,
  check: (input: Record<string, unknown>) => CheckedInput,
  skipInvalid: boolean,
): Promise<number> {
  const errors: FieldError[] = []
  let chunk: Stored[] = []
  let characters = 0
  let [count, valid] = [0, 0]
  for await (const read of inputs) {
    for (const input of read) {
      if (count === MAX_ITEMS) throw invalid(`A batch has at most ${MAX_ITEMS} inputs.`, [])
      const index = count++
      const checked = checkInput(input, check)
      if ('errors' in checked) errors.push(...checked.errors.slice(0, MAX_ERRORS - errors.length).map(at(index, input)))
      else valid++
      // Once something is wrong nothing will be started, and the rest is only read for its errors.
      if (valid < count && !skipInvalid) continue
      const item = toStored(batchId, index, input.line, checked)
      chunk.push(item)
      characters += (item[4] ?? '').length
      if (chunk.length < CHUNK_ITEMS && characters < CHUNK_CHARACTERS) continue
      await insertItems(ctx, batchId, chunk)
      chunk = []
      characters = 0
    }
  }
  if (count === 0) throw invalid('The body holds no inputs.', [])
  if (valid < count && !skipInvalid)
    throw invalid(`${count - valid} of ${count} inputs do not fit; nothing was started.`, errors)
  if (valid === 0) throw invalid(`None of the ${count} inputs fits.`, errors)
  if (chunk.length > 0) await insertItems(ctx, batchId, chunk)
  return count
}

function checkInput(input: ReadInput, check: (input: Record<string, unknown>) => CheckedInput): CheckedInput {
  const problem = (message: string) => ({ errors: [{ path: '', code: 'malformed', message }] })
  if ('problem' in input) return problem(input.problem)
  const checked = check(input.value)
  if ('input' in checked && JSON.stringify(checked.input).length > MAX_INPUT_CHARACTERS)
    return problem(`has more than ${MAX_INPUT_CHARACTERS} characters`)
  return checked
}

function at(index: number, { line }: ReadInput) {
  return (error: FieldError): FieldError => ({ ...error, path: `/${index}${error.path}`, line })
}

function toStored(batchId: string, index: number, line: number, checked: CheckedInput): Stored {
  const runId = idOfPart('run', batchId, index)
  if ('input' in checked) return [index, line, runId, 'pending', JSON.stringify(checked.input), null]
  const message = checked.errors.map((error) => `${error.path} ${error.message}`.trim()).join('; ')
  return [index, line, runId, 'invalid', null, JSON.stringify({ code: 'VALIDATION_FAILED', message })]
}

/** Any number of items by one statement with one value: D1 takes a hundred values a statement. */
export async function insertItems(ctx: Ctx, batchId: string, items: Stored[]): Promise<void> {
  const of = (position: number) => sql.raw(`value ->> ${position}`)
  const { workspaceId } = ctx.actor
  await ctx.db
    .insert(batchItems)
    .select(
      sql`select ${batchId}, ${of(0)}, ${workspaceId}, ${of(1)}, ${of(4)}, ${of(2)}, ${of(3)}, 0, null, null, ${of(5)} from json_each(${JSON.stringify(items)})`,
    )
}

function formatOf(contentType: string | undefined): Format {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const known = Object.entries(formats).find(([name]) => name === type)
  if (known) return known[1]
  const names = Object.keys(formats).join(', ')
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', `The body is ${type || 'of no stated type'}; send ${names}.`)
}

function invalid(detail: string, errors: FieldError[]): AppError {
  return new AppError('VALIDATION_FAILED', detail, errors.length > 0 ? { errors } : {})
}
