import { stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findDocuments } from './corpus/documents.ts'
import { sayHeading, sayResult, saySummary, type Result } from './corpus/report.ts'
import { serveFolder } from './corpus/serve-folder.ts'
import { takeDocument } from './corpus/take-document.ts'
import { bundleWorker, MEMORY_LIMIT_MB, startIsolate, type Isolate } from './isolate.ts'
import { onStopSignal } from './stop-signals.ts'
import { CliError, runMain, say, timed } from './terminal.ts'

const HELP = `npm run corpus -- <folder> [options]

Connects every OpenAPI, Swagger, Postman and HAR document of a folder, at any depth, through the Worker as deployed, in
workerd with the memory of Workers. Files that only other documents refer to are parts. Fails when a document crashes
the Worker, hangs it, or loses operations: those of an independent count must be stored, or skipped with a reason.

  --only <text>     documents whose path contains the text
  --limit <n>       at most so many documents
  --json <file>     writes the results there, too
  --keep-going      goes on after a document that crashed, hung or lost operations
  --heap-limit <n>  MB of heap that V8 may take (${MEMORY_LIMIT_MB})`

async function main(): Promise<number | void> {
  const { values, positionals } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      limit: { type: 'string', default: 'Infinity' },
      json: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
      'heap-limit': { type: 'string', default: String(MEMORY_LIMIT_MB) },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const [named] = positionals
  if (values.help || named === undefined) return say(HELP)
  const folder = resolve(named)
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CliError(`${folder} is not a folder.`)
  const found = await findDocuments(folder)
  const documents = found
    .filter(({ path, kind }) => kind === 'document' && path.includes(values.only))
    .slice(0, Number(values.limit))
  const parts = found.filter(({ kind }) => kind === 'part').length
  if (documents.length === 0) throw new CliError(`There is no document among the ${found.length} files of ${folder}.`)
  const bundle = await timed('bundle the Worker', bundleWorker)
  const start = () =>
    startIsolate({ bundle, measureHeap: true, heapLimitMb: Number(values['heap-limit']), logLevel: 'error' })
  let isolate: Isolate = await timed('start it in workerd', start)
  const server = await serveFolder(folder)
  onStopSignal(async () => {
    await Promise.all([isolate.close(), server.close()])
    process.exit(130)
  })
  const results: Result[] = []
  try {
    const width = Math.min(60, Math.max(...documents.map(({ path }) => path.length)))
    sayHeading(width)
    for (const { path } of documents) {
      const url = `${server.url}/${path.split('/').map(encodeURIComponent).join('/')}`
      const result = await takeDocument(isolate, folder, path, url)
      results.push(result)
      sayResult(result, width)
      if (result.verdict === 'ok' || result.verdict === 'refused') continue
      if (!values['keep-going']) break
      if (result.verdict === 'lost') continue
      // What is left of it must not count for the next.
      await isolate.close()
      isolate = await start()
    }
  } finally {
    await Promise.all([isolate.close(), server.close()])
  }
  saySummary(results, parts)
  if (values.json) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)
  return results.some(({ verdict }) => verdict !== 'ok' && verdict !== 'refused') ? 1 : 0
}

await runMain(main)
