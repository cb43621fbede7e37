import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { learnAcceptance } from './eval/accept.ts'
import { learn, quality, readSamples, seeTogether, showWeights, type Sample } from './eval/learn.ts'
import { readLearning } from './eval/options.ts'
import { readQuestions, type Question } from './eval/questions.ts'
import { hash, splitQuestions } from './eval/split.ts'
import { ROOT } from './root.ts'
import { runMain, say } from './terminal.ts'

const HELP = `npm run eval:learn -- --data <folder> [--write]

Learns how the embedded planner weighs what it sees, from the first half of the questions (docs/evaluation.md);
tells how the weights do on both halves.

  --write   stores them in src/planner/rank/weights.ts`

async function main(): Promise<void> {
  const options = await readLearning(HELP)
  if (!options) return
  const { folder, write } = options
  const questions = await readQuestions(folder, '')
  const halves = splitQuestions(questions)
  const half = (which: string) => questions.filter((question) => halves.get(question) === which)
  const samples = await readSamples(folder, half('dev'))
  const learned = learn(samples)
  const together = (read: readonly Sample[]) => read.map((sample) => seeTogether(sample, learned.firstSight))
  const foreign = await readSamples(folder, withForeignApis(half('dev')))
  const { weights: acceptance, auc } = learnAcceptance(together(samples), together(foreign), learned.weights)
  const validation = quality(together(await readSamples(folder, half('validation'))), learned.weights)
  say(showWeights(learned.weights))
  say(
    `first half: ${figures(quality(together(samples), learned.weights))}, ${learned.lists} lists; acceptance AUC ${auc.toFixed(3)} on ${foreign.length} more`,
  )
  say(`second half: ${figures(validation)}`)
  if (!write) return
  const text = `// Learned by \`npm run eval:learn\` from ${samples.length} questions about ${new Set(half('dev').map(({ set }) => set)).size} sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when an operation is seen by itself, in the order of \`FEATURES\`. */
export const FIRST_SIGHT: readonly number[] = ${list(learned.firstSight)}

/** The same beside what the other clauses seem to ask for; behind them those of \`COHERENCE\`. */
export const RANKING: readonly number[] = ${list(learned.weights)}

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = ${list(acceptance)}
`
  await writeFile(join(ROOT, 'src/planner/rank/weights.ts'), text)
}

const list = (weights: readonly number[]) => `[${weights.map((weight) => Number(weight.toFixed(2))).join(', ')}]`

const figures = ({ top1, all1, recall10 }: ReturnType<typeof quality>) =>
  `first of a clause ${top1.toFixed(3)}, all of them first ${all1.toFixed(3)}, recall@10 ${recall10.toFixed(3)}`

/** Each question with the APIs of another file's question, which cannot answer it. */
function withForeignApis(questions: readonly Question[]): Question[] {
  return questions.flatMap((question) => {
    const others = questions.filter(({ file }) => file !== question.file)
    const other = others[Number.parseInt(hash(question.id).slice(0, 8), 16) % others.length]
    return other ? [{ ...question, specs: other.specs, set: other.set }] : []
  })
}

await runMain(main)
