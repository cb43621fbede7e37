import { plural, words } from '../../lib/words.ts'

/** Of which things something is worked out, and what they are put together by. */
export type Report = {
  /** The call that lists the things, and what one of them is called. */
  step: number
  noun: string
  /** What things are alike in; null for all as one. */
  key: Key | null
  /** The call that lists the owners, the paths of what identifies one and of its name; null where none are asked for. */
  owners: { step: number; noun: string; id: string; label: string | null } | null
  shape: ReportShape
  /** What belongs to the owners who are left, where that is meant: the call that lists it, the path of the field that tells whose it is, and of what identifies an owner. */
  their: { step: number; noun: string; path: string; id: string } | null
  /** Its rows are the answer, or whole things that calls go on with: each of them, or the only one there is. */
  use: 'answer' | 'each' | 'one'
}

/** The path of a field of things, and of a point in time how many characters count; `of` where it is of what the field identifies. */
type Key = { path: string; chars: number | null; name: string; of?: { step: number; id: string; path: string } }

type Measured = { kind: 'count' } | { kind: 'sum' | 'average' | 'max' | 'min'; path: string; name: string }
type Order = 'ascending' | 'descending'

/** A number for each group, owners by how many things they have, the share of some things in all, things with fields of their owner, owners with their things, or the first things of each group. */
export type ReportShape =
  /** With a limit, those that are level with the last are there as well. */
  | { kind: 'groups'; measure: Measured; order: Order | null; limit: number | null }
  | { kind: 'having'; least: number; most: number | null; counts: boolean }
  /** `of` is the call that lists all things. */
  | { kind: 'share'; of: number }
  | { kind: 'joined'; fields: readonly { name: string; path: string }[] }
  | { kind: 'nested' }
  | { kind: 'best'; path: string; name: string; descending: boolean; limit: number }

export type Groups = Extract<ReportShape, { kind: 'groups' }>

/** The calls whose items a report goes through, all of them. */
export function stepsOf({ step, key, owners, shape, their }: Report): number[] {
  const others = [owners?.step, key?.of?.step, their?.step, shape.kind === 'share' ? shape.of : undefined]
  return [step, ...others.flatMap((other) => other ?? [])]
}

/** Groups come with the most first, those of time in its order. */
export function orderOf({ key }: Report, { order, measure }: Groups): Order {
  if (order !== null) return order
  if (key?.chars !== null) return 'ascending'
  return measure.kind === 'min' ? 'ascending' : 'descending'
}

const MEASURED = { average: 'average', max: 'highest', min: 'lowest' }

/** What the number of a group is called in its row. */
export function measureName({ noun }: Report, { measure }: Groups): string {
  if (measure.kind === 'count') return memberName(noun)
  return measure.kind === 'sum' ? measure.name : inCamelCase(`${MEASURED[measure.kind]} ${measure.name}`)
}

/** What a report that is a number of all things together is called; null for any other. */
export function numberName(report: Report): string | null {
  const { key, owners, shape } = report
  if (shape.kind === 'groups') return key ? null : measureName(report, shape)
  if (shape.kind === 'share') return 'percentage'
  return shape.kind === 'having' && shape.counts ? memberName(owners?.noun ?? '') : null
}

/** What several things are called as the member of a row. */
export function memberName(noun: string): string {
  return inCamelCase(plural(noun))
}

/** What a field is called by the last part of its path. */
export function lastOf(path: string): string {
  return (path.split('.').at(-1) ?? path).replaceAll('`', '')
}

function inCamelCase(text: string): string {
  return words(text)
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
}
