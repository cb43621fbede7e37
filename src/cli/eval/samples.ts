import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { indexWords } from '../../catalog/index-words.ts'
import type { EndpointWords } from '../../catalog/words.ts'
import { featuresOf } from '../../planner/features.ts'
import type { Profile } from '../../planner/profile.ts'
import { fieldOf, needsOf } from '../../planner/rank.ts'
import { settle } from '../../planner/settle.ts'
import { understand } from '../../planner/understand.ts'
import { prepareDocument } from '../../specs/prepare.ts'
import { operationName, type Operation } from '../../specs/operation.ts'
import type { Question } from './questions.ts'
import { providerOf } from './split.ts'

/** A question with, for each clause, the features of every operation of its APIs. */
export type Sample = { file: string; provider: string; needs: Candidate[][]; asides: boolean[]; gold: string[] }

type Candidate = { name: string; profile: Profile; features: Float64Array }

/** The features of every operation of a question's APIs for each of its clauses. */
export async function readSamples(folder: string, questions: readonly Question[]): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const ofSet of Map.groupBy(questions, ({ set }) => set).values()) {
    const found = await Promise.all((ofSet[0]?.specs ?? []).map((spec) => readFound(join(folder, spec))))
    const names = new Map(found.map(({ id, title }) => [id, title]))
    const field = fieldOf(
      found.flatMap(({ operations }) => operations),
      names,
    )
    for (const question of ofSet) {
      const { query, gold, file } = question
      const clauses = settle(understand(query), field).filter(({ terms }) => terms.length > 0)
      const needs = needsOf(query, clauses).map((need) =>
        field.profiles.map((profile) => ({
          name: operationName(profile.found),
          profile,
          features: Float64Array.from(featuresOf(need, profile, field)),
        })),
      )
      samples.push({ file, provider: providerOf(question), needs, asides: clauses.map(({ aside }) => aside), gold })
    }
  }
  return samples
}

async function readFound(file: string): Promise<{ id: string; title: string; operations: EndpointWords[] }> {
  const { title, operations } = prepareDocument(await readFile(file, 'utf8'), 'https://api.example.com/openapi.json')
  const found = [...operations()].map((operation, at) => foundOf(operation, `${file} ${at}`, file))
  return { id: file, title, operations: found }
}

/** An operation as the catalogue hands it out for ranking. */
export function foundOf(operation: Operation, id: string, connectionId: string): EndpointWords {
  const { method, path, operationId, summary, effect, deprecated } = operation
  const { description, tags, parameters, response } = indexWords(operation)
  return {
    id,
    connectionId,
    method,
    path,
    operationId,
    summary,
    effect,
    deprecated,
    description,
    tags,
    parameters,
    response,
  }
}
