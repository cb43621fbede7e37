import { bold, dim, green, red, say, yellow } from '../terminal.ts'

/** What one document came to. */
export type Result = {
  path: string
  verdict: 'ok' | 'refused' | 'crashed' | 'hung' | 'lost'
  /** Of a refusal. */
  code: string | null
  detail: string
  findings: number
  operations: number
  skipped: number
  /** By the independent count; null where it cannot count the document. */
  counted: number | null
  lost: string[]
  ms: number
  /** MB of heap and ArrayBuffers at once. */
  peakMb: number
}

/** Prints one line, and what went wrong below it. */
export function sayResult(result: Result, width: number): void {
  const { path, verdict, code, findings, operations, skipped, ms, peakMb } = result
  const colour = verdict === 'ok' ? green : verdict === 'refused' ? yellow : red
  const numbers = [
    (verdict === 'refused' ? (code ?? '') : verdict).padEnd(20),
    String(findings).padStart(8),
    String(operations).padStart(10),
    String(skipped).padStart(7),
    ms.toFixed(0).padStart(8),
    peakMb.toFixed(0).padStart(8),
  ]
  say(`${path.padEnd(width)} ${colour(numbers[0] ?? '')}${numbers.slice(1).join('')}`)
  if (verdict !== 'ok') say(dim(`    ${result.detail.slice(0, 400)}`))
}

/** Prints the heading of the lines. */
export function sayHeading(width: number): void {
  say(bold(`${'document'.padEnd(width)} ${'outcome'.padEnd(20)}findings operations skipped      ms peak MB`))
}

/** Prints the share that connected, and how often each code came. */
export function saySummary(results: readonly Result[], parts: number): void {
  const connected = results.filter(({ verdict }) => verdict === 'ok' || verdict === 'lost')
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0)
  const share = results.length === 0 ? 0 : (connected.length / results.length) * 100
  say()
  say(bold(`${connected.length} of ${results.length} documents connected (${share.toFixed(1)} %)`))
  say(
    `${sum(({ operations }) => operations)} operations stored, ${sum(({ skipped }) => skipped)} skipped with a reason, ` +
      `${sum(({ lost }) => lost.length)} lost; ${connected.filter(({ findings }) => findings > 0).length} documents with findings; ` +
      `${parts} files are parts of others`,
  )
  const slowest = results.toSorted((a, b) => b.ms - a.ms)[0]
  const largest = results.toSorted((a, b) => b.peakMb - a.peakMb)[0]
  if (slowest) say(`slowest: ${slowest.path}, ${slowest.ms.toFixed(0)} ms`)
  if (largest) say(`most memory: ${largest.path}, ${largest.peakMb.toFixed(0)} MB`)
  const codes = Map.groupBy(
    results.filter(({ verdict }) => verdict !== 'ok'),
    ({ verdict, code }) => (verdict === 'refused' ? (code ?? '') : verdict),
  )
  for (const [code, of] of [...codes].toSorted(([, a], [, b]) => b.length - a.length))
    say(
      `  ${code.padEnd(24)}${String(of.length).padStart(5)}  ${dim(
        of
          .map(({ path }) => path)
          .slice(0, 3)
          .join(', '),
      )}`,
    )
}
