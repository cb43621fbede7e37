/** One way on from a step: to a place among the steps, under a condition; null holds always. */
export type Way = { condition: string | null; to: number }

/**
 * Where a step leads: the first way whose condition holds. None does: on to the next step, as after a step that was not
 * made, which `made` tells.
 */
export type Branching = { after: number; made: string; ways: readonly Way[] }

/** The condition under which the step at a place is made; null where nothing leads over it. */
export function conditionAt(index: number, branchings: readonly Branching[]): string | null {
  const conditions = branchings
    .filter(({ after, ways }) => after < index && ways.some(({ to }) => to > index))
    .map(({ made, ways }) => {
      const way = ways.reduceRight<string>((rest, { condition, to }) => {
        const goesHere = String(to <= index)
        return condition === null || goesHere === rest ? goesHere : `(${condition} ? ${goesHere} : ${rest})`
      }, 'true')
      return `(${made} ? ${way} : true)`
    })
  return conditions.length === 0 ? null : conditions.join(' and ')
}

/** The condition under which it is one certain way that a step leads on. */
export function isTaken(made: string, ways: readonly Way[], index: number): string {
  const { condition = null } = ways[index] ?? {}
  const own = condition === null ? 'true' : `(${condition} ? true : false)`
  const way = ways.slice(0, index).reduceRight((rest, before) => `(${before.condition} ? false : ${rest})`, own)
  return `(${made} ? ${way} : false)`
}
