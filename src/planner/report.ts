import { plural, words } from '../lib/words.ts'
import { quote } from '../links/lists.ts'

/** Of which things something is worked out, and what they are put together by. */
export type Report = {
  kind: 'report'
  /** The call that lists the things, and what one of them is called. */
  step: number
  noun: string
  /** What things are alike in; null for all as one. */
  key: Key | null
  /** The call that lists the owners, the paths of what identifies one and of its name; null where none are asked for. */
  owners: { step: number; noun: string; id: string; label: string | null } | null
  shape: ReportShape
}

/** The path of a field of things, and of a point in time how many characters count; `of` where it is of what the field identifies. */
type Key = { path: string; chars: number | null; name: string; of?: { step: number; id: string; path: string } }

/** A number for each group, owners by how many things they have, the share of some things in all, things with fields of their owner, or owners with their things. */
export type ReportShape =
  | {
      kind: 'groups'
      measure: { kind: 'count' } | { kind: 'sum' | 'average' | 'max' | 'min'; path: string; name: string }
      order: 'ascending' | 'descending' | null
      limit: number | null
    }
  | { kind: 'having'; least: number; most: number | null; counts: boolean }
  /** `of` is the call that lists all things. */
  | { kind: 'share'; of: number }
  | { kind: 'joined'; fields: readonly { name: string; path: string }[] }
  | { kind: 'nested' }

/** The calls whose items a report goes through, all of them. */
export function stepsOf({ step, key, owners, shape }: Report): number[] {
  const others = [owners?.step, key?.of?.step, shape.kind === 'share' ? shape.of : undefined]
  return [step, ...others.flatMap((other) => other ?? [])]
}

/** A report as JSONata; `listOf` writes the items that a call lists. Always a list, but for a number of all things together. */
export function reportExpression(report: Report, listOf: (step: number) => string): string {
  const { shape } = report
  const list = listOf(report.step)
  const owners = report.owners && listOf(report.owners.step)
  switch (shape.kind) {
    case 'groups':
      return report.key?.of
        ? `(${holderExpression(report.key.of, listOf)}; ${groupsExpression(report, shape, list, owners)})`
        : groupsExpression(report, shape, list, owners)
    case 'having': {
      const { least, most } = shape
      const by = `$by := ${list}{${keyOf(report)}: $count($)}`
      const own = `$lookup($by, ${keyText(report.owners?.id ?? '')})`
      const tests = [`$n >= ${least}`, ...(most === null ? [] : [`$n <= ${most}`])]
      const test =
        most === 0 ? `$not($exists(${own}))` : `($n := ${own}; $n := $exists($n) ? $n : 0; ${tests.join(' and ')})`
      const kept = `[${owners}[${test}]]`
      return `(${by}; ${shape.counts ? `$count(${kept})` : kept})`
    }
    case 'share':
      return `($n := $count(${listOf(shape.of)}); $n = 0 ? 0 : $round(100 * $count(${list}) / $n, 1))`
    case 'joined': {
      const fields = shape.fields.map(({ name, path }) => `${JSON.stringify(name)}: $[0].${path}`).join(', ')
      const of = `$of := ${owners}{${keyText(report.owners?.id ?? '')}: {${fields}}}`
      return `(${of}; [${list}.$merge([$, $lookup($of, ${keyText(report.key?.path ?? '')})])])`
    }
    case 'nested': {
      const of = `$of := ${list}{${keyOf(report)}: [$]}`
      const own = `{${JSON.stringify(memberName(report.noun))}: [$lookup($of, ${keyText(report.owners?.id ?? '')})]}`
      return `(${of}; [${owners}.$merge([$, ${own}])])`
    }
    default:
      return shape satisfies never
  }
}

type Groups = Extract<ReportShape, { kind: 'groups' }>

function groupsExpression(report: Report, shape: Groups, list: string, owners: string | null): string {
  const { key } = report
  const name = JSON.stringify(measureName(report, shape))
  if (key === null) return measureExpression(shape, list)
  const ofGroup = measureExpression(shape, '$')
  const rounded = shape.measure.kind === 'average' ? `$round(${ofGroup}, 2)` : ofGroup
  const by = `${list}{${keyOf(report)}: ${rounded}}`
  const sorted = (rows: string) => {
    const order = orderOf(report, shape)
    const path = key.chars === null || shape.order !== null ? measureName(report, shape) : key.name
    const all = order === null ? rows : `(${rows})^(${order === 'descending' ? '>' : '<'}${quote(path)})`
    return `[${shape.limit === null ? all : `(${all})[[0..${shape.limit - 1}]]`}]`
  }
  if (!report.owners || owners === null) {
    const rows = sorted(
      `$each(${by}, function($v, $k) { {${JSON.stringify(key.name)}: $k = "" ? null : $substring($k, 1), ${name}: $v} })`,
    )
    // Nothing at all would be a group of its own.
    return `($count(${list}) = 0 ? [] : ${rows})`
  }
  const { id, label } = report.owners
  const named = label === null ? '' : `${JSON.stringify(lastOf(label))}: ${label}, `
  const none = shape.measure.kind === 'count' || shape.measure.kind === 'sum' ? '0' : 'null'
  const value = `$exists($n) ? $n : ${none}`
  const rows = `${owners}.($n := $lookup($by, ${keyText(id)}); {${named}${JSON.stringify(lastOf(id))}: ${id}, ${name}: ${value}})`
  return `($by := ${by}; ${sorted(rows)})`
}

/** Groups come with the most first, those of time in its order. */
function orderOf({ key }: Report, { order, measure }: Groups): Groups['order'] {
  if (order !== null) return order
  if (key?.chars !== null) return 'ascending'
  return measure.kind === 'min' ? 'ascending' : 'descending'
}

/** What things are alike in as the key of an object; empty where a thing has no such value. */
function keyOf({ key }: Report): string {
  const own = key?.path ?? ''
  const path = key?.of ? `$lookup($of, ${keyText(own)}).value` : own
  const text = key?.chars == null ? keyText(path) : `"=" & $substring(${path}, 0, ${key.chars})`
  return `$exists(${path}) and ${path} != null ? ${text} : ""`
}

/** A field of each of those that things belong to, by what identifies them. */
function holderExpression({ step, id, path }: NonNullable<Key['of']>, listOf: (step: number) => string): string {
  return `$of := ${listOf(step)}{${keyText(id)}: {"value": $[0].${path}}}`
}

/** A value as a key that is no name which objects have by themselves. */
function keyText(path: string): string {
  return `"=" & $string(${path})`
}

function measureExpression({ measure }: Groups, items: string): string {
  if (measure.kind === 'count') return `$count(${items})`
  const values = `${items}.${measure.path}`
  return `$${measure.kind}(${values})`
}

const MEASURED = { average: 'average', max: 'highest', min: 'lowest' }

/** What the number of a group is called in its row. */
function measureName({ noun }: Report, { measure }: Groups): string {
  if (measure.kind === 'count') return memberName(noun)
  return measure.kind === 'sum' ? measure.name : inCamelCase(`${MEASURED[measure.kind]} ${measure.name}`)
}

function memberName(noun: string): string {
  return inCamelCase(plural(noun))
}

function inCamelCase(text: string): string {
  return words(text)
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
}

function lastOf(path: string): string {
  return (path.split('.').at(-1) ?? path).replaceAll('`', '')
}

/** A report in words: "Count the orders for each customer; take the 3 with the most". */
export function reportWords(report: Report): string {
  const { shape, key } = report
  const things = plural(report.noun)
  const owner = report.owners?.noun ?? key?.name ?? ''
  switch (shape.kind) {
    case 'groups': {
      const { measure, limit } = shape
      const name = measure.kind === 'count' ? '' : words(measure.name).join(' ')
      const what = measure.kind === 'count' ? `Count the ${things}` : `${TAKE[measure.kind]} ${name} of the ${things}`
      const each = key === null ? '' : ` for each ${owner}`
      const end = orderOf(report, shape) === 'descending' ? 'highest' : 'lowest'
      return `${what}${each}${limit === null ? '' : `, and take the ${limit === 1 ? 'one' : limit} with the ${end} number`}`
    }
    case 'having': {
      const { least, most } = shape
      const does = shape.counts ? 'Count' : 'Keep'
      if (most === 0) return `${does} the ${plural(owner)} that have no ${things}`
      const many = most === null ? `at least ${least} ` : least === most ? `exactly ${most} ` : `at most ${most} `
      return `${does} the ${plural(owner)} that have ${least === 1 && most === null ? '' : many}${things}`
    }
    case 'share':
      return `Work out how many in a hundred of all ${things} they are`
    case 'joined':
      return `Add the ${shape.fields.map(({ path }) => words(path).join(' ')).join(' and ')} of its ${owner} to each ${report.noun}`
    case 'nested':
      return `Add its ${things} to each ${owner}`
    default:
      return shape satisfies never
  }
}

const TAKE = { sum: 'Add up the', average: 'Take the average', max: 'Take the highest', min: 'Take the lowest' }
