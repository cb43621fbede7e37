import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Question } from './questions.ts'

/** The half that is developed on, and the half whose totals alone are looked at. */
export type Half = 'dev' | 'validation'

/**
 * The half of every question. APIs are halved by the hash of their name, so that those of one half are never seen in the
 * other; documents of one provider (`provider~name~version.json`) stay together. The questions of a file that knows
 * only one set of documents are halved themselves.
 */
export function splitQuestions(questions: readonly Question[]): Map<Question, Half> {
  const halves = new Map<Question, Half>()
  for (const ofFile of Map.groupBy(questions, ({ file }) => file).values()) {
    const single = new Set(ofFile.map(({ set }) => set)).size === 1
    const unit = (question: Question) => (single ? question.id : providerOf(question))
    const units = [...new Set(ofFile.map(unit))].toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1))
    for (const question of ofFile) halves.set(question, units.indexOf(unit(question)) % 2 === 0 ? 'dev' : 'validation')
  }
  return halves
}

/** Who offers the APIs of a question. */
export function providerOf({ specs }: Question): string {
  return specs.map((spec) => basename(spec).split('~')[0]).join(' ')
}

/** A number that orders texts as by chance, the same everywhere. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
