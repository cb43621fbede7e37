import { escapeToken } from '../../lib/json-pointer.ts'
import { diffValues } from './compare-values.ts'
import { isOnlyUnion } from './merge.ts'
import { nameOf, type Place, type Report } from './place.ts'
import { ANYTHING, type Shape } from './shape.ts'

const MAX_PAIRS = 40

/**
 * Reports what of a schema changed. Of an input it is breaking when less is allowed, of an answer when more may come or
 * something is missing that was there; a value more in a list of values is not. Of what is not known nothing is said.
 */
export function diffShapes(before: Shape, after: Shape, place: Place, report: Report): void {
  if (isOnlyUnion(before) || isOnlyUnion(after)) {
    diffForms(formsOf(before), formsOf(after), place, report)
    return
  }
  if (!diffValues(before, after, place, report)) return
  diffProperties(before, after, place, report)
  diffAdditional(before, after, place, report)
  diffItems(before, after, place, report)
  diffUnions(before, after, place, report)
}

const formsOf = (shape: Shape) => (isOnlyUnion(shape) ? (shape.unions[0] ?? []) : [shape])

function propertyAt(place: Place, name: string): Place {
  const field = place.field === '' ? name : `${place.field}.${name}`
  return { ...place, field, path: `${place.path}/properties/${escapeToken(name)}` }
}

function diffProperties(before: Shape, after: Shape, place: Place, report: Report): void {
  const input = place.direction === 'input'
  for (const [name, old] of Object.entries(before.properties)) {
    const at = propertyAt(place, name)
    const now = Object.hasOwn(after.properties, name) ? after.properties[name] : undefined
    if (now) {
      if (old.required && !now.required && !after.partial)
        report(!input, `${nameOf(at)} ${input ? 'is no longer required' : 'may now be missing'}`, at.path)
      if (!old.required && now.required && !before.partial)
        report(input, `${nameOf(at)} is now ${input ? 'required' : 'always there'}`, at.path)
      diffShapes(old.shape, now.shape, at, report)
    } else if (!after.partial) {
      if (!input) report(true, `${nameOf(at)} is gone`, at.path)
      else if (after.additional === false) report(true, `${nameOf(at)} is no longer taken`, at.path)
      else report(false, `${nameOf(at)} is no longer described`, at.path)
    }
  }
  for (const [name, now] of Object.entries(after.properties)) {
    if (Object.hasOwn(before.properties, name) || before.partial) continue
    const at = propertyAt(place, name)
    report(input && now.required, `${nameOf(at)} is new${input && now.required ? ' and required' : ''}`, at.path)
  }
}

function diffAdditional(before: Shape, after: Shape, place: Place, report: Report): void {
  const [old, now] = [before.additional, after.additional]
  if ((old === true && before.partial) || (now === true && after.partial)) return
  const path = `${place.path}/additionalProperties`
  if ((old === false) !== (now === false)) {
    const less = now === false
    report(less, `${nameOf(place)} ${less ? 'no longer takes' : 'now takes'} fields besides those described`, path)
  } else if (typeof old === 'object' || typeof now === 'object') {
    const field = place.field === '' ? '*' : `${place.field}.*`
    const shapeOf = (value: boolean | Shape) => (typeof value === 'object' ? value : ANYTHING)
    diffShapes(shapeOf(old), shapeOf(now), { ...place, field, path }, report)
  }
}

function diffItems(before: Shape, after: Shape, place: Place, report: Report): void {
  const at = (path: string): Place => ({ ...place, field: `${place.field}[]`, path: `${place.path}${path}` })
  const [old, now] = [before.items, after.items]
  const known = (old !== null || !before.partial) && (now !== null || !after.partial)
  if (known && (old ?? now) !== null) diffShapes(old ?? ANYTHING, now ?? ANYTHING, at('/items'), report)
  const [oldItems, nowItems] = [before.prefixItems, after.prefixItems]
  if (oldItems.length !== nowItems.length) {
    if (before.partial || after.partial) return
    report(true, `${nameOf(place)} is now a list of another form`, `${place.path}/prefixItems`)
    return
  }
  for (const [index, item] of oldItems.entries()) {
    const other = nowItems[index]
    if (other) diffShapes(item, other, at(`/prefixItems/${index}`), report)
  }
}

function diffUnions(before: Shape, after: Shape, place: Place, report: Report): void {
  const input = place.direction === 'input'
  for (let index = 0; index < Math.max(before.unions.length, after.unions.length); index++) {
    const [old, now] = [before.unions[index], after.unions[index]]
    if (old && now) diffForms(old, now, place, report)
    else if (now && !before.partial) report(input, `${nameOf(place)} now has one of several forms`, place.path)
    else if (old && !after.partial)
      report(!input, `${nameOf(place)} is no longer limited to one of several forms`, place.path)
  }
}

/** Forms that are the same are left out; of the rest those that are most alike are compared with each other. */
function diffForms(before: readonly Shape[], after: readonly Shape[], place: Place, report: Report): void {
  const texts = (shapes: readonly Shape[]) => new Set(shapes.map((shape) => JSON.stringify(shape)))
  const [oldTexts, nowTexts] = [texts(before), texts(after)]
  const gone = before.filter((shape) => !nowTexts.has(JSON.stringify(shape)))
  const added = after.filter((shape) => !oldTexts.has(JSON.stringify(shape)))
  for (const [old, now] of pairs(gone, added)) diffShapes(old, now, place, report)
  const input = place.direction === 'input'
  // What is gone may be in a form that is not known, and what is new may have been in one.
  if (gone.length > 0 && !after.some(({ partial }) => partial))
    report(input, `${nameOf(place)} ${input ? 'no longer takes' : 'no longer has'} one of its forms`, place.path)
  if (added.length > 0 && !before.some(({ partial }) => partial))
    report(!input, `${nameOf(place)} ${input ? 'now takes' : 'may now have'} another form`, place.path)
}

/** Takes those that belong together out of both lists. */
function pairs(gone: Shape[], added: Shape[]): [Shape, Shape][] {
  const found: [Shape, Shape][] = []
  while (gone.length > 0 && added.length > 0 && gone.length * added.length <= MAX_PAIRS ** 2) {
    let best = { score: gone.length === 1 && added.length === 1 ? 0 : 1, old: -1, now: -1 }
    for (const [old, a] of gone.entries())
      for (const [now, b] of added.entries()) {
        const score = likeness(a, b)
        if (score > best.score || (score === best.score && best.old === -1)) best = { score, old, now }
      }
    const [old] = best.old === -1 ? [] : gone.splice(best.old, 1)
    const [now] = best.now === -1 ? [] : added.splice(best.now, 1)
    if (!old || !now) break
    found.push([old, now])
  }
  return found
}

function likeness(a: Shape, b: Shape): number {
  const types = a.types === null || b.types === null || a.types.some((type) => b.types?.includes(type)) ? 1 : 0
  return types + Object.keys(a.properties).filter((name) => Object.hasOwn(b.properties, name)).length
}
