import { execFile } from 'node:child_process'
import { stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { serveFolder } from './corpus/serve-folder.ts'
import { readQuestions } from './eval/questions.ts'
import { summarise, writeMarkdown } from './eval/report.ts'
import { runQuestions } from './eval/run.ts'
import { splitQuestions } from './eval/split.ts'
import { bundleWorker, startIsolate } from './isolate.ts'
import { ROOT } from './root.ts'
import { onStopSignal } from './stop-signals.ts'
import { CliError, dim, runMain, say, timed } from './terminal.ts'

const HELP = `npm run eval -- [--data <folder>] [options]

Asks questions with known answers over real APIs: each with its own APIs connected and no others, in workerd, over HTTP.
The folder holds *.jsonl files and the documents they name; docs/evaluation.md tells their shapes and what is measured.
Without one, the project's own questions are asked: tests/questions.

  --planner embedded|model  the model is that of MODEL_API_KEY, MODEL_NAME and MODEL_BASE_URL (embedded)
  --split dev|validation|all
                            halves of the APIs; nobody develops on the second (all)
  --only <text>             files whose name contains the text
  --limit <n>               at most so many questions of each file
  --json <file>             writes every question with its plan, and the figures, there too`

const MODEL_VARIABLES = ['MODEL_API_KEY', 'MODEL_NAME', 'MODEL_BASE_URL'] as const

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(ROOT, 'tests/questions') },
      planner: { type: 'string', default: 'embedded' },
      split: { type: 'string', default: 'all' },
      only: { type: 'string', default: '' },
      limit: { type: 'string', default: 'Infinity' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { data, planner, split } = values
  if (values.help) return say(HELP)
  if (!['dev', 'validation', 'all'].includes(split)) throw new CliError(`--split takes dev, validation or all.`)
  if (!(await stat(data).catch(() => null))?.isDirectory()) throw new CliError(`${data} is not a folder.`)
  const every = await readQuestions(resolve(data), values.only)
  const halves = splitQuestions(every)
  const inHalf = every.filter((question) => split === 'all' || halves.get(question) === split)
  const limit = Number(values.limit)
  const questions = [...Map.groupBy(inHalf, ({ file }) => file).values()].flatMap((ofFile) => ofFile.slice(0, limit))
  const bundle = await timed('bundle the Worker', bundleWorker)
  const vars = readModel(planner)
  const isolate = await timed('start it in workerd', () => startIsolate({ bundle, logLevel: 'error', vars }))
  const server = await serveFolder(resolve(data))
  const close = async () => void (await Promise.all([isolate.close(), server.close()]))
  onStopSignal(async () => {
    await close()
    process.exit(130)
  })
  const tell = (done: number) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${dim(`  ${done} of ${questions.length}`)}`)
  }
  try {
    const label = `ask ${questions.length} questions`
    const evaluation = await timed(label, () => runQuestions(isolate, server.url, questions, halves, tell))
    const summary = summarise(evaluation)
    const revision = await readRevision()
    say(`\n${writeMarkdown(summary, `# ${planner} planner, revision ${revision}`)}`)
    if (values.json) {
      const report = { revision, planner, split, at: new Date().toISOString(), summary, ...evaluation }
      await writeFile(values.json, `${JSON.stringify(report, null, 1)}\n`)
    }
  } finally {
    await close()
  }
}

/** The variables of the model, from the environment; none for the embedded planner. */
function readModel(planner: string): Record<string, string> {
  if (planner === 'embedded') return {}
  if (planner !== 'model') throw new CliError('--planner takes embedded or model.')
  const given = MODEL_VARIABLES.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : []))
  const vars = Object.fromEntries(given)
  if (!vars['MODEL_API_KEY'] || !vars['MODEL_NAME'])
    throw new CliError('--planner model needs MODEL_API_KEY and MODEL_NAME in the environment.')
  return vars
}

/** The commit, marked where the folder differs from it. */
async function readRevision(): Promise<string> {
  const git = async (...command: string[]) => (await promisify(execFile)('git', command, { cwd: ROOT })).stdout.trim()
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no')
    return `${await git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : ' with changes'}`
  } catch {
    return 'unknown'
  }
}

await runMain(main)
