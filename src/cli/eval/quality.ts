import { dot } from './descend.ts'
import { learn, seeTogether } from './learn.ts'
import type { Sample } from './samples.ts'

/** How well weights do: shares of gold operations that are first for a clause, and that are among the first ten of the merged lists. */
export type Quality = { top1: number; all1: number; recall10: number; all10: number }

/** How often the best of a clause is right, for clauses that are some gold operation's best place; and recall@10 of the merged lists. */
export function quality(samples: readonly Sample[], weights: readonly number[]): Quality {
  const merged = samples.map(({ needs, gold }) => {
    const lists = needs.map((operations) =>
      operations
        .map(({ name, features }) => ({ name, score: dot(weights, features) }))
        .toSorted((a, b) => b.score - a.score)
        .map(({ name }) => name),
    )
    const order = new Set<string>()
    for (let rank = 0; rank < 30; rank++)
      for (const list of lists) {
        const name = list[rank]
        if (name !== undefined) order.add(name)
      }
    const top = new Set([...order].slice(0, 10))
    const firsts = new Set(lists.map((list) => list[0]))
    const wanted = [...new Set(gold)]
    return {
      all: wanted.every((name) => firsts.has(name)) ? 1 : 0,
      recall: wanted.filter((name) => top.has(name)).length / wanted.length,
      all10: wanted.every((name) => top.has(name)) ? 1 : 0,
      first: wanted.filter((name) => firsts.has(name)).length / wanted.length,
    }
  })
  const average = (of: (one: (typeof merged)[number]) => number) =>
    merged.reduce((sum, one) => sum + of(one), 0) / merged.length
  return {
    top1: average(({ first }) => first),
    all1: average(({ all }) => all),
    recall10: average(({ recall }) => recall),
    all10: average(({ all10 }) => all10),
  }
}

const FOLDS = 5

/** How weights do on APIs that they were not learned from: each fifth of the APIs judged by what the others teach. */
export function crossValidate(samples: readonly Sample[]): Quality {
  const sizes = Array.from({ length: FOLDS }, () => 0)
  const folds = new Map<string, number>()
  const groups = [...Map.groupBy(samples, ({ provider }) => provider)].toSorted((a, b) => b[1].length - a[1].length)
  for (const [provider, { length }] of groups) {
    const fold = sizes.indexOf(Math.min(...sizes))
    folds.set(provider, fold)
    sizes[fold] = (sizes[fold] ?? 0) + length
  }
  const figures = sizes.map((size, fold) => {
    const of = (inside: boolean) => samples.filter(({ provider }) => (folds.get(provider) === fold) === inside)
    const { firstSight, weights } = learn(of(false))
    return {
      size,
      ...quality(
        of(true).map((sample) => seeTogether(sample, firstSight)),
        weights,
      ),
    }
  })
  const mean = (key: keyof Quality) => figures.reduce((sum, each) => sum + each.size * each[key], 0) / samples.length
  return { top1: mean('top1'), all1: mean('all1'), recall10: mean('recall10'), all10: mean('all10') }
}
