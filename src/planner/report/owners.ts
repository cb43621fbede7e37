import { plural } from '../../lib/words.ts'
import { baseOf } from '../language/verbs.ts'
import * as patterns from './patterns.ts'
import { numberOf, phrase, withTail } from './phrases.ts'
import type { ReportWish } from './wish.ts'

export function readHaving(said: string): ReportWish | null {
  const counts = patterns.HOW_MANY.test(said)
  const asked = counts ? `which ${said.replace(patterns.HOW_MANY, '')}` : said
  const having = (by: string, things: string, least: number, most: number | null): ReportWish => ({
    kind: 'having',
    things: phrase(things),
    by: /^(?:who|people|those)$/i.test(by) ? null : phrase(by.replace(/\s+(?:who|that|which)$/i, '')),
    least,
    most,
    counts,
  })
  const many = patterns.HAS_SO_MANY.exec(asked)?.groups
  if (many) {
    const [least, most] = bounds(many['compared'] ?? '', numberOf(many['count']) ?? 0)
    return having(many['by'] ?? '', many['things'] ?? '', least, most)
  }
  const lacks = patterns.LACKS.exec(asked)?.groups
  if (lacks) return having(lacks['by'] ?? '', lacks['things'] ?? '', 0, 0)
  const not = patterns.DID_NOT.exec(asked)?.groups
  if (not) {
    const rest = not['things'] ?? ''
    const done = doneThings(not['verb'] ?? '')
    const isNamed = rest !== '' && !patterns.NOTHING_NAMED.test(rest)
    return having(
      not['by'] ?? '',
      isNamed ? rest : withTail(done, rest.replace(patterns.NOTHING_NAMED, '').trim()),
      0,
      0,
    )
  }
  const some = patterns.HAS_SOME.exec(asked)?.groups
  if (some) return having(some['by'] ?? some['asked'] ?? '', some['things'] ?? '', 1, null)
  const did = patterns.DID.exec(asked)?.groups
  return did
    ? having(did['by'] ?? did['asked'] ?? '', withTail(doneThings(did['verb'] ?? ''), did['tail']), 1, null)
    : null
}

/** What somebody has who has done something: orders, who has ordered. */
function doneThings(verb: string): string {
  return plural(baseOf(verb.toLowerCase()))
}

export function readJoined(asked: string): ReportWish | null {
  const of = patterns.FIELDS_OF.exec(asked)?.groups
  if (of) return joined(of)
  const theirs = patterns.WITH_THEIRS.exec(asked)?.groups
  const own = patterns.OWNER_FIELDS.exec(asked)?.groups
  if (theirs && !own) return { kind: 'nested', things: phrase(theirs['things'] ?? ''), by: phrase(theirs['by'] ?? '') }
  return own ? joined(own) : null
}

function joined({ things = '', by = '', fields = '' }: Record<string, string | undefined>): ReportWish {
  return { kind: 'joined', things: phrase(things), by: phrase(by), fields: phrase(fields) }
}

/** From how many to how many "more than three" is. */
function bounds(compared: string, count: number): [number, number | null] {
  switch (compared.toLowerCase()) {
    case 'more than':
    case 'over':
      return [count + 1, null]
    case 'at least':
      return [count, null]
    case 'exactly':
      return [count, count]
    case 'at most':
    case 'no more than':
      return [0, count]
    default:
      return [0, count - 1]
  }
}
