import { isNounOf } from '../../links/short-nouns.ts'
import { stem } from '../../lib/stem.ts'
import { isFreeText, isWritten } from '../../links/slot-kinds.ts'
import { type Slot, takesText } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { codeOf, wantsCode } from '../language/codes.ts'
import { REMARKS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { makingFit, namedness, sideFit } from './evidence.ts'
import type { Fit } from './filling.ts'
import { fitDate } from './fit-dates.ts'
import { IDS } from './fit-ids.ts'

const SAYING = new Set(['saying', 'says', 'stating', 'reading'])

/** A value whose slot is named beside it, or which stands where the slot's values stand: "from Paris", "in French". */
export function fitByName(slot: Slot, entity: Entity, clause: Clause): Fit | null {
  const value = valueFor(slot, entity, clause.timeZone)
  if (value === null) return null
  // "Saying 'hi'": what is said is the text of a message, and not its subject.
  if (isSaid(entity) && slot.words.some((word) => REMARKS.has(word))) return { value, score: 0.9 }
  const clear = namedness(slot, entity)
  if (slot.noun !== null && !namesId(slot, entity)) return null
  // "The city of Ada": Ada is whose, not what.
  const isOwner = entity.kind === 'name' && entity.before.at(-1) === 'of'
  if (isOwner && (clause.effect === 'update' || isAskedFor(slot, clause))) return null
  const side = sideFit(slot, entity)
  const code = takesText(slot) && typeof entity.value === 'string' ? codeOf(slot, entity.text) : null
  if (code) return { value: wantsCode(slot) ? code.code : code.name, score: 0.7 + 0.1 * clear + 0.15 * side }
  const making = makingFit(slot, entity)
  // "Change its name to X" goes to the name of a source, wherever "to" leads.
  if (side < 0 && clear < 0.5) return null
  // Nothing else looks like an address or a telephone number.
  const plain = entity.kind === 'id' ? 0.88 : 0.7
  if (making > 0 && clear < 0.5) return { value, score: plain + 0.1 * side }
  if (clear >= 0.5) return { value, score: Math.min(0.98, 0.55 + 0.4 * clear + 0.1 * side) + 0.1 * making }
  return side > 0 && telling(entity) && !isFreeText(slot) ? { value, score: 0.66 } : null
}

/** 'Saying "hi"': whether an entity is what somebody is told. */
export function isSaid({ kind, before }: Entity): boolean {
  return kind === 'quoted' && SAYING.has(before.at(-1) ?? '')
}

/** "What is the city of Ada?": whether a slot is called by what is asked for. */
function isAskedFor({ words: name }: Slot, { effect, head }: Clause): boolean {
  return effect === 'read' && head !== null && stem(name.at(-1) ?? '') === head
}

/** Whether an entity is an id in so many words: a name is looked up instead, and other kinds of ids have rules of their own. */
function namesId(slot: Slot, entity: Entity): boolean {
  const isSaid = entity.lead.slice(-2).some((word) => IDS.has(word))
  if (entity.kind === 'number') {
    const beside = isSaid || isNounOf(slot.noun, entity.lead.at(-1) ?? '')
    return beside && !entity.money && !entity.percent && typeof slot.schema['example'] !== 'string'
  }
  if (entity.kind === 'id') return false
  return isSaid || isPlaceholder(entity) || codeOf(slot, entity.text) !== null
}

/** `<customerId>`, `abc_def`: nothing anybody is called by. */
function isPlaceholder({ kind, text }: Entity): boolean {
  return kind === 'quoted' && /^<[^<>\s]+>$|^[^\s]*[\d_][^\s]*$/.test(text)
}

function telling(entity: Entity): boolean {
  return entity.kind !== 'remark' && entity.kind !== 'email'
}

/** An entity as the type and format of a slot take it, or null where they do not. */
function valueFor(slot: Slot, entity: Entity, timeZone: string): Fit['value'] | null {
  const types = typesOf(slot.schema)
  const { format } = slot.schema
  if (entity.kind === 'number' && isWritten(slot)) return null
  if (types.includes('integer') || types.includes('number')) {
    const number = Number(entity.value)
    const fits = entity.kind === 'number' || (entity.kind === 'quoted' && /^-?\d+(\.\d+)?$/.test(entity.text))
    if (!fits || (!types.includes('number') && !Number.isInteger(number))) return null
    const { maximum } = slot.schema
    return entity.percent && typeof maximum === 'number' && maximum <= 1 ? number / 100 : number
  }
  if (!takesText(slot)) return null
  if (format === 'date' || format === 'date-time') return fitDate(slot, entity, timeZone)?.value ?? null
  if (format === 'email' || format === 'uri' || format === 'uuid')
    return entity.kind === { email: 'email', uri: 'url', uuid: 'id' }[format] ? String(entity.value) : null
  return entity.kind === 'number' ? entity.text : String(entity.value)
}
