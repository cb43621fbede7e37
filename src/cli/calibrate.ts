import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { confidenceOf, SIGNS } from '../planner/confidence.ts'
import { serveFolder } from './corpus/serve-folder.ts'
import { crossValidated, readPlans, tenthsOf } from './eval/calibrate.ts'
import { fitLogistic } from './eval/logistic.ts'
import { readLearning } from './eval/options.ts'
import { readQuestions } from './eval/questions.ts'
import { splitQuestions } from './eval/split.ts'
import { bundleWorker, startIsolate } from './isolate.ts'
import { ROOT } from './root.ts'
import { runMain, say, timed } from './terminal.ts'

const HELP = `npm run eval:calibrate -- --data <folder> [--write]

Learns how sure the embedded planner is to be of its plans, from those for the first half of the questions
(docs/evaluation.md), and tells how right it is: on the first half with weights learned without the API in question, and on
the second half.

  --write   stores the weights in src/planner/confidence-weights.ts`

async function main(): Promise<void> {
  const options = await readLearning(HELP)
  if (!options) return
  const { folder, write } = options
  const questions = await readQuestions(folder, '')
  const halves = splitQuestions(questions)
  const bundle = await timed('bundle the Worker', bundleWorker)
  const isolate = await timed('start it in workerd', () => startIsolate({ bundle, logLevel: 'error' }))
  const server = await serveFolder(folder)
  try {
    const plansOf = (which: string) => {
      const half = questions.filter((question) => halves.get(question) === which)
      return timed(`plan ${half.length} questions`, () => readPlans(isolate, server.url, half))
    }
    const [first, second] = [await plansOf('dev'), await plansOf('validation')]
    const weights = fitLogistic(first).map((weight) => Number(weight.toFixed(2)))
    say(SIGNS.map((sign, at) => `  ${sign.padEnd(14)}${weights[at]}`).join('\n'))
    say(`\nfirst half, weights learned without the API in question: ${tenthsOf(crossValidated(first))}`)
    const held = second.map(({ input, right }) => ({ odds: confidenceOf(input, weights), right }))
    say(`second half: ${tenthsOf(held)}`)
    if (write) await writeFile(join(ROOT, 'src/planner/confidence-weights.ts'), showWeights(weights, first.length))
  } finally {
    await Promise.all([isolate.close(), server.close()])
  }
}

function showWeights(weights: readonly number[], plans: number): string {
  return `// Learned by \`npm run eval:calibrate\` from ${plans} plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of \`SIGNS\` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [${weights.join(', ')}]
`
}

await runMain(main)
