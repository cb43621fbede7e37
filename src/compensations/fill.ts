import { STRUCK_OUT, type UpstreamRequest, type UpstreamResponse } from '../connections/egress.ts'
import type { Operation, Parameter } from '../specs/operation.ts'
import { walkPath } from '../steps/plain-path.ts'
import { isIdempotencyKey } from '../steps/request.ts'
import { type Compensation, sharedWith } from './compensation.ts'
import type { CreatedId, Irreversible } from './created-id.ts'
import { namesIn, valuesIn } from './item-path.ts'

/** A call that was made: its operation, where that is served from now, what left and what came back. */
export type Made = { operation: Operation; baseUrl: string; request: UpstreamRequest; response: UpstreamResponse }

/** The parameters of a compensating call, by name. */
export type Filled = { parameters: Record<string, unknown> }

const OK = 200
const CREATED = 201

/**
 * The parameters with which the compensation takes back what one call did: the id out of its answer, everything else as
 * that call was made. Where anything of it is not certain, nothing is taken back.
 */
export function fillCompensation(compensation: Compensation, made: Made): Filled | Irreversible {
  const { operation, id, onlyCreated } = compensation
  const { status } = made.response
  if (onlyCreated && status !== CREATED)
    return { reason: `It was answered with ${status}: only ${CREATED} says that what is there was not there before.` }
  if (status !== CREATED && status !== OK)
    return { reason: `It was answered with ${status}, which does not say that anything is there already.` }
  const url = withoutQuery(made.request.url)
  if (!url.startsWith(made.baseUrl)) return { reason: `It was sent to ${url}, and this API is at ${made.baseUrl} now.` }
  const sent = valuesIn(made.operation.path, url.slice(made.baseUrl.length))
  if (!sent) return { reason: `Its address does not tell what ${made.operation.path} was called with.` }
  const created = id && idOf(id, operation, made, [...sent.values()])
  if (created && 'reason' in created) return created
  const others = othersOf(operation, made)
  if ('reason' in others) return others
  const inPath = [...sent.values(), ...(created ? [created.value] : [])]
  const named = namesIn(operation.path).map((name, index) => [name, inPath[index]] as const)
  return { parameters: { ...others.parameters, ...Object.fromEntries(named) } }
}

/** The parameters beside the path, as the call was made with them. */
function othersOf({ parameters }: Operation, made: Made): Filled | Irreversible {
  const values: Record<string, unknown> = {}
  for (const wanted of parameters) {
    if (wanted.in === 'path' || isIdempotencyKey(wanted)) continue
    const value = sentAs(made, wanted)
    if (value !== undefined) values[wanted.name] = value
    else if (wanted.required)
      return { reason: `It was called without the ${wanted.in} parameter "${wanted.name}", which the undoing needs.` }
  }
  return { parameters: values }
}

type Id = { value: string | number }

/** The id of what was created; the body and the Location header (RFC 9110, section 15.3.2) must not differ. */
function idOf({ field, parameter }: CreatedId, remove: Operation, made: Made, sent: string[]): Id | Irreversible {
  const located = locatedIn(remove, made, sent)
  const told = field && walkPath(['body', ...field], made.response)
  const value = isId(told?.value) ? told.value : null
  if (value === null && located === null)
    return { reason: `Its answer does not tell the ${parameter}${field ? ` (body.${field.join('.')})` : ''}.` }
  if (value !== null && located !== null && String(value) !== located)
    return { reason: `Its answer names two: "${value}" in the body, "${located}" in the Location header.` }
  // Some answer with what holds the new thing.
  if (sent.includes(String(value)))
    return { reason: `The ${parameter} in its answer is that of what it was created in.` }
  return { value: value ?? located ?? '' }
}

/** A number that JSON cannot carry exactly names something else. */
function isId(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  return typeof value === 'string' && value !== '' && !value.includes(STRUCK_OUT)
}

/** The id in the address of what was created; null where the answer gives none, or one of something else. */
function locatedIn(remove: Operation, { response, request, baseUrl }: Made, sent: string[]): string | null {
  const { location } = response.headers
  if (response.status !== CREATED || location === undefined) return null
  const url = URL.parse(location, request.url)
  if (!url || !withoutQuery(url.href).startsWith(baseUrl)) return null
  const values = valuesIn(remove.path, withoutQuery(url.href).slice(baseUrl.length))
  const all = values && [...values.values()]
  const id = all?.pop()
  return id !== undefined && isId(id) && sent.every((value, index) => value === all?.[index]) ? id : null
}

/** The value that a call was made with for the parameter of another; undefined where it was made without. */
function sentAs({ operation, request }: Made, wanted: Parameter): string | string[] | undefined {
  if (!sharedWith(operation, wanted)) return undefined
  if (wanted.in === 'header') return request.headers[wanted.name.toLowerCase()]
  if (wanted.in === 'cookie') return cookieOf(request, wanted.name)
  if (wanted.in !== 'query') return undefined
  const values = new URL(request.url).searchParams.getAll(wanted.name)
  return values.length > 1 ? values : values[0]
}

function cookieOf({ headers }: UpstreamRequest, name: string): string | undefined {
  const pair = headers['cookie']?.split('; ').find((one) => one.startsWith(`${name}=`))
  return pair && decodeURIComponent(pair.slice(name.length + 1))
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, '')
}
