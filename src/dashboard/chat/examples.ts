import type { EndpointView } from '../../catalog/schema.ts'

const SHOWN = 4
const MAX_LENGTH = 60

/**
 * Things to ask for, in the words of the operations themselves: reads that need nothing first, then one that creates,
 * taken from each API in turn.
 */
export function examplesFrom(apis: readonly (readonly Operation[])[]): string[] {
  const ranked = apis.map((operations) => {
    const usable = operations.filter(
      ({ summary, deprecated }) => summary && summary.length <= MAX_LENGTH && !deprecated,
    )
    const reads = usable.filter(
      ({ effect, parameters }) => effect === 'read' && !parameters.some((one) => one.required),
    )
    const creates = usable.filter(({ effect }) => effect === 'create')
    const rest = usable.filter((operation) => !reads.includes(operation) && !creates.includes(operation))
    return [...reads.slice(0, 2), ...creates.slice(0, 1), ...reads.slice(2), ...rest]
  })
  const longest = Math.max(0, ...ranked.map(({ length }) => length))
  const inTurn = Array.from({ length: longest }, (_, index) =>
    ranked.flatMap((operations) => operations[index] ?? []),
  ).flat()
  return [...new Set(inTurn.map(({ summary }) => summary.trim().replace(/\.$/, '')))].slice(0, SHOWN)
}

type Operation = Pick<EndpointView, 'summary' | 'deprecated' | 'effect'> & { parameters: { required: boolean }[] }
