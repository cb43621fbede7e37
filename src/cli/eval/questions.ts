import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CliError } from '../terminal.ts'
import { leavesOf, type Argument } from './arguments.ts'
import type { Flow } from './metrics.ts'

/** A call that a right answer makes, with the arguments that the data gives for it. */
export type GoldCall = { operation: string; arguments: Argument[] }

/** A question whose answer is known. Operations are written `METHOD /path/template`. */
export type Question = {
  id: string
  file: string
  query: string
  /** Documents that have to be connected, relative to the folder of the data; the same set has the same key. */
  specs: string[]
  set: string
  gold: string[]
  /** Whether the calls have to come in the order of `gold`. */
  ordered: boolean
  /** Null where the data gives no arguments. */
  calls: GoldCall[] | null
  /** Null where the data says nothing of what flows where. */
  flows: Flow[] | null
}

const Args = z.record(z.string(), z.unknown())

const Row = z.object({
  id: z.string(),
  query: z.string(),
  spec: z.string().optional(),
  specs: z.array(z.string()).optional(),
  gold: z.array(z.unknown()),
  gold_ops: z.array(z.string().nullable()).optional(),
  ordered: z.boolean().default(true),
  // An item that needs something no document offers.
  valid: z.boolean().default(true),
  args: z.object({ path: Args, query: Args, body: Args, header: Args }).partial().optional(),
  steps: z.array(z.object({ operation: z.string(), args: Args.optional() })).optional(),
  core: z.boolean().default(true),
  flows: z.array(z.object({ from: z.number(), to: z.number(), param: z.string() })).optional(),
})
type Row = z.infer<typeof Row>

const ToolCall = z.object({ name: z.string(), arguments: Args.default({}) })

/** Every question of the `*.jsonl` files of a folder whose name contains `only`. @throws CliError on one that cannot be read */
export async function readQuestions(folder: string, only: string): Promise<Question[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl') && file.includes(only)).toSorted()
  if (files.length === 0) throw new CliError(`There is no *.jsonl file in ${folder} whose name contains “${only}”.`)
  const read = await Promise.all(files.map(async (file) => readFile(join(folder, file), 'utf8')))
  return files.flatMap((file, index) =>
    (read[index] ?? '').split('\n').flatMap((line, at) => (line.trim() === '' ? [] : readLine(file, at + 1, line))),
  )
}

function readLine(file: string, number: number, line: string): Question[] {
  const row = Row.safeParse(JSON.parse(line))
  if (!row.success) throw new CliError(`${file}, line ${number}: ${z.prettifyError(row.error)}`)
  const { id, query, ordered, valid } = row.data
  const specs = row.data.specs ?? (row.data.spec === undefined ? [] : [row.data.spec])
  const operations = row.data.gold_ops ?? row.data.gold
  const gold = operations.filter((operation): operation is string => typeof operation === 'string')
  if (!valid || specs.length === 0 || gold.length === 0 || gold.length < operations.length) return []
  const set = specs.join('\n')
  return [
    { id, file, query, specs, set, gold, ordered, calls: callsOf(row.data, gold), flows: flowsOf(row.data, gold) },
  ]
}

function callsOf({ args, steps, gold, gold_ops: named }: Row, operations: readonly string[]): GoldCall[] | null {
  const [operation = ''] = operations
  if (args) {
    const given = Object.entries(args).flatMap(([place, values]) => leavesOf(values, place as Argument['in']))
    return [{ operation, arguments: given }]
  }
  if (steps?.some((step) => step.args))
    return steps.map((step) => ({ operation: step.operation, arguments: leavesOf(step.args ?? {}, null) }))
  if (!named) return null
  return gold.slice(0, operations.length).map((call, index) => {
    const tool = ToolCall.safeParse(call)
    return { operation: operations[index] ?? '', arguments: leavesOf(tool.success ? tool.data.arguments : {}, null) }
  })
}

function flowsOf({ core, flows }: Row, gold: readonly string[]): Flow[] | null {
  if (!core || !flows || flows.length === 0) return null
  return flows.map(({ from, to, param }) => ({ from: gold[from] ?? '', to: gold[to] ?? '', param }))
}
