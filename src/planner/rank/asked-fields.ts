import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import type { Clause } from '../understand/clause.ts'
import type { Profile } from './profile.ts'

/**
 * What questions ask for without saying its name: what they ask by, the words of it that say nothing more then, and what
 * answers call it, the likeliest first; `ofIds`: also of what is told by its id.
 */
const ASKED: readonly (readonly [pattern: RegExp, said: string, fields: string, ofIds?: 'ofIds'])[] = [
  [/\bhow long (?:is|are|was|were)\b/i, 'long', 'runtime duration length'],
  [/\bhow tall (?:is|are|was|were)\b/i, 'tall', 'height'],
  [/\bhow heavy (?:is|are)\b|\bhow much (?:does|do)\b.*\bweigh\b/i, 'heavy weigh', 'weight'],
  [/\bhow (?:big|large) (?:is|are|was|were)\b/i, 'big large', 'size area population'],
  [/\bhow old (?:is|are|was|were)\b/i, 'old', 'age birthday birthdate birth'],
  [
    /\bhow (?:expensive|dear) (?:is|are)\b|\bhow much (?:is|are|(?:does|do)\b.*\bcost)\b/i,
    'expensive dear cost much',
    'price cost',
  ],
  [/\bhow popular (?:is|are)\b/i, 'popular', 'popularity followers'],
  [/\bhow (?:good|bad|well rated|highly rated) (?:is|are|was)\b/i, 'good bad well highly rated', 'rating score vote'],
  [/\bwhere (?:was|were)\b.*\bborn\b/i, 'born', 'birthplace birth hometown'],
  [/\b(?:when|year|date|day) (?:was|were)\b.*\bborn\b/i, 'born year date day', 'birthday birthdate birth dob'],
  [/\b(?:when|year|date|day) did\b.*\bdie\b/i, 'die year date day', 'deathday death died'],
  [
    /\b(?:when|year|date|day) (?:did|was|were|does|is|will)\b.*\b(?:come out|released|published|premiere|premiered)\b/i,
    'come out released published premiere premiered year date day',
    'release premiered published aired',
  ],
  [
    /\bwhere (?:is|are)\b.*\b(?:based|located|headquartered)\b/i,
    'based located headquartered',
    'headquarters location address city',
  ],
  [
    /\bwhen (?:will|does|do|is|are|should)\b.*\b(?:arrive|arriving|get (?:here|there)|be (?:here|there|delivered)|come in|due in)\b/i,
    'arrive arriving get here there delivered come due',
    'eta arrival arrives delivery',
    'ofIds',
  ],
  [
    /\bhow (?:did|does|do|is|are|was|were|has|have)\b.*\b(?:do|doing|done|perform|performing|performed|go|going|went)\s*\??$/i,
    'do doing done perform performing performed go going went',
    'performance statistics stats report analytics metrics results',
    'ofIds',
  ],
  [/\bwho (?:wrote|writes|has written)\b/i, 'wrote writes written', 'writer author'],
  [/\bwho (?:directed|directs|has directed)\b/i, 'directed directs', 'director'],
  [/\bwho composed\b/i, 'composed', 'composer'],
  [
    /\bwho (?:plays|played|stars|starred|acts|acted)\b/i,
    'plays played stars starred acts acted',
    'cast actors starring',
  ],
  [/\bwho (?:sings|sang|performs|performed)\b/i, 'sings sang performs performed', 'artist singer performer'],
  [/\bwho (?:made|makes|created|creates)\b/i, 'made makes created creates', 'creator author maker'],
  [/\bwho (?:owns|owned)\b/i, 'owns owned', 'owner'],
]

// Who does what is told by what they do, where answers tell that: "job": "Writer".
const WHO = /\bwho (?:wrote|writes|composed|directed|directs|has (?:written|directed))\b/i

/** "How long is Casablanca?": a question of something by what the answers at hand call what it asks for. */
export function askedField(clause: Clause, profiles: readonly Profile[]): Clause {
  const { effect, text, entities, refersBack, terms, head } = clause
  const isNamed = refersBack || entities.some(({ kind }) => kind === 'name' || kind === 'quoted')
  const isOfId = entities.some(({ kind }) => kind === 'id')
  if (effect !== 'read') return clause
  const isKnown = (field: string) =>
    profiles.some(
      ({ answers, found, segments }) =>
        answers.has(stem(field)) || (found.effect === 'read' && segments.some((words) => words.includes(stem(field)))),
    )
  for (const [pattern, said, fields, ofIds] of ASKED) {
    if (!pattern.test(text) || !(isNamed || (ofIds && isOfId))) continue
    const own = words(fields).find((field) => isKnown(field) || (WHO.test(text) && isKnown('job')))
    if (own === undefined) return clause
    const known = new Set(words(said).map(stem))
    const left = terms.filter((term) => !known.has(term))
    return {
      ...clause,
      terms: [...new Set([...left, stem(own)])],
      content: [...clause.content.filter((word) => !known.has(stem(word))), own],
      // Who did something to a thing is asked for, and not the thing.
      head: head === null || known.has(head) || !isKnown(own) ? stem(own) : head,
      verb: null,
      action: null,
      asked: stem(own),
    }
  }
  return clause
}
