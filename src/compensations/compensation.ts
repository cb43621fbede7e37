import { words } from '../lib/words.ts'
import { type Effect, type Operation, operationName, type Parameter } from '../specs/operation.ts'
import { isIdempotencyKey } from '../steps/request.ts'
import { createdId, type CreatedId, type Irreversible } from './created-id.ts'
import { formOf } from './item-path.ts'

/** What takes back what an operation does: another one of the same API, and how it finds what was created. */
export type Compensation<O extends Operation = Operation> = {
  operation: O
  /** Null where the call itself named what it created: both have the same path. */
  id: CreatedId | null
  /** Whether only the status 201 says that something was created, and not there before. */
  onlyCreated: boolean
}

const FINAL: Partial<Record<Effect, string>> = {
  delete: 'What it deletes cannot be brought back.',
  pay: 'Money that has moved does not come back when the record of it is deleted.',
  message: 'What was sent cannot be called back.',
}
const CHANGES = 'It changes what is there, and how that was before is not known.'

const CHANGING = new Set('update replace edit modify change overwrite set rename'.split(' '))
const CREATING = new Set('create add insert new register'.split(' '))
const REFUSING = /\b4\d\d\b|\b(?:fail|error|conflict|refus|reject|cannot|must not)/i
// What may answer with a thing that was there before as if it were new.
const KEEPING =
  /\balready\b|\bupsert|\b(?:creat|add|insert)\w* or (?:updat|replac|return|fetch)|\b(?:find|get|fetch)\w* or creat|\bexist\w*[^.]{0,40}\breturned\b/i

/**
 * The operation that takes back what another does, out of those with the method DELETE of the same API: that of
 * `/orders/{id}` for a POST to `/orders`; that of the same path for a PUT, which takes back only what the answer says was
 * created (RFC 9110, section 9.3.4). Where none or several fit, or one asks for what the call does not know, nothing does.
 */
export function compensationOf<O extends Operation>(
  operation: Operation,
  deletes: readonly O[],
): Compensation<O> | Irreversible {
  const { method, effect } = operation
  const final = FINAL[effect]
  if (final) return { reason: final }
  if (method === 'PUT') return ofPut(operation, deletes)
  if (effect === 'update') return { reason: CHANGES }
  if (method !== 'POST') return { reason: `What ${method} creates here is not known.` }
  const remove = theOnly(operation, deletes, true)
  if ('reason' in remove) return remove
  const id = createdId(operation, remove)
  return 'reason' in id ? id : { operation: remove, id, onlyCreated: mayKeep(operation) }
}

/** Whether an operation is where the compensation of another would be: at its path, or at that of an item below it. */
export function mayCompensate({ method, path }: Operation, removed: string): boolean {
  return formOf(removed) === placeOf(path, method === 'POST')
}

function ofPut<O extends Operation>(operation: Operation, deletes: readonly O[]): Compensation<O> | Irreversible {
  const told = words(`${operation.operationId ?? ''} ${operation.summary}`)
  const changes = told.some((word) => CHANGING.has(word)) && !told.some((word) => CREATING.has(word))
  const form = formOf(operation.path)
  if (changes || !deletes.some(({ path }) => formOf(path) === form)) return { reason: CHANGES }
  // To delete at the path of a list would be to delete all that is in it.
  if (!form.endsWith('/{}')) return { reason: `Whether ${operation.path} is one thing or all there are is not known.` }
  const remove = theOnly(operation, deletes, false)
  return 'reason' in remove ? remove : { operation: remove, id: null, onlyCreated: true }
}

function theOnly<O extends Operation>(operation: Operation, deletes: readonly O[], isItem: boolean): O | Irreversible {
  const form = placeOf(operation.path, isItem)
  const [found, another] = deletes.filter(({ path }) => formOf(path) === form)
  if (!found) return { reason: `The API has no operation that deletes what ${operationName(operation)} creates.` }
  if (another)
    return { reason: `${operationName(found)} and ${operationName(another)} might both be meant to take it back.` }
  if (found.server !== operation.server) return { reason: `${operationName(found)} is served from somewhere else.` }
  const lacking = unknownTo(operation, found)
  return lacking ? { reason: `${operationName(found)} needs ${lacking}, which nobody can know.` } : found
}

function placeOf(path: string, isItem: boolean): string {
  return isItem ? `${formOf(path)}/{}` : formOf(path)
}

/** What the compensating operation cannot do without, and a call of the other does not say; null where there is nothing. */
function unknownTo(operation: Operation, remove: Operation): string | null {
  if (remove.requestBody?.required) return 'a body'
  const missing = remove.parameters.find((one) => one.required && one.in !== 'path' && !sharedWith(operation, one))
  return missing && !isIdempotencyKey(missing) ? `the ${missing.in} parameter "${missing.name}"` : null
}

/** The parameter that an operation has under the same name in the same place, so that one value is meant for both. */
export function sharedWith(operation: Operation, wanted: Parameter): Parameter | undefined {
  // A condition (RFC 9110, section 13.1) is about one request only.
  if (wanted.in === 'header' && /^if-/i.test(wanted.name)) return undefined
  const nameOf = (one: Parameter) => (one.in === 'header' ? one.name.toLowerCase() : one.name)
  return operation.parameters.find((one) => one.in === wanted.in && nameOf(one) === nameOf(wanted))
}

/** Whether a document says that an operation may answer with what was there before; that it refuses then says nothing. */
function mayKeep({ operationId, summary, description }: Operation): boolean {
  const sentences = `${words(operationId ?? '').join(' ')}.${summary}.${description}`.split(/[.;\n]/)
  return sentences.some((sentence) => KEEPING.test(sentence) && !REFUSING.test(sentence))
}
