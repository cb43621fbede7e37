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

// "The server 5", "it 5", "server Ada": what is done to that, and not "the server's alerts" or "server 5 alerts".
const OBJECT_ALONE =
  /^\W*(?:please\s+)?\p{L}{1,40}\s+(?:(?:the|my|our|this|that|all|every|each)\s+)*((?:\p{Ll}+\s+){0,2}?\p{Ll}+)(?:\s+(?:#?(?=[\w-]*\d)[\w-]+|\p{Lu}[\p{L}\p{N}'-]*|"[^"]*"))*\s*(?:$|[,.;!?]|\s(?:of|on|in|for|at|with|to|by|until|now|please|because|again|called|named)\b)/u
// "Until friday", "for now": it goes on afterwards.
const FOR_NOW = /\b(?:until|till|for now|for a while|temporarily)\b/iu
const RESUMED = new Set(['stop', 'pause', 'suspend'])
const FROM_DOING = /\bfrom\s+\p{L}+ing\b/iu

/**
 * What people say, what stands behind the verb that means it, and which verbs that may be; `ofSaid`: only where it is done to just
 * that thing, `ofState`: also where the thing has such a state.
 */
type Saying = readonly [pattern: RegExp, words: string, verbs: readonly string[], of?: 'ofSaid' | 'ofState']

const SAYINGS: readonly Saying[] = [
  [/(?<=^\s*(?:please\s+)?)disable\b/giu, '', ['disable', 'deactivate', 'pause', 'suspend', 'stop'], 'ofSaid'],
  [
    /(?<=^\s*(?:please\s+)?)stop\b(?!\s+\p{L}+ing\b)/giu,
    '',
    ['stop', 'pause', 'suspend', 'cancel', 'discontinue', 'end', 'abort'],
    'ofState',
  ],
  [/(?<=^\s*(?:please\s+)?)enable\b/giu, '', ['enable', 'activate', 'reactivate', 'resume', 'start'], 'ofSaid'],
  [/\b(?:make|create|take)\s+(?:a|another)\s+copy\s+of\b/giu, '', ['copy', 'duplicate', 'clone']],
  [/(?<=^\s*(?:please\s+)?)say\s+yes\s+to\b/giu, '', ['accept', 'approve', 'confirm']],
  [/(?<=^\s*(?:please\s+)?)say\s+no\s+to\b/giu, '', ['reject', 'decline', 'refuse', 'deny']],
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
  const [, object = ''] = FROM_DOING.test(clause.text) ? [] : (OBJECT_ALONE.exec(clause.text) ?? [])
  const done = new Set(
    words(object)
      .slice(-1)
      .map((word) => stem(singular(word))),
  )
  const has = (verb: string, ofSaid: boolean, only: Saying[3]) =>
    profiles.some(
      ({ found, name, last, of, single, takes }) =>
        found.effect !== 'read' &&
        (name[0] === verb ||
          last.includes(verb) ||
          (only === 'ofState' && single && found.effect === 'update' && takes.has(verb))) &&
        (!ofSaid || of.some((noun) => (only === undefined ? said : done).has(noun))),
    )
  const inOneWord = (part: string) =>
    SAYINGS.reduce((left, [pattern, plain, verbs, only]) => {
      if (left.search(pattern) === -1) return left
      const ways = only === undefined ? [true, false] : [true]
      const kept = only === 'ofState' && FOR_NOW.test(left) ? verbs.filter((verb) => RESUMED.has(verb)) : verbs
      const own = ways.flatMap((ofSaid) => kept.filter((verb) => has(stem(verb), ofSaid, only)))[0]
      // What the API says as well is left as it is.
      if (own === undefined || ((only !== undefined || own === 'copy') && own === verbs[0])) return left
      return left.replaceAll(pattern, plain === '' ? own : `${own} ${plain}`)
    }, part)
  const text = outsideQuotes(clause.text, inOneWord)
  return text === clause.text ? clause : readInOtherWords(clause, text, now)
}
