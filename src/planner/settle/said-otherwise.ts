import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { outsideQuotes } from '../language/quotes.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

const OBJECT = String.raw`((?:(?!\b(?:and|then|but|off|on|out|in|up|down|back)\b)[^.,;!?"'])+?)`
// Behind these something goes on, only less.
const LESS = String.raw`(?!\s+(?:(?:the|my|our)\s+)?(?:volume|sound|music|radio|tv|heat|heating|lights?|lamp|temperature|thermostat|brightness)\b)`
const WHOM = String.raw`(?!(?:money|back|the|my|our|his|her|their|your|all)\b)[\p{L}'-]+(?:\s+\p{Lu}[\p{L}'-]*){0,2}`
const MONEY = String.raw`(?:(?:the|my|our|his|her|their|your|all)\s+)?money`

const BEHIND = /\s(?:of|on|in|for|from|at|with|to|by)\s/iu

/** What people say, what stands behind the verb that means it, and which verbs that may be; `ofSaid`: only for just the thing spoken of. */
type Saying = readonly [pattern: RegExp, words: string, verbs: readonly string[], ofSaid?: 'ofSaid']

const SAYINGS: readonly Saying[] = [
  [/\bdisable\b/giu, '', ['disable', 'deactivate', 'pause', 'suspend', 'stop'], 'ofSaid'],
  [
    /(?<=^\s*(?:please\s+)?)stop\b(?!\s+\p{L}+ing\b)/giu,
    '',
    ['stop', 'cancel', 'discontinue', 'end', 'abort', 'pause'],
    'ofSaid',
  ],
  [/\benable\b/giu, '', ['enable', 'activate', 'reactivate', 'resume', 'start'], 'ofSaid'],
  [/\b(?:make|create|take)\s+(?:a|another)\s+copy\s+of\b/giu, '', ['copy', 'duplicate', 'clone']],
  [
    /(?:(?<=^\s*|[,.;]\s+)(?:(?:the|my|our)\s+)?\p{L}+\s+)?\b(?:say|says|said)\s+yes\s+to\b/giu,
    '',
    ['accept', 'approve', 'confirm'],
  ],
  [
    /(?:(?<=^\s*|[,.;]\s+)(?:(?:the|my|our)\s+)?\p{L}+\s+)?\b(?:say|says|said)\s+no\s+to\b/giu,
    '',
    ['reject', 'decline', 'refuse', 'deny'],
  ],
  [new RegExp(String.raw`\bsend\s+${OBJECT}\s+(?:off|out)\b`, 'giu'), '$1', ['send', 'dispatch', 'ship']],
  [
    new RegExp(String.raw`\b(?:put|place)\s+${OBJECT}\s+on\s+(?:hold|ice|pause)\b`, 'giu'),
    '$1',
    ['hold', 'pause', 'suspend'],
  ],
  [new RegExp(String.raw`\b(?:put|take|set|make)\s+${OBJECT}\s+live\b`, 'giu'), '$1', ['publish', 'activate']],
  [new RegExp(String.raw`\bturn\s+down${LESS}(?=\s)`, 'giu'), '', ['reject', 'decline', 'refuse', 'deny']],
  [new RegExp(String.raw`\bturn${LESS}\s+${OBJECT}\s+down\b`, 'giu'), '$1', ['reject', 'decline', 'refuse', 'deny']],
  [
    new RegExp(
      String.raw`\b(?:give|send|hand|pay)\s+(?:${WHOM}\s+)?${MONEY}\s+back(?!\s+guarantee)\s+(?:for|on)\b`,
      'giu',
    ),
    '',
    ['refund', 'reimburse'],
  ],
  [
    new RegExp(String.raw`\b(?:give|send|hand|pay)\s+${MONEY}\s+(?:for|of|on)\s+${OBJECT}\s+back\b`, 'giu'),
    '$1',
    ['refund', 'reimburse'],
  ],
]

/** "Put the order on hold", where the API holds orders, or pauses them: said by the verb that it has for what is spoken of. */
export function saidOtherwise(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const said = new Set(words(clause.text).map((word) => stem(singular(word))))
  // "Disable the tracking of event 5" is not done to the event.
  const done = new Set(words(clause.text.split(BEHIND)[0] ?? '').map((word) => stem(singular(word))))
  const has = (verb: string, ofSaid: boolean, things = said) =>
    profiles.some(
      ({ found, name, last, of, single, takes }) =>
        found.effect !== 'read' &&
        (name[0] === verb ||
          last.includes(verb) ||
          (ofSaid && single && found.effect === 'update' && takes.has(verb))) &&
        (!ofSaid || of.some((noun) => things.has(noun))),
    )
  const inOneWord = (part: string) =>
    SAYINGS.reduce((left, [pattern, plain, verbs, only]) => {
      if (left.search(pattern) === -1) return left
      const ways = only === undefined ? [true, false] : [true]
      const own = ways.flatMap((ofSaid) =>
        verbs.filter((verb) => has(stem(verb), ofSaid, only === undefined ? said : done)),
      )[0]
      return own === undefined ? left : left.replaceAll(pattern, plain === '' ? own : `${own} ${plain}`)
    }, part)
  const text = outsideQuotes(clause.text, inOneWord)
  return text === clause.text ? clause : readInOtherWords(clause, text, now)
}
