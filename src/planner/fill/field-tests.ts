import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { asSpoken, speaksOf } from '../language/spoken.ts'
import type { Clause } from '../understand/clause.ts'
import { isDenied } from '../understand/denials.ts'
import type { Entity } from '../understand/entity.ts'
import { entityTests } from './entity-tests.ts'
import type { FieldTest } from './field-test.ts'
import { fieldName, type PlainField, tellingWords } from './fields.ts'

// Of a clause: nobody says more of one list.
const MAX_ENTITIES = 20

/** Tests that a clause sets for fields, with the entities that they use and the stems that chose them. */
export type Tested = { tests: FieldTest[]; used: Entity[]; covered: string[] }

/**
 * What a clause says of fields: choices and flags that its words name, numbers and days that it compares, names beside what
 * they belong to. Only what is clear: a wrong test hides what was asked for. `known` are the words that the things
 * themselves are called by, which choose nothing. Pure.
 */
export function fieldTests(
  fields: readonly PlainField[],
  clause: Clause,
  entities: readonly Entity[],
  known: ReadonlySet<string>,
): Tested {
  const spoken = asSpoken(withoutVerb(clause))
  const tests: FieldTest[] = []
  const used: Entity[] = []
  const covered: string[] = []
  for (const field of fields) {
    const found = choiceTest(field, spoken, known) ?? flagTest(field, spoken, known)
    if (!found) continue
    tests.push(found.test)
    covered.push(...found.words.map(stem))
  }
  for (const entity of entities.slice(0, MAX_ENTITIES)) {
    const found = entityTests(fields, entity, clause, entities)
    if (!found) continue
    tests.push(...found.tests)
    used.push(...found.used)
  }
  return { tests, used: [...new Set(used)], covered }
}

/** A test as JSONata, for a field of what `base` names; empty where names are read from the item at hand. */
export function testExpression({ path, next, is, value }: FieldTest, base = ''): string {
  const field = next === undefined ? `${base}${path}` : `${base}${path} & " " & ${base}${next}`
  if (is === 'holds') return `$contains($lowercase($string(${field})), ${JSON.stringify(String(value).toLowerCase())})`
  if (is === 'not in') return `$not(${field} in ${JSON.stringify(value)})`
  return `${field} ${is} ${JSON.stringify(value)}`
}

const OPPOSITES: Partial<Record<FieldTest['is'], FieldTest['is']>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  in: 'not in',
  'not in': 'in',
}

/** Whether a test is for what something is not. */
export function isNegative({ is, value }: FieldTest): boolean {
  return is === '!=' || is === 'not in' || value === false
}

/** What holds where these do not; null where that is not one test. */
export function oppositeOf([test, ...others]: readonly FieldTest[]): FieldTest[] | null {
  const is = test && OPPOSITES[test.is]
  return test && is && others.length === 0 ? [{ ...test, is, words: `not: ${test.words}` }] : null
}

/** The text of a clause behind its verb: in "open the closed issues" they are closed, not open. */
function withoutVerb({ text, action, verb }: Clause): string {
  const first = action ?? verb
  if (first === null) return text
  for (const match of text.matchAll(/\p{L}+/gu))
    if (stem(match[0].toLowerCase()) === first) return text.slice(match.index + match[0].length)
  return text
}

/** "Overdue", "draft or archived", "not paid": values that a field is documented to have. */
function choiceTest(field: PlainField, spoken: string, known: ReadonlySet<string>) {
  const choices = field.slot.schema['enum']
  if (!Array.isArray(choices)) return null
  const texts = choices.filter((choice): choice is string => typeof choice === 'string')
  const wordsOf = (choice: string) => words(choice).map(singular)
  const said = (prefix: string) =>
    texts.filter((choice) => {
      const own = wordsOf(choice)
      // A number says nothing by itself: "of district 7" is no grade.
      const before = own.every((word) => /^\d+$/.test(word)) ? words(field.slot.name).slice(-1) : []
      const spelled = [...before, prefix + (own[0] ?? ''), ...own.slice(1)]
      // "The email of Ada" is a field, and chooses nothing.
      const isField = speaksOf(spoken, ['the', ...spelled, 'of'])
      return own.some((word) => !known.has(word)) && speaksOf(spoken, spelled) && !isField
    })
  const denied = texts.filter((choice) => said('un').includes(choice) || isDenied(spoken, wordsOf(choice)))
  const meant = denied.length > 0 ? denied : said('')
  const [only] = meant
  if (only === undefined) return null
  const name = fieldName(field)
  const is = denied.length > 0
  const test: FieldTest =
    meant.length === 1
      ? { path: field.path, is: is ? '!=' : '=', value: only, words: `${name} is ${is ? 'not ' : ''}${only}` }
      : {
          path: field.path,
          is: is ? 'not in' : 'in',
          value: meant,
          words: `${name} is ${is ? 'none' : 'one'} of ${meant.join(', ')}`,
        }
  return { test, words: meant.flatMap(words) }
}

/** "Spam comments", "inactive users": a field that is true or false. */
function flagTest(field: PlainField, spoken: string, known: ReadonlySet<string>) {
  if (!typesOf(field.slot.schema).includes('boolean')) return null
  const own = tellingWords(field).map(singular)
  const [first = '', ...rest] = own
  if (own.every((word) => known.has(word))) return null
  const negative = [`in${first}`, `un${first}`, `non ${first}`, `not ${first}`, `no ${first}`].some((word) =>
    speaksOf(spoken, [...word.split(' '), ...rest]),
  )
  const out = first === 'in' && speaksOf(spoken, ['out', 'of', ...rest])
  if (!negative && !out && !speaksOf(spoken, own)) return null
  const value = !negative && !out
  const test: FieldTest = { path: field.path, is: '=', value, words: `${own.join(' ')} is ${value}` }
  return { test, words: own }
}
