import type { Answer, AnswerShape } from './answers.ts'
import { inWords, type Need, type Output } from './outputs.ts'

const ALIKE = 0.6
const FEWEST = 3
// What things of any kind have, which tells nothing of the kind.
const COMMON =
  /^(?:_?id|uuid|key|name|title|label|description|type|url|uri|href|self|_?links|(?:created|updated|modified|deleted).*)$/i
// What things are called by under one name is no other kind of thing under another: films have titles, firms have names.
const LABELS = ['name', 'title', 'label']
// What tells one item from the others.
const KEY = 'id'

/** How the things of one kind are made: the names of their fields, and those of them that tell the kind. */
export type Make = { names: ReadonlySet<string>; telling: readonly string[] }

/** How the items of an operation's list are made; null where it lists nothing, or too little tells what its items are. */
export function makeOf({ isList, whole }: Answer): Make | null {
  if (!isList || !whole) return null
  const names = whole.fields.map(({ name }) => name)
  const telling = names.filter((name) => !COMMON.test(name))
  return telling.length < FEWEST ? null : { names: new Set(names), telling }
}

/**
 * The field that identifies an item of a list whose items are made like others: credits that hold a film each are films,
 * whatever the list is called. Null where they are made otherwise.
 */
export function outputLike(answer: Answer, make: Make, { noun }: Need): Output | null {
  // A card that tells which list it is in is no list.
  const refers = ({ fields }: AnswerShape) => fields.some((field) => field.noun === noun)
  const list = answer.lists.find((shape) => isMadeLike(shape, make) && !refers(shape))
  const key = list?.fields.find(({ name }) => name === KEY)
  if (!list || !key) return null
  const path = `${list.path}.${KEY}`
  const { types, format } = key
  return { path, types, format, reason: 'alike', ...inWords(path, noun, answer.resource) }
}

function isMadeLike({ fields }: AnswerShape, { names, telling }: Make): boolean {
  const own = new Set(fields.map(({ name }) => name))
  const isLabelled = LABELS.every((label) => !names.has(label) || own.has(label))
  return own.has(KEY) && isLabelled && telling.filter((name) => own.has(name)).length / telling.length >= ALIKE
}
