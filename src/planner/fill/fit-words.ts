import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isSort } from '../../links/slot-kinds.ts'
import type { Slot } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { SWITCHED } from '../language/everyday-words.ts'
import { ORDINAL_NUMBERS } from '../language/lexicon.ts'
import { asSpoken } from '../language/spoken.ts'
import type { Clause } from '../understand/clause.ts'
import { isDenied } from '../understand/denials.ts'
import type { Fit } from './filling.ts'

// What the name of a slot ends with that counts things which have an order: `season_number`.
const PLACES_IN_ORDER = new Set(['number', 'index', 'no', 'num', 'position'])
// What a flag's name opens with: the rest says what it is about.
const TELLS = new Set(['include', 'with', 'show', 'return', 'enable', 'allow', 'use'])

/** A value that the clause's own words choose: one of an enumeration, or a flag it mentions. */
export function fitWords(slot: Slot, clause: Clause): (Fit & { words: string[] }) | null {
  const spoken = spokenText(clause)
  // "Close all open tasks": which are meant is not what they are to be.
  const which = slot.in === 'body' && clause.effect === 'update' ? (clause.many?.phrase ?? '') : ''
  const text = which === '' ? spoken : spoken.replace(asSpoken(which), ' ')
  const has = (phrase: readonly string[]) => phrase.length > 0 && text.includes(` ${phrase.join(' ')} `)
  const choices = slot.schema['enum']
  if (Array.isArray(choices)) {
    if (isSort(slot) && clause.order) return fitOrder(choices, clause.order)
    const done = slot.in === 'body' && clause.effect === 'update' ? choices.find((each) => isDone(each, clause)) : null
    if (typeof done === 'string') return { value: done, score: 0.85, words: words(done) }
    const said = choices.flatMap((choice) => {
      if (typeof choice !== 'string') return []
      const phrase = words(choice).map(singular)
      if (choice.startsWith('-') || !has(phrase) || isDenied(text, phrase)) return []
      // "sorted by name" chooses an order; a bare "name" does not.
      if (isSort(slot) && !new RegExp(` (?:sort|sorted|order|ordered) by ${phrase.join(' ')} `).test(text)) return []
      return [{ value: choice, score: 0.9, words: phrase }]
    })
    const switched = said.length === 0 ? choices.find((each) => isSwitched(each, slot, clause)) : undefined
    if (typeof switched === 'string') return { value: switched, score: 0.85, words: [] }
    const [first, ...others] = said
    // "Late or pending": one of them would hide the others.
    const isEither = others.some((other) => [first, other].some((one) => text.includes(` or ${one?.words.join(' ')} `)))
    return isEither && slot.in === 'query' ? null : (first ?? null)
  }
  const place = PLACES_IN_ORDER.has(slot.words.at(-1) ?? '') ? placeOf(slot.words.slice(0, -1), text) : null
  if (place && typesOf(slot.schema).includes('integer')) return { value: place.value, score: 0.9, words: place.words }
  if (!typesOf(slot.schema).includes('boolean')) return null
  if (TELLS.has(slot.words[0] ?? '') && slot.words.length > 1 && has(slot.words.slice(1)))
    return { value: true, score: 0.8, words: slot.words.slice(1) }
  if (slot.words[0] === 'in' && has(['out', 'of', ...slot.words.slice(1)]))
    return { value: false, score: 0.85, words: slot.words.slice(1) }
  if (slot.in === 'body' && clause.effect === 'update' && isDone(slot.words.join(' '), clause))
    return { value: true, score: 0.85, words: [...slot.words] }
  // "5 in stock" counts.
  if (!has(slot.words) || new RegExp(` \\d+ ${slot.words.join(' ')} `).test(text)) return null
  const denied = [`not ${slot.words.join(' ')}`, `no ${slot.words.join(' ')}`].some((phrase) =>
    text.includes(` ${phrase} `),
  )
  return { value: !denied, score: 0.85, words: [...slot.words] }
}

/** "Close issue 5", "archive it": whether a state is the one that a thing is in once what the clause asks for is done. */
function isDone(state: unknown, { action }: Clause): boolean {
  return (
    typeof state === 'string' &&
    action !== null &&
    /^\p{L}+ed$|^open$/u.test(state) &&
    stem(state) === stem(action.replace(/^re-?(?=open)/, ''))
  )
}

/** "Turn off the lamp": whether a choice of a body, `turn_off`, is the other word for what the verb says. */
function isSwitched(choice: unknown, slot: Slot, { action, effect }: Clause): boolean {
  const other = slot.in === 'body' && effect !== 'read' && action !== null ? SWITCHED[action] : undefined
  return typeof choice === 'string' && other !== undefined && words(choice).some((word) => other.includes(stem(word)))
}

/** "The third episode" → 3: where something stands among its like, by its number. */
function placeOf(noun: readonly string[], text: string): { value: number; words: string[] } | null {
  if (noun.length === 0) return null
  const match = new RegExp(` (\\w+) ${noun.join(' ')} `).exec(text)
  const said = match?.[1] ?? ''
  const value = ORDINAL_NUMBERS.get(said) ?? Number(/^(\d{1,4})(?:st|nd|rd|th)$/.exec(said)?.[1] ?? 0)
  return value > 0 ? { value, words: [said, ...noun] } : null
}

const spoken = new WeakMap<Clause, string>()

/** "Move it to the column done", "mark it as paid": whether words say what something is to be, and not which one is meant. */
export function isToBecome(said: readonly string[], clause: Clause): boolean {
  const phrase = said.map(singular).join(' ')
  if (phrase === '') return false
  const quoted = clause.entities
    .filter(({ kind }) => kind === 'quoted')
    .map(({ text }) => words(text).map(singular).join(' '))
  const behind = new RegExp(String.raw` (?:to|as|into) (?:(?:the|be|an?) )?(?:\p{L}+ )?${phrase} `, 'u')
  return behind.test(spokenText(clause)) || quoted.some((text) => ` ${text} `.includes(` ${phrase} `))
}

/** The words of a clause, singular, each between spaces; made once for each clause. */
export function spokenText(clause: Clause): string {
  let text = spoken.get(clause)
  if (text === undefined) spoken.set(clause, (text = asSpoken(clause.text)))
  return text
}

/** The choice of a sort parameter that orders as asked: it names the field, and marks which end comes first. */
function fitOrder(
  choices: readonly unknown[],
  order: NonNullable<Clause['order']>,
): (Fit & { words: string[] }) | null {
  const about = choices.filter((choice) => words(String(choice)).some((word) => order.by.includes(singular(word))))
  const value = about.find((choice) => /^-|desc/i.test(String(choice)) === order.descending)
  return value === undefined ? null : { value: String(value), score: 0.85, words: [] }
}
