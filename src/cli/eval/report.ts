import { addArguments, type ArgumentCounts } from './arguments.ts'
import { isRefusal, type Refusal, type Result } from './evaluate.ts'
import type { Evaluation } from './run.ts'
import type { Half } from './split.ts'
import { f1, mean, percentile, share, type Estimate } from './statistics.ts'

/** The figures of some questions. */
export type Figures = {
  n: number
  recall: Record<'1' | '5' | '10' | '20', Estimate>
  all: Record<'10' | '20', Estimate>
  floor: { recall10: Estimate; all10: Estimate }
  correct: Estimate
  exact: Estimate
  precision: Estimate
  extra: Estimate
  required: ArgumentFigures | null
  arguments: ArgumentFigures | null
  flows: { f1: number; right: number; given: number; gold: number } | null
  planned: Estimate
  askedBack: Estimate
  unknown: number
  ms: { p50: number; p95: number }
  calibration: { from: number; n: number; right: Estimate; confidence: number }[]
}

type ArgumentFigures = { name: number; placed: number; value: Estimate; exact: Estimate; gold: number }

/** The figures of a list of results. */
export function figuresOf(results: readonly Result[]): Figures {
  const at = (k: 1 | 5 | 10 | 20) => mean(results.map(({ recall }) => recall[k]))
  const of = (hit: (result: Result) => boolean) => share(results.filter(hit).length, results.length)
  const times = results.map(({ ms }) => ms).toSorted((a, b) => a - b)
  const flows = results.flatMap((result) => (result.flows ? [result.flows] : []))
  const sum = (key: 'right' | 'given' | 'gold') => flows.reduce((total, flow) => total + flow[key], 0)
  const given = results.flatMap((result) => (result.arguments ? [result.arguments] : []))
  return {
    n: results.length,
    recall: { 1: at(1), 5: at(5), 10: at(10), 20: at(20) },
    all: { 10: of(({ all }) => all[10]), 20: of(({ all }) => all[20]) },
    floor: { recall10: mean(results.map(({ floor }) => floor.recall10)), all10: of(({ floor }) => floor.all10) },
    correct: of(({ correct }) => correct),
    exact: of(({ exact }) => exact),
    precision: mean(results.flatMap((result) => result.precision ?? [])),
    extra: mean(results.map(({ extra }) => extra)),
    required: given.length > 0 ? argumentFigures(given.map(({ required }) => required)) : null,
    arguments: given.length > 0 ? argumentFigures(given.map(({ all }) => all)) : null,
    flows:
      flows.length > 0
        ? {
            f1: f1(sum('right'), sum('given'), sum('gold')),
            right: sum('right'),
            given: sum('given'),
            gold: sum('gold'),
          }
        : null,
    planned: of(({ status }) => !isRefusal(status)),
    askedBack: of(({ askedBack }) => askedBack),
    unknown: results.filter(({ unknown }) => unknown.length > 0).length,
    ms: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    calibration: calibrate(results),
  }
}

function argumentFigures(all: readonly ArgumentCounts[]): ArgumentFigures {
  const { gold, given, named, placed, placeable, compared, equal, calls, exact } = addArguments(all)
  return {
    name: f1(named, given, gold),
    placed: placeable === 0 ? Number.NaN : f1(placed, given, placeable),
    value: share(equal, compared),
    exact: share(exact, calls),
    gold,
  }
}

/** Of the plans whose confidence lies in a tenth: how many take the correct path. */
function calibrate(results: readonly Result[]): Figures['calibration'] {
  const planned = results.filter(({ status }) => !isRefusal(status))
  return [...Map.groupBy(planned, ({ confidence }) => Math.min(9, Math.floor(confidence * 10 + 1e-9)))]
    .toSorted(([a], [b]) => a - b)
    .map(([tenth, inside]) => ({
      from: tenth / 10,
      n: inside.length,
      right: share(inside.filter(({ correct }) => correct).length, inside.length),
      confidence: inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length,
    }))
}

/** Every figure of an evaluation, by half and file; `all` takes the files together. */
export function summarise({ results, refusals }: Evaluation) {
  return [...Map.groupBy(results, ({ half }) => half)].toSorted().map(([half, inside]) => ({
    half,
    refusals: refused(refusals, half),
    files: [['all', inside] as const, ...Map.groupBy(inside, ({ file }) => file)].map(([file, of]) => ({
      file: file.replace(/\.jsonl$/, ''),
      figures: figuresOf(of),
    })),
  }))
}

function refused(refusals: readonly Refusal[], half: Half): Estimate {
  const of = refusals.filter((refusal) => refusal.half === half)
  return share(of.filter((refusal) => refusal.refused).length, of.length)
}

/** The figures as Markdown tables. */
export function writeMarkdown(summary: ReturnType<typeof summarise>, heading: string): string {
  return [`${heading}\n`, ...summary.map(({ half, files, refusals }) => writeHalf(half, files, refusals))].join('\n')
}

function writeHalf(half: Half, files: { file: string; figures: Figures }[], refusals: Estimate): string {
  const [whole] = files
  const sections = [
    `## ${half === 'dev' ? 'Half that was developed on' : 'Half that was not developed on'}\n`,
    table(
      ['file', 'n', 'r@1', 'r@5', 'r@10', 'r@20', 'all@10', 'all@20', 'BM25 r@10', 'BM25 all@10'],
      files.map(({ file, figures: { n, recall, all, floor } }) => [
        file,
        String(n),
        plain(recall[1]),
        plain(recall[5]),
        withInterval(recall[10]),
        plain(recall[20]),
        withInterval(all[10]),
        plain(all[20]),
        plain(floor.recall10),
        plain(floor.all10),
      ]),
    ),
    table(
      ['file', 'correct path', 'exact path', 'precision', 'extra calls', 'planned', 'asked back', 'p50 ms', 'p95 ms'],
      files.map(({ file, figures: { correct, exact, precision, extra, planned, askedBack, ms } }) => [
        file,
        withInterval(correct),
        withInterval(exact),
        plain(precision),
        plain(extra),
        plain(planned),
        plain(askedBack),
        ms.p50.toFixed(0),
        ms.p95.toFixed(0),
      ]),
    ),
    table(
      ['file', 'arguments', 'name F1', 'and place', 'value', 'call exact', 'data-flow F1'],
      files.flatMap(({ file, figures: { required, arguments: all, flows } }) => [
        ...(required && required.gold > 0 ? [argumentRow(file, 'required', required, flows)] : []),
        ...(all ? [argumentRow(file, 'all', all, flows)] : []),
        ...(!all && flows ? [[file, '–', '–', '–', '–', '–', number(flows.f1)]] : []),
      ]),
    ),
    `Questions that nothing connected answers, refused: ${withInterval(refusals)} of ${refusals.n}.\n`,
    table(
      ['confidence', 'plans', 'mean', 'correct path'],
      (whole?.figures.calibration ?? []).map(({ from, n, right, confidence }) => [
        `${from.toFixed(1)} to ${(from + 0.1).toFixed(1)}`,
        String(n),
        number(confidence),
        withInterval(right),
      ]),
    ),
  ]
  return sections.join('\n')
}

function argumentRow(file: string, which: string, figures: ArgumentFigures, flows: Figures['flows']): string[] {
  const { name, placed, value, exact } = figures
  return [
    file,
    which,
    number(name),
    number(placed),
    withInterval(value),
    withInterval(exact),
    flows ? number(flows.f1) : '–',
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return `${[line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')}\n`
}

function number(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(2)
}

const plain = ({ value }: Estimate) => number(value)

function withInterval({ value, low, high, n }: Estimate): string {
  return n === 0 ? '–' : `${number(value)} (${number(low)}–${number(high)})`
}
