import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeErrorReference } from '../health/error-reference.ts'
import { ROOT } from './root.ts'
import { runMain, say } from './terminal.ts'

await runMain(async () => {
  const path = join(ROOT, 'docs/errors.md')
  await writeFile(path, writeErrorReference())
  say(`${path} is what the code answers.`)
})
