/** A value that goes from one call into a parameter of another. */
export type Flow = { from: string; to: string; param: string }

/** The share of the distinct gold operations that are among the first `k`. */
export function recallAt(gold: readonly string[], ranked: readonly string[], k: number): number {
  const wanted = new Set(gold)
  const top = new Set(ranked.slice(0, k))
  return [...wanted].filter((operation) => top.has(operation)).length / wanted.size
}

/** Whether every gold operation is among the first `k`. */
export function hasAllAt(gold: readonly string[], ranked: readonly string[], k: number): boolean {
  return recallAt(gold, ranked, k) === 1
}

/**
 * Whether the plan makes every gold call, in their order where order counts, with others between them or not
 * (RestGPT's correct path). It rewards long plans: read it beside `precision`.
 */
export function isCorrectPath(gold: readonly string[], plan: readonly string[], ordered: boolean): boolean {
  const left = [...plan]
  for (const operation of gold) {
    const at = left.indexOf(operation)
    if (at === -1) return false
    left.splice(ordered ? 0 : at, ordered ? at + 1 : 1)
  }
  return true
}

/** Whether the plan makes the gold calls and no others, in their order where order counts. */
export function isExactPath(gold: readonly string[], plan: readonly string[], ordered: boolean): boolean {
  return gold.length === plan.length && isCorrectPath(gold, plan, ordered)
}

/** The share of the planned calls that the gold has, each as often as the gold has it; null for an empty plan. */
export function precision(gold: readonly string[], plan: readonly string[]): number | null {
  if (plan.length === 0) return null
  const left = [...gold]
  const right = plan.filter((operation) => {
    const at = left.indexOf(operation)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return right.length / plan.length
}

/** How many of the planned flows are gold ones: from which operation, to which, into which parameter. */
export function countFlows(gold: readonly Flow[], planned: readonly Flow[]) {
  const key = ({ from, to, param }: Flow) => `${from} ${to} ${param.split('.').at(-1)?.toLowerCase()}`
  const wanted = new Set(gold.map(key))
  const given = new Set(planned.map(key))
  return { gold: wanted.size, given: given.size, right: [...given].filter((flow) => wanted.has(flow)).length }
}
