import { green, red, say } from '../terminal.ts'
import type { Workload } from './workflows.ts'

/** A run under fire: how it ended, and how often it lost a call to a kill. */
export type RunOutcome = { id: string; workload: Workload; status: string; error: string | null; recoveries: number }

/** What the runs and the API's ledger say of each other. */
export type Verdict = {
  runs: readonly RunOutcome[]
  writes: number
  /** Keys under which the API did something more than once. */
  repeated: string[]
  /** Runs that succeeded without all their writes being in the ledger. */
  lacking: string[]
  /** Keys of runs that nobody knows of. */
  unknown: string[]
  /** Customers that are there more often than a run asked for. */
  doubled: string[]
}

type Entry = { idempotencyKey: string | null; status: number; body: { email?: string } | null }

/** Holds how the runs ended against what the API did. */
export async function judge(storeUrl: string, runs: readonly RunOutcome[]): Promise<Verdict> {
  const answer = await fetch(`${storeUrl}/__ledger`)
  const { items } = (await answer.json()) as { items: Entry[] }
  const byKey = countBy(items.map((entry) => entry.idempotencyKey ?? 'no key'))
  const byMail = countBy(items.map((entry) => entry.body?.email ?? 'no address'))
  const writesOf = (id: string) => items.filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`${id}:`)).length
  return {
    runs,
    writes: items.length,
    repeated: [...byKey].flatMap(([key, count]) => (count > 1 ? [`${key} (${count} times)`] : [])),
    unknown: [...byKey.keys()].filter((key) => !runs.some(({ id }) => key.startsWith(`${id}:`))),
    doubled: [...byMail].flatMap(([mail, count]) => (count > 1 ? [`${mail} (${count} times)`] : [])),
    lacking: runs.flatMap(({ id, workload, status }) =>
      status === 'succeeded' && writesOf(id) !== workload.writes
        ? [`${id} (${workload.name}): ${writesOf(id)} of ${workload.writes}`]
        : [],
    ),
  }
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Prints the table and what is wrong; the exit code. */
export function printVerdict({ runs, writes, repeated, lacking, unknown, doubled }: Verdict, lost: number): number {
  say(
    `\n  ${'workflow'.padEnd(12)}${'runs'.padStart(6)}${'succeeded'.padStart(11)}${'failed'.padStart(8)}${'open'.padStart(6)}`,
  )
  for (const name of new Set(runs.map(({ workload }) => workload.name))) {
    const of = runs.filter(({ workload }) => workload.name === name)
    const count = (...statuses: string[]) => of.filter(({ status }) => statuses.includes(status)).length
    const open = of.length - count('succeeded', 'failed', 'cancelled')
    say(
      `  ${name.padEnd(12)}${String(of.length).padStart(6)}${String(count('succeeded')).padStart(11)}` +
        `${String(count('failed')).padStart(8)}${String(open).padStart(6)}`,
    )
  }
  const hit = runs.filter(({ recoveries }) => recoveries > 0).length
  say(`\n  ${hit} runs had calls cut off by a kill; ${lost} times a run was asked for in vain or its answer lost`)
  say(`  ${writes} writes in the API's ledger`)
  const unfinished = runs.filter(({ status }) => !['succeeded', 'failed', 'cancelled'].includes(status))
  const problems = [
    ...unfinished.map(({ id, status }) => `${id} did not finish: ${status}`),
    ...runs.filter(({ status }) => status === 'failed').map(({ id, error }) => `${id} failed: ${error}`),
    ...repeated.map((key) => `done more than once under one key: ${key}`),
    ...unknown.map((key) => `made by a run that is not there: ${key}`),
    ...doubled.map((mail) => `made more than once: ${mail}`),
    ...lacking.map((run) => `succeeded without all its writes: ${run}`),
  ]
  for (const problem of problems) say(`  ${red('✗')} ${problem}`)
  if (problems.length === 0) say(`  ${green('✓')} every run finished, and every write was made once`)
  return problems.length === 0 ? 0 : 1
}
