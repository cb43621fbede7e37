import type { Plan } from '../../planner/schema.ts'
import type { RunEvent } from '../../runs/machine/events.ts'
import type { Execution } from '../../runs/schema.ts'
import type { Api } from '../api.ts'
import { bold, CliError, cyan, dim, duration, green, red, say, terminalWidth, yellow } from '../terminal.ts'
import { followRun } from './follow-run.ts'
import { showMissing, showNearest, showPlan } from './show-plan.ts'
import { showResult } from './table.ts'

/** What became of a request in plain English. */
export type Outcome = { plan: Plan; planMs: number; workflowId: string; events: RunEvent[]; output: unknown }

/**
 * Asks for something in plain English and sees it through: plan, confirmation, run and result, all of it shown.
 * @throws CliError when there is no plan, when a value is missing, or when the run does not succeed.
 */
export async function ask(api: Api, message: string, given: Record<string, string>): Promise<Outcome> {
  say(`\n${bold(cyan(`“${message}”`))}`)
  const started = performance.now()
  const plan = await api.call<Plan>('POST', '/api/chat', { message })
  const planMs = performance.now() - started
  if (plan.definition === null) throw new CliError([plan.explanation, ...indent(showNearest(plan))].join('\n'))
  say(dim(`planned in ${duration(planMs)}, confidence ${Math.round(plan.confidence * 100)} %`))
  for (const line of indent(showPlan(plan))) say(line)
  const input = readInput(plan, given)
  say('Confirming: the plan runs.')
  const { id, workflowId } = await api.call<Execution>('POST', '/api/chat/execute', { planId: plan.id, input })
  const events = await followRun(api, id, createProgress())
  const last = events.at(-1)
  if (last?.type === 'run.failed')
    throw new CliError(`The run ${id} failed${last.error.step ? ` in ${last.error.step}` : ''}: ${last.error.message}`)
  if (last?.type !== 'run.succeeded') throw new CliError(`The run ${id} ended with ${last?.type}.`)
  say()
  for (const line of indent(showResult(last.output, terminalWidth() - 2))) say(line)
  return { plan, planMs, workflowId, events, output: last.output }
}

/** The given values as the plan's inputs. A text given for something that is no text is read as JSON. */
function readInput(plan: Plan, given: Record<string, string>): Record<string, unknown> {
  const known = new Set(plan.missing.map(({ name }) => name))
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown !== undefined) throw new CliError(`This plan has no input "${unknown}".`)
  if (plan.missing.some(({ name }) => given[name] === undefined))
    throw new CliError(['This plan needs more to run:', ...indent(showMissing(plan))].join('\n'))
  const read = (text: string, type: unknown): unknown => {
    if (type === 'string') return text
    try {
      return JSON.parse(text)
    } catch {
      // APIQ says what is wrong with it better than a parser could.
      return text
    }
  }
  return Object.fromEntries(plan.missing.map(({ name, schema }) => [name, read(given[name] ?? '', schema['type'])]))
}

function createProgress(): (event: RunEvent) => void {
  const startedAt = new Map<string, number>()
  return (event) => {
    if (event.type === 'step.started') {
      startedAt.set(event.step, event.at)
      say(`  ${cyan('▸')} ${event.step} …`)
    } else if (event.type === 'step.succeeded') {
      const took = event.at - (startedAt.get(event.step) ?? event.at)
      say(`  ${green('✓')} ${event.step} ${statusOf(event.output)}${dim(`in ${took} ms`)}`)
    } else if (event.type === 'step.failed') {
      const again = event.retryAt === null ? '' : `, again in ${duration(event.retryAt - event.at)}`
      say(`  ${event.retryAt === null ? red('✗') : yellow('↻')} ${event.step} ${event.error.message}${again}`)
    }
  }
}

function statusOf(output: unknown): string {
  return typeof output === 'object' && output !== null && 'status' in output ? `${String(output.status)} ` : ''
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
