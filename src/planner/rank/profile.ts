import type { EndpointWords } from '../../catalog/words.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { CALLER } from '../../links/slots.ts'
import { isMostlyVerb } from '../language/related-words.ts'

/** An operation as stems by where they stand. */
export type Profile = {
  found: EndpointWords
  /** Of the last fixed segment of the path. */
  last: readonly string[]
  /** Of every fixed segment, one list each. */
  segments: readonly (readonly string[])[]
  /** Of the summary and the operation id, in order. */
  name: readonly string[]
  /** Of what its summary says is done, and to what: "Create a repository for …" → create, repository. */
  deed: string | null
  object: readonly string[]
  /** Of all that it is called by: path, summary, operation id. */
  called: ReadonlySet<string>
  /** Of the name of its API. */
  api: ReadonlySet<string>
  /** Of tags and parameters, and of the description and the response. */
  takes: ReadonlySet<string>
  mentions: ReadonlySet<string>
  /** Of what it answers alone. */
  answers: ReadonlySet<string>
  /** What the parameters of the path identify, by the segment before each. */
  of: readonly string[]
  /** Whether the path ends with a parameter, which makes it one thing rather than many. */
  single: boolean
  pathParameters: number
  /** Whether it is about what belongs to whoever calls: `/me/orders`. */
  ofCaller: boolean
}

// Who calls, as summaries have it: "for the authenticated user".
const OF_CALLER =
  /\b(?:authenticated|current|calling|(?:logged|signed)[- ]in) (?:user|customer|member|account|person|profile)\b|\b(?:my|your)\b/i

const NOTHING: ReadonlyMap<string, string> = new Map()
const DESCRIPTION = 60
const SENTENCE = 12
const RESPONSE = 300

/** Takes an operation apart into stems. */
export function profileOf(
  found: EndpointWords,
  api: ReadonlySet<string>,
  inFull: ReadonlyMap<string, string> = NOTHING,
): Profile {
  const parts = found.path.split('/').filter((part) => part !== '')
  const fixed = parts.filter((part) => !part.startsWith('{'))
  const whole = (word: string) => stem(inFull.get(`${found.connectionId} ${singular(word)}`) ?? word)
  const segments = fixed.map((part) => words(deedFirst(part.replaceAll(/\{[^}]*\}/g, ' '))).map(whole))
  // Without a summary the description begins with one.
  const told = found.summary === '' ? stems(found.description).slice(0, SENTENCE) : stems(found.summary).slice(0, 40)
  const answers = new Set(stems(found.response).slice(0, RESPONSE))
  const name = [...told, ...stems(found.operationId ?? '')]
  return {
    found,
    last: segments.at(-1) ?? [],
    segments,
    name,
    ...sentenceOf(found.summary),
    api,
    called: new Set([...segments.flat(), ...stems(fixed.join(' ')), ...name]),
    takes: new Set([...stems(found.tags), ...stems(found.parameters).slice(0, 80)]),
    mentions: new Set([...stems(found.description).slice(0, DESCRIPTION), ...answers]),
    answers,
    of: parts.flatMap((part, at) =>
      part.startsWith('{')
        ? words(parts[at - 1] ?? '')
            .slice(-1)
            .map(whole)
        : [],
    ),
    single: parts.at(-1)?.startsWith('{') ?? false,
    pathParameters: parts.length - fixed.length,
    ofCaller: isOfCaller(found),
  }
}

/** `conversations.create`: what a method does stands before what it does that to, as in a sentence. */
function deedFirst(segment: string): string {
  return segment.split('.').toReversed().join(' ')
}

/**
 * What words of paths are short for, by summaries of operations that have them: `/user/orgs` is "List organizations". By the
 * connection and the word in the singular; a word that summaries say oftener themselves is short for none, as "user" is for no
 * "username", nor is a verb, as "play" is for no "playback".
 */
export function abbreviations(found: readonly EndpointWords[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { connectionId, path, summary } of found) {
    const said = [...new Set(words(summary))]
    for (const word of new Set(words(path.replaceAll(/\{[^}]*\}/g, ' ')).map(singular))) {
      const whole =
        word.length < 3 || isMostlyVerb(word) ? undefined : said.find((each) => isShortFor(word, singular(each)))
      const own = said.find((each) => singular(each) === word)
      const key = `${connectionId} ${word}`
      const told = counts.get(key) ?? new Map<string, number>()
      for (const each of [whole, own && word]) if (each) told.set(each, (told.get(each) ?? 0) + 1)
      if (told.size > 0) counts.set(key, told)
    }
  }
  const inFull = new Map<string, string>()
  for (const [key, told] of counts) {
    const own = told.get(key.slice(key.indexOf(' ') + 1)) ?? 0
    const [whole, times] = [...told].toSorted(([, one], [, other]) => other - one)[0] ?? ['', 0]
    if (times > own) inFull.set(key, whole)
  }
  return inFull
}

const CUT = 3

function isShortFor(word: string, whole: string): boolean {
  return whole.startsWith(word) && whole.length >= word.length + CUT
}

/** Whether an operation is about what belongs to whoever calls, by its path or by its summary. */
export function isOfCaller({ path, summary }: { path: string; summary: string }): boolean {
  return path.split('/').some((part) => CALLER.test(part)) || OF_CALLER.test(summary)
}

/** Whether an operation gives what one thing has: `/orders/{id}/shipments` of `order` and `shipment`, as stems. */
export function givesOwn({ last, single, of, found }: Profile, owner: string, head: string | null): boolean {
  return (
    found.effect === 'read' &&
    !single &&
    of.at(-1) === owner &&
    head !== null &&
    last.includes(head) &&
    !last.includes(owner)
  )
}

const ENDS_OBJECT = /^(?:for|of|in|from|to|with|on|by|at|as|into|using|that|which|and|or|within|\p{L}+ed)$/u
const DESCRIBES = new Set([
  'a',
  'an',
  'the',
  'all',
  'new',
  'specific',
  'existing',
  'given',
  'single',
  'one',
  'your',
  'my',
])

function sentenceOf(summary: string): Pick<Profile, 'deed' | 'object'> {
  const [verb, ...rest] = words(summary)
  const end = rest.findIndex((word) => ENDS_OBJECT.test(word))
  const object = (end < 0 ? rest : rest.slice(0, end)).filter((word) => !DESCRIBES.has(word))
  return { deed: verb === undefined ? null : stem(verb), object: object.map((word) => stem(word)) }
}

function stems(text: string): string[] {
  return words(text).map(stem)
}

/** Whether a word is a plural by its ending. */
export function isPlural(word: string): boolean {
  return singular(word) !== word
}

/** The stems of the last fixed segment of a path. */
export function lastOf(path: string): string[] {
  const fixed = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  return words(fixed.at(-1) ?? '').map(stem)
}
