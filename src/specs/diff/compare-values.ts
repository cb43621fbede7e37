import { nameOf, type Place, type Report } from './place.ts'
import { LOWER_LIMITS, type Shape } from './shape.ts'

const MAX_SHOWN = 5
const MAX_VALUE = 40
// From the narrower to the wider one.
const WIDTHS = [
  ['int32', 'int64'],
  ['float', 'double'],
]
const NUMBER_FORMATS = new Set(WIDTHS.flat())

const TYPE_NAMES: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  fraction: 'a fraction',
  integer: 'an integer',
  object: 'an object',
  string: 'a string',
}

const LIMIT_NAMES: Record<string, string> = {
  minimum: 'minimum',
  maximum: 'maximum',
  exclusiveMinimum: 'exclusive minimum',
  exclusiveMaximum: 'exclusive maximum',
  minLength: 'minimum length',
  maxLength: 'maximum length',
  minItems: 'minimum number of items',
  maxItems: 'maximum number of items',
}

/** Reports what changed of the values themselves; false where the types have nothing in common. */
export function diffValues(before: Shape, after: Shape, place: Place, report: Report): boolean {
  if (!diffTypes(before, after, place, report)) return false
  diffFormat(before, after, place, report)
  diffEnum(before, after, place, report)
  diffLimits(before, after, place, report)
  const name = nameOf(place)
  diffRules(before.patterns, after.patterns, before, after, (breaking, how) =>
    report(breaking, `${name} ${how} a pattern`, `${place.path}/pattern`),
  )
  diffRules(before.multiples, after.multiples, before, after, (breaking, how) =>
    report(breaking, `${name} ${how} a number that it is a multiple of`, `${place.path}/multipleOf`),
  )
  diffRules(texts(before.not), texts(after.not), before, after, (breaking, how) =>
    report(breaking, `${name} ${how} a form that it must not have`, `${place.path}/not`),
  )
  if (before.unique !== after.unique && !(before.unique ? after : before).partial)
    report(
      after.unique,
      `the items of ${name} ${after.unique ? 'must now' : 'need no longer'} differ from each other`,
      `${place.path}/uniqueItems`,
    )
  diffDefault(before, after, place, report)
  return true
}

const texts = (shapes: readonly Shape[]) => shapes.map((shape) => JSON.stringify(shape))

function diffTypes(before: Shape, after: Shape, place: Place, report: Report): boolean {
  const [old, now] = [before.types, after.types]
  if ((old === null && before.partial) || (now === null && after.partial)) return true
  const gone = now === null ? [] : (old ?? ['anything else']).filter((type) => !now.includes(type))
  const added = old === null ? [] : (now ?? ['anything else']).filter((type) => !old.includes(type))
  if (gone.length === 0 && added.length === 0) return true
  const input = place.direction === 'input'
  const path = `${place.path}/type`
  const name = nameOf(place)
  const breaking = (input ? gone : added).length > 0
  if (added.length === 0 && gone.join() === 'null')
    report(breaking, `${name} ${input ? 'no longer takes null' : 'is no longer null'}`, path)
  else if (gone.length === 0 && added.join() === 'null')
    report(breaking, `${name} ${input ? 'now also takes null' : 'may now be null'}`, path)
  else report(breaking, `${name} is now ${typeWords(now)}, it was ${typeWords(old)}`, path)
  return old === null || now === null || old.some((type) => now.includes(type))
}

function typeWords(types: readonly string[] | null): string {
  if (types === null) return 'anything'
  if (types.length === 0) return 'nothing'
  const number = types.includes('integer') && types.includes('fraction')
  const rest = number ? types.filter((type) => type !== 'integer' && type !== 'fraction') : types
  return [...(number ? ['a number'] : []), ...rest.map((type) => TYPE_NAMES[type] ?? type)].join(' or ')
}

function diffFormat(before: Shape, after: Shape, place: Place, report: Report): void {
  const [old, now] = [before.format, after.format]
  if (old === now || (old === null && before.partial) || (now === null && after.partial)) return
  const input = place.direction === 'input'
  const words = (format: string | null) => (format === null ? 'without a format' : `of the format ${shown(format)}`)
  // How wide a number is changes nothing as JSON, unless it gets less; a text's format is another way to write it.
  const width = (format: string | null) => WIDTHS.find((pair) => format !== null && pair.includes(format))
  const numbers = [old, now].every((format) => format === null || NUMBER_FORMATS.has(format))
  const pair = width(old)
  const less = pair !== undefined && pair === width(now) && pair.indexOf(old ?? '') > pair.indexOf(now ?? '')
  const breaking = numbers ? input && less : old === null ? input : now !== null
  report(breaking, `${nameOf(place)} is now ${words(now)}, it was ${words(old)}`, `${place.path}/format`)
}

function diffEnum(before: Shape, after: Shape, place: Place, report: Report): void {
  const [old, now] = [before.enum, after.enum]
  const input = place.direction === 'input'
  const path = `${place.path}/enum`
  const name = nameOf(place)
  if (old && now) {
    const gone = old.filter((value) => !now.includes(value))
    const added = now.filter((value) => !old.includes(value))
    if (gone.length > 0) report(input, `${name} ${input ? 'no longer takes' : 'is no longer'} ${listed(gone)}`, path)
    // Lists of values grow; those who read them have to expect it.
    if (added.length > 0)
      report(false, `${name} ${input ? 'now also takes' : 'may now also be'} ${listed(added)}`, path)
  } else if (now && !before.partial) report(input, `${name} is now limited to ${listed(now)}`, path)
  else if (old && !after.partial) report(false, `${name} is no longer limited to ${listed(old)}`, path)
}

function diffLimits(before: Shape, after: Shape, place: Place, report: Report): void {
  for (const [keyword, words] of Object.entries(LIMIT_NAMES)) {
    const [old, now] = [before.limits[keyword], after.limits[keyword]]
    const path = `${place.path}/${keyword}`
    const name = nameOf(place)
    if (old === now) continue
    if (old === undefined) {
      if (!before.partial) report(true, `${name} now has a ${words} of ${now}`, path)
    } else if (now === undefined) {
      if (!after.partial) report(false, `${name} no longer has a ${words}`, path)
    } else {
      const tighter = LOWER_LIMITS.has(keyword) ? now > old : now < old
      report(tighter, `the ${words} of ${name} is now ${now}, it was ${old}`, path)
    }
  }
}

/** Rules that all have to hold: more of them allow less. */
function diffRules(
  old: readonly string[],
  now: readonly string[],
  before: Shape,
  after: Shape,
  report: (breaking: boolean, how: string) => void,
): void {
  const gone = old.some((rule) => !now.includes(rule))
  const added = now.some((rule) => !old.includes(rule))
  if (gone && added) report(true, 'changed')
  else if (added && !before.partial) report(true, 'now has')
  else if (gone && !after.partial) report(false, 'no longer has')
}

function diffDefault(before: Shape, after: Shape, place: Place, report: Report): void {
  const [old, now] = [before.default, after.default]
  if (old === now || (old === null && before.partial) || (now === null && after.partial)) return
  const words = now === null ? 'gone' : `now ${shown(now)}`
  const was = old === null ? '' : `, it was ${shown(old)}`
  report(false, `the default of ${nameOf(place)} is ${words}${was}`, `${place.path}/default`)
}

const shown = (text: string) => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text)

function listed(values: readonly string[]): string {
  const more = values.length > MAX_SHOWN ? ` and ${values.length - MAX_SHOWN} more` : ''
  return `${values.slice(0, MAX_SHOWN).map(shown).join(', ')}${more}`
}
