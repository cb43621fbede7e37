import { quote } from '../../links/lists.ts'
import { type Groups, lastOf, measureName, memberName, numberName, orderOf, type Report } from '../plan/report.ts'

type ListOf = (step: number) => string

/** A report as JSONata; `listOf` writes the items that a call lists. A list, but for a number of all things and for the only row. */
export function reportExpression(report: Report, listOf: ListOf): string {
  const { key, use, their } = report
  const rows = rowsExpression(report, listOf)
  const whole = key?.of ? `(${heldExpression(key.of, listOf)}; ${rows})` : rows
  const number = numberName(report)
  const one = number === null ? onlyOne(whole) : `{${JSON.stringify(number)}: ${whole}}`
  const left = use === 'one' ? one : whole
  return their ? theirExpression(their, left, listOf) : left
}

/** What belongs to some owners. */
function theirExpression({ step, path, id }: NonNullable<Report['their']>, owners: string, listOf: ListOf): string {
  const own = `$own := ${owners}; $own := $count($own) = 0 ? {} : $own{${keyText(id)}: true}`
  return `(${own}; [${listOf(step)}[${isThere(path)} and $exists($lookup($own, ${keyText(path)}))]])`
}

function rowsExpression(report: Report, listOf: ListOf): string {
  const { shape, use } = report
  const list = listOf(report.step)
  const owners = report.owners && listOf(report.owners.step)
  switch (shape.kind) {
    case 'groups':
      return groupsExpression(report, shape, list, owners)
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
    case 'best': {
      const { path, limit } = shape
      const best = firstOf('$', path, shape.descending ? 'descending' : 'ascending', limit, use === 'each')
      // Groups are lists of their own, which a path makes one.
      return `[$each(${list}{${keyOf(report)}: ${best}}, function($v) { {"best": $v} }).best]`
    }
    default:
      return shape satisfies never
  }
}

function groupsExpression(report: Report, shape: Groups, list: string, owners: string | null): string {
  const { key, use } = report
  const name = JSON.stringify(measureName(report, shape))
  if (key === null) return measureExpression(shape, list)
  const ofGroup = measureExpression(shape, '$')
  const rounded = shape.measure.kind === 'average' ? `$round(${ofGroup}, 2)` : ofGroup
  const by = `${list}{${keyOf(report)}: ${rounded}}`
  const path = quote(key.chars === null || shape.order !== null ? measureName(report, shape) : key.name)
  const order = orderOf(report, shape)
  const { limit } = shape
  const sorted = (rows: string) =>
    limit === null ? allOf(rows, path, order) : firstOf(rows, path, order, limit, use === 'each')
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
  const value = `${name}: $exists($n) ? $n : ${none}`
  const row = use === 'answer' ? `{${named}${JSON.stringify(lastOf(id))}: ${id}, ${value}}` : `$merge([$, {${value}}])`
  return `($by := ${by}; ${sorted(`${owners}.($n := $lookup($by, ${keyText(id)}); ${row})`)})`
}

type Order = ReturnType<typeof orderOf>

/** Rows in their order; those that have nothing to be ordered by come last. */
function allOf(rows: string, path: string, order: Order): string {
  return `($r := [${rows}]; [$append($r[${isThere(path)}]^(${signOf(order)}${path}), $r[$not(${isThere(path)})])])`
}

/** The first rows, with all that are level with the last of them; where `exact`, more than asked for are a failure. */
function firstOf(rows: string, path: string, order: Order, limit: number, exact: boolean): string {
  const sorted = `$s := [(${rows})[${isThere(path)}]^(${signOf(order)}${path})]`
  const isLevel = order === 'descending' ? '>=' : '<='
  const first = `($l := $s[${limit - 1}].${path}; $exists($l) ? [$s[${path} ${isLevel} $l]] : $s)`
  const told = `"there are " & $string($count($f)) & " of them alike where ${limit} are asked for: say which ones are meant"`
  return exact ? `(${sorted}; $f := ${first}; $count($f) > ${limit} ? $error(${told}) : $f)` : `(${sorted}; ${first})`
}

/** The one row there is: of several, none is the one that is meant. */
function onlyOne(rows: string): string {
  const several = `"there are " & $string($count($rows)) & " of them alike: say which one is meant"`
  return `($rows := ${rows}; $count($rows) = 1 ? $rows[0] : $error($count($rows) = 0 ? "there is none of them" : ${several}))`
}

function isThere(path: string): string {
  return `$exists(${path}) and ${path} != null`
}

function signOf(order: Order): string {
  return order === 'descending' ? '>' : '<'
}

/** What things are alike in as the key of an object; empty where a thing has no such value. */
function keyOf({ key }: Report): string {
  const own = key?.path ?? ''
  const path = key?.of ? `$lookup($held, ${keyText(own)}).value` : own
  const text = key?.chars == null ? keyText(path) : `"=" & $substring(${path}, 0, ${key.chars})`
  return `${isThere(path)} ? ${text} : ""`
}

/** A field of each of those that things belong to, by what identifies them. */
function heldExpression({ step, id, path }: NonNullable<NonNullable<Report['key']>['of']>, listOf: ListOf): string {
  return `$held := ${listOf(step)}{${keyText(id)}: {"value": $[0].${path}}}`
}

/** A value as a key that is no name which objects have by themselves. */
function keyText(path: string): string {
  return `"=" & $string(${path})`
}

function measureExpression({ measure }: Groups, items: string): string {
  if (measure.kind === 'count') return `$count(${items})`
  return `$${measure.kind}(${items}.${measure.path}[$ != null])`
}
