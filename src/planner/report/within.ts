import { singular, words } from '../../lib/words.ts'
import { VERBS } from '../language/lexicon.ts'
import { blankQuotes } from '../language/quotes.ts'
import { LINKS, opensRequest } from './phrases.ts'
import type { Goal } from './plan.ts'
import { LEADS, readReportWishes } from './read-wish.ts'
import type { ReportWish } from './wish.ts'

/** A report that a message goes on with. */
export type ReportWithin = {
  wish: ReportWish
  goal: Goal
  /** The words of the report, as they stand in the message. */
  phrase: string
  /** What is asked for besides, the report's rows by what one is called: "email every customer". */
  rest: (noun: string) => string
  /** Whether the report is asked for by itself, before what is said of it: "which …? Then …". */
  leads: boolean
}

const MAX_CHARS = 600
// Each is a search of the catalogue.
const MAX_TRIED = 6
const UNSURE = /\b(?:if|unless|otherwise|except|excluding)\b|\{\{/i
// Where a request ends, and another begins or a value is told.
const REQUEST_ENDS = /[;\n]|[.!?](?=\s|$)|,?\s+(?:and\s+)?then\s|,\s|\s+and\s+|$/giu
const PHRASE_ENDS =
  /\s(?:an?|as|that|to|saying|because|about|into|titled|asking|telling)\s|\swith\s+(?:the\s+|a\s+)?(?:subject|title|message|text|body|note|reason)\b|\swith\s+(?:\p{L}+\s+){0,3}(?=")/giu
const STARTS = /(?<=^|\s)(?:of|to|for|from)\s+(?=\S)/giu
const GIVES = /\b(?:send|give|write|offer)\s+$/i
const THEIR =
  /^(?:(?:all|every|each|the|of)\s+)*(?<things>\p{L}+(?:\s\p{L}+){0,3}?)\s+(?:of|from|by|for|belonging to|placed by|made by)\s+(?<owners>\S.*)$/iu
const THEIRS = /^(?<verb>\p{L}+) (?:all (?:of )?)?(?:their|his|her|its) (?<things>\p{L}+(?: \p{L}+){0,3})[.!]*$/iu
const THEIR_FIELDS =
  /^(?:what(?: is| are|'s)|(?:show|list|tell|give)(?: me)?) (?:their|his|her|its) (?<fields>\p{L}+(?:(?:,| and|, and)? \p{L}+){0,4})[?.!]*$/iu
const UNDER_EACH = /^for\s/i
const DETERMINER = /^(?:(the|these|those|our|my|all|every|each|any|an?)\s+)*/i

/**
 * The reports that a message may go on with, the likeliest first: one that it begins with, "which customer has the most
 * orders? Then show their last order", or one that says what something is done to, "email the customers without orders".
 * Whether what is connected tells them is for others to say. Pure.
 */
export function readReportsWithin(message: string): ReportWithin[] {
  const text = message.replaceAll('’', "'").replaceAll(/\s+/g, ' ').trim()
  if (text.length > MAX_CHARS || UNSURE.test(text)) return []
  return [...leading(text), ...phrases(text)].slice(0, MAX_TRIED)
}

function leading(text: string): ReportWithin[] {
  return requestEnds(text).flatMap(({ at, length }) => {
    const phrase = text.slice(0, at)
    const said = text.slice(at + length).trim()
    const rest = said.replace(LINKS, '')
    if (!opensRequest(rest, true) || UNDER_EACH.test(phrase)) return []
    return readReportWishes(phrase).flatMap((wish): ReportWithin[] => {
      const use = wish.kind === 'joined' || wish.kind === 'nested' ? 'answer' : useOf(wish, '')
      const goal: Goal = { use, their: null }
      const told: ReportWithin = { wish, phrase, rest: (noun) => withNoun(rest, use, noun), leads: true, goal }
      return [...ofTheirs(wish, phrase, rest), told]
    })
  })
}

/** "… and cancel their orders", "… and what are their names?": what is asked for of those whom a report tells. */
function ofTheirs(wish: ReportWish, phrase: string, rest: string): ReportWithin[] {
  const { fields } = THEIR_FIELDS.exec(rest)?.groups ?? {}
  const whole: ReportWish = wish.kind === 'having' ? { ...wish, counts: false } : wish
  if (!selects(whole)) return []
  const told = { wish: whole, phrase, leads: false }
  if (fields !== undefined)
    return [{ ...told, rest: (noun) => `the ${fields} of every ${noun}`, goal: { use: 'each', their: null } }]
  const { verb = '', things = '' } = THEIRS.exec(rest)?.groups ?? {}
  const use = useOf(wish, '')
  const isDone = isSeveral(things) && VERBS.get(verb.toLowerCase()) !== 'read'
  return isDone ? [{ ...told, rest: (noun) => `${verb} every ${noun}`, goal: { use, their: things } }] : []
}

function phrases(text: string): ReportWithin[] {
  const [end] = requestEnds(text)
  const request = text.slice(0, end?.at ?? text.length)
  const lead = LEADS.exec(request)?.[0] ?? ''
  const [verb = ''] = /^\p{L}+/u.exec(request.slice(lead.length)) ?? []
  if (verb === '') return []
  const effect = VERBS.get(verb.toLowerCase())
  const behind = lead.length + verb.length + 1
  const starts = [...request.matchAll(STARTS)].map(({ index, 0: said }) => index + said.length)
  // What is made is not there yet.
  const all = effect === 'create' || lead.trim() === request.slice(0, behind).trim() ? starts : [behind, ...starts]
  return [...new Set(all)].flatMap((from) => ends(request, from).flatMap((to) => phraseAt(text, from, to)))
}

/** Where a phrase that begins somewhere may end, the latest first. */
function ends(request: string, from: number): number[] {
  const quoted = request.slice(from).search(/\s["']/)
  const last = quoted === -1 ? request.length : from + quoted
  const found = [...request.matchAll(PHRASE_ENDS)].map(({ index }) => index).filter((at) => at > from && at < last)
  return [last, ...found.toReversed()]
}

function phraseAt(text: string, from: number, to: number): ReportWithin[] {
  const phrase = text.slice(from, to)
  const [before, behind] = [text.slice(0, from), text.slice(to)]
  const their = THEIR.exec(phrase)?.groups
  const { things = '', owners = '' } = their ?? {}
  const inner = their && isSeveral(things) ? selecting(owners) : []
  const rest = (use: 'one' | 'each') => (noun: string) => withReference(before, referenceTo(use, noun), behind)
  return [
    ...inner.map(({ wish, use }): ReportWithin => {
      return { wish, phrase, rest: rest('each'), leads: false, goal: { use, their: things } }
    }),
    ...selecting(phrase).map(({ wish, use }): ReportWithin => {
      return { wish, phrase, rest: rest(use), leads: false, goal: { use, their: null } }
    }),
  ]
}

const THEM = { each: /\b(?:(?:each|all) of )?(?:them|those|these)\b/i, one: /\b(?:it|them|him)\b(?!\s+to\s)/i }

/** "Delete them": said of things by what they are called, unless they are told to somebody. */
function withNoun(request: string, use: Goal['use'], noun: string): string {
  return use === 'answer' || request.includes('@') ? request : request.replace(THEM[use], referenceTo(use, noun))
}

function referenceTo(use: 'one' | 'each', noun: string): string {
  return `${use === 'one' ? 'the' : 'every'} ${noun}`
}

/** A request with a reference to what is worked out in the place of the words for that. */
function withReference(before: string, reference: string, behind: string): string {
  // "Send them a letter" is "send a letter to them", and what is quoted behind whom one writes to is what is said.
  if (GIVES.test(before) && /^\san?\s/i.test(behind)) return `${before.trim()}${behind} to ${reference}`
  const [, asked] = UNDER_EACH.test(before) ? (/^,?\s+(\S.*)$/.exec(behind) ?? []) : []
  if (asked !== undefined) return `${asked} for ${reference}`
  return `${before}${reference}${/^\s["']/.test(behind) ? ' saying' : ''}${behind}`
}

/** The wishes of a phrase that tell some things from others, and whether it speaks of one of them. */
function selecting(phrase: string): { wish: ReportWish; use: 'one' | 'each' }[] {
  const [, determiner = ''] = DETERMINER.exec(phrase) ?? []
  return readReportWishes(phrase).flatMap((wish) => {
    // "2 tables for the customer with …" are no kind of customer.
    if (/ (?:of|from|for|to|by|with) /.test(wish.by ?? '') || !selects(wish) || /^an?$/i.test(determiner)) return []
    return [{ wish, use: useOf(wish, determiner) }]
  })
}

/** Whether what comes of a wish is one, a number or "the customer with the most orders", or any number of rows. */
function useOf(wish: ReportWish, determiner: string): 'one' | 'each' {
  if (/^(?:all|every|each|any)$/i.test(determiner)) return 'each'
  if (wish.kind === 'share' || (wish.kind === 'having' && wish.counts)) return 'one'
  if (wish.kind === 'groups' && wish.by === null && wish.limit === null) return 'one'
  const isOne =
    wish.kind === 'groups' ? wish.limit === 1 : wish.kind === 'having' && wish.by !== null && !isSeveral(wish.by)
  return isOne ? 'one' : 'each'
}

/** Whether a wish leaves some of what there is. */
function selects(wish: ReportWish): boolean {
  return (
    wish.kind === 'best' ||
    (wish.kind === 'groups' && wish.limit !== null && wish.order !== null) ||
    (wish.kind === 'having' && !wish.counts)
  )
}

function isSeveral(phrase: string): boolean {
  const all = words(phrase)
  const head = all.find((_, at) => /^(?:in|from|of|at|on|with|for|who|that)$/.test(all[at + 1] ?? 'in')) ?? ''
  return singular(head) !== head
}

/** Where requests of a text end, with how long what stands between them is; quotes are not looked into. */
function requestEnds(text: string): { at: number; length: number }[] {
  const plain = blankQuotes(text, '_')
  return [...plain.matchAll(REQUEST_ENDS)]
    .filter(({ index, 0: said }) => !/^(?:,| and)/.test(said) || opensRequest(plain.slice(index + said.length)))
    .map(({ index, 0: said }) => ({ at: index, length: said.length }))
}
