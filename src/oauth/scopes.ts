import type { SecurityRequirement } from '../specs/operation.ts'

/** The requirements that some operations share, and how many they are. */
export type Usage = { security: readonly SecurityRequirement[] | null; operations: number }

/** The scopes of each way into an operation by one of the schemes; none where it is open to everybody, or takes no token. */
function waysOf({ security }: Usage, schemes: ReadonlySet<string>): string[][] {
  const entries = security ?? []
  if (entries.some((entry) => Object.keys(entry).length === 0)) return []
  return entries.flatMap((entry) => {
    const mine = Object.keys(entry).filter((scheme) => schemes.has(scheme))
    return mine.length === 0 ? [] : [mine.flatMap((scheme) => entry[scheme] ?? [])]
  })
}

/** Every scope that an operation names, with how many operations do, most wanted first. */
export function countScopes(usages: readonly Usage[], schemes: ReadonlySet<string>) {
  const counts = new Map<string, number>()
  for (const usage of usages)
    for (const scope of new Set(waysOf(usage, schemes).flat()))
      counts.set(scope, (counts.get(scope) ?? 0) + usage.operations)
  return [...counts]
    .map(([scope, operations]) => ({ scope, operations }))
    .toSorted((a, b) => b.operations - a.operations || a.scope.localeCompare(b.scope))
}

/**
 * Scopes with which every operation can be called: all of those that have one way in, and for each other the way that
 * adds the fewest.
 */
export function chooseScopes(usages: readonly Usage[], schemes: ReadonlySet<string>): string[] {
  const chosen = new Set<string>()
  const open = usages.map((usage) => waysOf(usage, schemes)).toSorted((a, b) => a.length - b.length)
  for (const ways of open) {
    const added = ways.map((way) => way.filter((scope) => !chosen.has(scope)))
    const fewest = added.toSorted((a, b) => a.length - b.length)[0] ?? []
    for (const scope of fewest) chosen.add(scope)
  }
  return [...chosen].toSorted()
}

/** How many operations can be called with the scopes that were granted. */
export function countCovered(
  usages: readonly Usage[],
  schemes: ReadonlySet<string>,
  granted: readonly string[],
): number {
  const held = new Set(granted.flatMap(spellings))
  let covered = 0
  for (const usage of usages) {
    const ways = waysOf(usage, schemes)
    if (ways.length === 0 || ways.some((way) => way.every((scope) => held.has(scope)))) covered += usage.operations
  }
  return covered
}

/** Microsoft grants `https://graph.microsoft.com/User.Read` where a document says `User.Read`. */
export function spellings(scope: string): string[] {
  return /^https:\/\/[^/]+\/[^/]+$/.test(scope) ? [scope, scope.slice(scope.lastIndexOf('/') + 1)] : [scope]
}
