import { stem } from '../lib/stem.ts'
import { singular, words } from '../lib/words.ts'
import type { EndpointWords } from '../catalog/words.ts'

/** An operation as stems by where they stand. */
export type Profile = {
  found: EndpointWords
  /** Of the last fixed segment of the path. */
  last: readonly string[]
  /** Of every fixed segment, one list each. */
  segments: readonly (readonly string[])[]
  /** Of the summary and the operation id, in order. */
  name: readonly string[]
  /** Of all that it is called by: path, summary, operation id. */
  called: ReadonlySet<string>
  /** Of the name of its API. */
  api: ReadonlySet<string>
  /** Of tags and parameters, and of the description and the response. */
  takes: ReadonlySet<string>
  mentions: ReadonlySet<string>
  /** What the parameters of the path identify, by the segment before each. */
  of: readonly string[]
  /** Whether the path ends with a parameter, which makes it one thing rather than many. */
  single: boolean
  pathParameters: number
}

const DESCRIPTION = 60
const SENTENCE = 12

/** Takes an operation apart into stems. */
export function profileOf(found: EndpointWords, api: ReadonlySet<string>): Profile {
  const parts = found.path.split('/').filter((part) => part !== '')
  const fixed = parts.filter((part) => !part.startsWith('{'))
  const segments = fixed.map((part) => stems(part.replaceAll(/\{[^}]*\}/g, ' ')))
  // Without a summary the description begins with one.
  const told = found.summary === '' ? stems(found.description).slice(0, SENTENCE) : stems(found.summary).slice(0, 40)
  const name = [...told, ...stems(found.operationId ?? '')]
  return {
    found,
    last: segments.at(-1) ?? [],
    segments,
    name,
    api,
    called: new Set([...segments.flat(), ...name]),
    takes: new Set([...stems(found.tags), ...stems(found.parameters).slice(0, 80)]),
    mentions: new Set([...stems(found.description).slice(0, DESCRIPTION), ...stems(found.response).slice(0, 120)]),
    of: parts.flatMap((part, at) => (part.startsWith('{') ? stems(parts[at - 1] ?? '').slice(-1) : [])),
    single: parts.at(-1)?.startsWith('{') ?? false,
    pathParameters: parts.length - fixed.length,
  }
}

function stems(text: string): string[] {
  return words(text).map(stem)
}

/** Whether a word is a plural by its ending. */
export function isPlural(word: string): boolean {
  return singular(word) !== word
}
