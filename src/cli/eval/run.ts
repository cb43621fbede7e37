import type { Isolate } from '../isolate.ts'
import { callsOf } from './planned.ts'
import { isRefusal, judge, type Refusal, type Result } from './evaluate.ts'
import type { Question } from './questions.ts'
import { hash, providerOf, type Half } from './split.ts'
import { askPlan, connectSet, disconnectSet, searchCatalogue } from './workspace.ts'

/** What was asked and what came of it. */
export type Evaluation = { results: Result[]; refusals: Refusal[] }

const FOREIGN_PER_SET = 3

/**
 * Asks every question with the APIs of its own set connected and no others, and with each set some questions that are
 * about other APIs, which have no answer.
 */
export async function runQuestions(
  isolate: Isolate,
  serverUrl: string,
  questions: readonly Question[],
  halves: ReadonlyMap<Question, Half>,
  tell: (done: number) => void,
): Promise<Evaluation> {
  const evaluation: Evaluation = { results: [], refusals: [] }
  for (const ofSet of Map.groupBy(questions, ({ set }) => set).values()) {
    const [first] = ofSet
    if (!first) continue
    const urls = first.specs.map((spec) => `${serverUrl}/${spec.split('/').map(encodeURIComponent).join('/')}`)
    const connected = await connectSet(isolate, urls)
    for (const question of ofSet) {
      const half = halves.get(question) ?? 'dev'
      const answer = await askPlan(isolate, question.query)
      const floor = await searchCatalogue(isolate, question.query)
      evaluation.results.push(judge(question, half, answer, floor, connected.operations))
      tell(evaluation.results.length)
    }
    const half = halves.get(first) ?? 'dev'
    for (const { id, file, query } of foreignTo(
      first,
      questions.filter((other) => halves.get(other) === half),
      FOREIGN_PER_SET,
    )) {
      const { plan } = await askPlan(isolate, query)
      const planned = callsOf(plan, connected.operations).map(({ operation }) => operation)
      const refused = isRefusal(plan.status)
      evaluation.refusals.push({ id, file, half, query, refused, planned, confidence: plan.confidence })
    }
    await disconnectSet(isolate, connected)
  }
  return evaluation
}

/** Some questions about APIs of other providers, of other files where there are any; the same on every run. */
export function foreignTo(own: Question, questions: readonly Question[], most: number): Question[] {
  const others = questions.filter((other) => providerOf(other) !== providerOf(own))
  const otherFiles = others.filter(({ file }) => file !== own.file)
  return (otherFiles.length > 0 ? otherFiles : others)
    .map((other) => ({ other, key: hash(`${own.set} ${other.id}`) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, most)
    .map(({ other }) => other)
}
