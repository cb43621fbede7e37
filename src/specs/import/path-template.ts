import { singular, words } from '../../lib/words.ts'
import { isIdLike } from './id-like.ts'
import { scalarOf } from './infer-schema.ts'
import { MAX_SEARCHED } from './strike-out.ts'

/** A path as OpenAPI writes it, and what stood in the place of each of its parameters. */
export type PathTemplate = { path: string; samples: Record<string, unknown[]> }

/** A segment as it was found: fixed text, or a parameter by its own name. */
export type Segment = string | { parameter: string }

/** Whether a first segment is the API's version though it is a number: /2/orders. */
const isVersion = (segment: string, index: number) => index === 0 && /^\d{1,2}$/.test(segment)

/**
 * The template of a path: segments that are ids become parameters named after the segment before them, so that
 * `/orders/123` is `/orders/{orderId}`. `secrets` are texts that must not stay in it.
 */
export function templateOf(segments: readonly Segment[], secrets: ReadonlySet<string> = new Set()): PathTemplate {
  const samples: Record<string, unknown[]> = Object.create(null) as Record<string, unknown[]>
  const searched = secrets.size > 0 && secrets.size <= MAX_SEARCHED
  let fixed = ''
  const parts = segments.map((segment, index) => {
    if (typeof segment === 'string') {
      const plain = decode(segment)
      const secret = secrets.has(plain) || (searched && [...secrets].some((one) => plain.includes(one)))
      if (!secret && (!isIdLike(plain) || isVersion(plain, index))) {
        fixed = plain
        return escapeBraces(segment)
      }
      const name = unused(nameAfter(fixed), samples)
      samples[name] = [secret ? 'text' : scalarOf(plain)]
      fixed = ''
      return `{${name}}`
    }
    const name = unused(segment.parameter, samples)
    samples[name] = []
    fixed = ''
    return `{${name}}`
  })
  return { path: `/${parts.join('/')}`, samples: { ...samples } }
}

/** The path segments of a URL's path; a slash at its end counts. */
export function segmentsOf(pathname: string): string[] {
  return pathname.replace(/^\/+/, '').split('/')
}

function nameAfter(segment: string): string {
  const parts = words(segment.replace(/\.\w{1,5}$/, ''))
  const last = parts.pop()
  if (last === undefined) return 'id'
  return [...parts, singular(last), 'id'].map((word, index) => (index === 0 ? word : capital(word))).join('')
}

function unused(name: string, taken: Record<string, unknown>): string {
  if (!(name in taken)) return name
  for (let number = 2; ; number++) if (!(`${name}${number}` in taken)) return `${name}${number}`
}

/** A text that may stand between the braces of a template. */
export function parameterName(text: string): string {
  return text.trim().replaceAll(/[^\w.-]+/g, '_') || 'id'
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const escapeBraces = (text: string) => text.replaceAll('{', '%7B').replaceAll('}', '%7D')

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
