import { parseArgs } from 'node:util'
import { shrink, tell } from '../../tests/simulation/shrink.ts'
import { scenarioOf, simulate, simulateMany } from '../../tests/simulation/simulate.ts'
import { CliError, dim, green, red, runMain, say } from './terminal.ts'

const HELP = `npm run simulate [-- options]

Carries random workflows out with the engine's own decisions against a simulated API, disk, clock and death, and holds
each against what the engine promises. What happens depends on the seed alone.

  --runs N   how many runs (10000)
  --seed S   the seed of the first; the others follow it (1)`

const CHUNK = 1000

async function main(): Promise<number | void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help) return say(HELP)
  const runs = readCount('--runs', values.runs, 10_000)
  const first = readCount('--seed', values.seed, 1)
  const started = performance.now()
  const ends: Record<string, number> = {}
  let [events, crashes, compared] = [0, 0, 0]
  for (let done = 0; done < runs; done += CHUNK) {
    const tally = simulateMany(first + done, Math.min(CHUNK, runs - done))
    if (tally.failure) return report(tally.failure.scenario.seed)
    events += tally.events
    crashes += tally.crashes
    compared += tally.compared
    for (const [end, count] of Object.entries(tally.ends)) ends[end] = (ends[end] ?? 0) + count
  }
  const seconds = (performance.now() - started) / 1000
  say(`${green('✓')} ${runs} runs from seed ${first}: every promise kept`)
  say(`  ${events} events, ${crashes} deaths; ${compared} results held against the run without any`)
  say(
    `  ${Object.entries(ends)
      .map(([end, count]) => `${count} ${end}`)
      .join(', ')}`,
  )
  say(dim(`  ${seconds.toFixed(1)} s, ${Math.round(runs / seconds)} runs/s`))
}

function report(seed: number): number {
  const failure = simulate(scenarioOf(seed))
  if (!('rule' in failure))
    throw new CliError(`Seed ${seed} failed once and not again: something in it is left to chance.`)
  say(`${red('✗')} seed ${seed}: ${failure.message}`)
  say(dim('  looking for a smaller one …\n'))
  say(tell(shrink(failure)))
  return 1
}

function readCount(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  if (!/^\d{1,9}$/.test(text)) throw new CliError(`${option} takes a whole number, not "${text}".`)
  return Number(text)
}

await runMain(main)
