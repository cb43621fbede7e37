import { bold, dim, green, red, say } from '../../../src/cli/terminal.ts'
import { speedRatio, type Figures } from './load.ts'
import type { Results } from './results.ts'
import type { Target } from './targets.ts'

// What is compared with the ten chained GETs of APIQ.
const RIVALS = ['bare', 'empty', 'object', 'pooled', 'workflows', 'n8n', 'node-red']
// Five columns of nine for each number of clients.
const CELLS = 45

/** Prints the tables, then a line for each target. */
export function printResults(results: Results, targets: readonly Target[]): void {
  const { machine } = results
  say(
    `${machine.cores} cores, others used ${(machine.busy * 100).toFixed(0)} % of them meanwhile; Node ${machine.node}, Miniflare ${machine.miniflare}.`,
  )
  say('Workers in one workerd on direct sockets (Miniflare, no proxy); 1 KB answers from loopback; milliseconds.\n')
  if (results.load.size > 0) printLoad(results)
  printComparison(results)
  if (targets.length > 0) say(bold('Targets'))
  for (const target of targets) printTarget(target)
  for (const failure of results.failures) say(`${red('✗')} ${failure}`)
}

function printLoad({ load, titles, rss }: Results): void {
  const clients = [...load.keys()]
  const heads = ['runs/s', 'p50', 'p95', 'CPU', '× bare'].map((head) => head.padStart(9)).join('')
  say(
    ' '.repeat(46) + clients.map((count) => bold(`${count} client${count === 1 ? '' : 's'}`.padStart(CELLS))).join(''),
  )
  say(dim('subject'.padEnd(46) + clients.map(() => heads).join('') + (rss.size > 0 ? 'MB'.padStart(9) : '')))
  for (const [name, title] of titles) {
    const cells = clients.map((count) => showFigures(load.get(count)?.get(name), load.get(count)?.get('bare')))
    const memory = rss.get(name)
    say(`${title.padEnd(46)}${cells.join('')}${memory === undefined ? '' : memory.toFixed(0).padStart(9)}`)
  }
  say(
    dim(
      '\n× bare: the time of a run in times of the bare chain of ten GETs; median of the rounds. CPU: processor time of workerd for a run, in ms.\nMB: whole processes.\n',
    ),
  )
}

function showFigures(figures: Figures | undefined, bare: Figures | undefined): string {
  if (!figures) return '–'.padStart(CELLS)
  if (figures.failure) return red('failed'.padStart(CELLS))
  const ratio = speedRatio(bare, figures)
  return [
    figures.perSecond.toFixed(figures.perSecond < 100 ? 1 : 0),
    figures.p50.toFixed(1),
    figures.p95.toFixed(1),
    figures.cpu === null ? '–' : figures.cpu.toFixed(1),
    Number.isNaN(ratio) ? '–' : ratio.toFixed(2),
  ]
    .map((cell) => cell.padStart(9))
    .join('')
}

function printComparison({ load, titles }: Results): void {
  const lines = RIVALS.flatMap((rival) => {
    const ratios = [...load].map(([, figures]) => speedRatio(figures.get('apiq'), figures.get(rival)))
    if (ratios.every(Number.isNaN)) return []
    return `${(titles.get(rival) ?? rival).padEnd(46)}${ratios.map((ratio) => `${ratio.toFixed(2)} ×`.padStart(12)).join('')}`
  })
  if (lines.length === 0) return
  say(bold('APIQ, ten chained GETs: runs per second in times of'))
  say(
    dim(
      `${' '.repeat(46)}${[...load.keys()].map((count) => `${count} client${count === 1 ? '' : 's'}`.padStart(12)).join('')}`,
    ),
  )
  for (const line of lines) say(line)
  say()
}

function printTarget({ name, bound, seen, held }: Target): void {
  if (held === null) return say(`  reported ${name}: ${seen}`)
  say(`${held ? green('✓ held  ') : red('✗ missed')} ${name}: ${bound}; seen ${seen}`)
}

/** The same as JSON, for machines. */
export function toJson(results: Results, targets: readonly Target[]): string {
  const replace = (_: string, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value)
  return JSON.stringify({ ...results, targets }, replace, 2)
}
