import { styleText } from 'node:util'

// `styleText` leaves the text alone without a terminal and with NO_COLOR.
type Style = Parameters<typeof styleText>[0]
const style = (format: Style) => (text: string) => styleText(format, text, { stream: process.stdout })

export const bold = style('bold')
export const dim = style('dim')
export const red = style('red')
export const green = style('green')
export const yellow = style('yellow')
export const cyan = style('cyan')

/** A failure to be told in one message, without a stack: something about the machine or the request, not the code. */
export class CliError extends Error {}

/** How many characters fit a line; a terminal that does not know its size, or is too narrow to matter, counts as 100. */
export function terminalWidth(): number {
  const { columns = 0 } = process.stdout
  return columns >= 20 ? columns : 100
}

/** Prints a line. */
export function say(line = ''): void {
  console.log(line)
}

/** Milliseconds for people: `87 ms`, `2.4 s`. */
export function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

/** Does a piece of work with a progress line that ends in the time it took. */
export async function timed<T>(label: string, work: () => Promise<T>, quiet = false): Promise<T> {
  if (quiet) return work()
  const live = process.stdout.isTTY
  const started = performance.now()
  if (live) process.stdout.write(dim(`  … ${label}`))
  const end = (line: string) => process.stdout.write(`${live ? '\r\u001B[K' : ''}  ${line}\n`)
  try {
    const result = await work()
    end(`${green('✓')} ${label} ${dim(duration(performance.now() - started))}`)
    return result
  } catch (error) {
    end(`${red('✗')} ${label}`)
    throw error
  }
}

/** Runs a script's main function; what it throws is told, and makes the exit code 1. */
export async function runMain(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    const told = error instanceof CliError || isUsageError(error)
    console.error(told ? `\n${red(error.message)}` : error)
    process.exitCode = 1
  }
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
