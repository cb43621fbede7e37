import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MEANT_SIGNS } from '../planner/retrieve/meant.ts'
import { confidenceOf, SIGNS } from '../planner/show/confidence.ts'
import { serveFolder } from './corpus/serve-folder.ts'
import { crossValidated, readCases, tenthsOf } from './eval/calibrate.ts'
import { areaUnder, type Case, fitLogistic, oddsOf } from './eval/logistic.ts'
import { readLearning } from './eval/options.ts'
import { readQuestions } from './eval/questions.ts'
import { splitQuestions } from './eval/split.ts'
import { bundleWorker, startIsolate } from './isolate.ts'
import { ROOT } from './root.ts'
import { runMain, say, timed } from './terminal.ts'

const HELP = `npm run eval:calibrate -- --data <folder> [--write]

Learns how sure the embedded planner is to be of its plans, from those for the first half of the questions
(docs/evaluation.md), and tells how right it is: on the first half with weights learned without the API in question, and on
the second half. Learns as well what tells that the connected APIs are meant by a message, from questions about them and
about others.

  --write   stores the weights in src/planner/show/confidence-weights.ts and src/planner/retrieve/meant-weights.ts`

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
    const casesOf = (which: string) => {
      const half = questions.filter((question) => halves.get(question) === which)
      return timed(`plan ${half.length} questions`, () => readCases(isolate, server.url, half))
    }
    const [{ plans: first, meant }, { plans: second, meant: meantOfSecond }] = [
      await casesOf('dev'),
      await casesOf('validation'),
    ]
    const meantWeights = rounded(fitLogistic(meant))
    say(MEANT_SIGNS.map((sign, at) => `  ${sign.padEnd(18)}${meantWeights[at]}`).join('\n'))
    const area = (cases: readonly Case[]) =>
      areaUnder(cases.map(({ input, right }) => ({ odds: oddsOf(meantWeights, input), right }))).toFixed(3)
    say(`\nwhether the APIs are meant: area under the curve ${area(meant)}, second half ${area(meantOfSecond)}\n`)
    const weights = rounded(fitLogistic(first))
    say(SIGNS.map((sign, at) => `  ${sign.padEnd(14)}${weights[at]}`).join('\n'))
    say(`\nfirst half, weights learned without the API in question: ${tenthsOf(crossValidated(first))}`)
    const held = second.map(({ input, right }) => ({ odds: confidenceOf(input, weights), right }))
    say(`second half: ${tenthsOf(held)}`)
    if (!write) return
    await writeFile(join(ROOT, 'src/planner/show/confidence-weights.ts'), showWeights(weights, first.length))
    await writeFile(join(ROOT, 'src/planner/retrieve/meant-weights.ts'), showMeant(meantWeights, meant.length))
  } finally {
    await Promise.all([isolate.close(), server.close()])
  }
}

function rounded(weights: readonly number[]): number[] {
  return weights.map((weight) => Number(weight.toFixed(2)))
}

function showWeights(weights: readonly number[], plans: number): string {
  return `// Learned by \`npm run eval:calibrate\` from ${plans} plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of \`SIGNS\` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [${weights.join(', ')}]
`
}

function showMeant(weights: readonly number[], messages: number): string {
  return `// Learned by \`npm run eval:calibrate\` from ${messages} messages about the APIs of the first half of the data that docs/evaluation.md
// describes, and about others. Not to be edited.

/** How much each of \`MEANT_SIGNS\` counts for whether the connected APIs are meant. */
export const MEANT: readonly number[] = [${weights.join(', ')}]
`
}

await runMain(main)
