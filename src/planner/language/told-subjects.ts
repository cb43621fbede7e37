const NAME = String.raw`\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}`
const ID = String.raw`#?(?=[\p{L}\p{N}_-]*\d)[\p{L}\p{N}_-]+`
const DEFINITE = String.raw`(?:[Tt]he|[Mm]y|[Oo]ur|[Tt]his|[Tt]hat)`
const COPULA = String.raw`(?:is|are|was|were)(?:n['’]t)?\b`
const HAPPENED = String.raw`(?:(?:has|have|had)(?:n['’]t)?|arrived|left|came|went|got|looks|broke|(?:ca|wo|do|does|did)n['’]t|cannot|can|needs|should|\p{L}{3,}ed)\b`
// "Order 12", "INV-7", "the Saturday yoga class".
const THING = String.raw`(?:${DEFINITE}\s+(?:[\p{L}\p{N}'-]+\s+){0,4}?[\p{L}\p{N}#'_-]+|\p{L}+(?:\s+\p{Ll}+)?\s+${ID}|\p{L}{2,12}[-_]?(?=[\w-]*\d)[\w-]+)`
const PERSON = String.raw`(?:\p{Ll}+\s+)?${NAME}`
const WHO = String.raw`(?:[Ii]|[Ww]e|[Ss]ome(?:one|body)|[Hh]e|[Ss]he|[Tt]hey|${DEFINITE}\s+\p{L}+(?:\s+\p{L}+)??|${NAME})`
const DID = String.raw`(?:(?:['’]ve|\s+have|\s+has)?\s+(?:(?:just|already|accidentally|mistakenly|wrongly)\s+)?(?:\p{L}+ed|gave|sold|lost|made|put|took|sent|bought|left|got|set|did|broke|wrote|chose|paid|told|brought|kept|ran|met|shut|cut|lent|spent|built|held|found|hid))`
// Where what is done to something ends: "gave the old plug away", "rejected request 5 by mistake".
const BEHIND = String.raw`(?=\s*$|,|\s+(?:away|out|over|back|up|down|off|on|live|open|unlocked|running|by|in|to|for|at|from|yesterday|today|already|last|this|too|again)\b)`

const THING_IS = new RegExp(String.raw`^(${THING})(?=\s+${COPULA})`, 'u')
const THING_DOES = new RegExp(String.raw`^(${THING})(?=\s+${HAPPENED})`, 'u')
const PERSON_DOES = new RegExp(String.raw`^(${PERSON})(?=\s+(?:${COPULA}|${HAPPENED}))`, 'u')
const DONE_TO = new RegExp(
  String.raw`^${WHO}${DID}\s+(${DEFINITE}\s+(?:[\p{L}\p{N}'-]+\s+){0,3}?[\p{L}\p{N}#'-]+|\p{L}+(?:\s+\p{Ll}+)?\s+${ID}|\p{L}{2,12}[-_](?=[\w-]*\d)[\w-]+)${BEHIND}`,
  'u',
)
const CONDITION =
  /^(?:if|when(?:ever)?|unless|once|as|in case|while|after|before|since|because|until|provided|suppose|should|where|for|every|each|all|any|no)\b/i
const HAS_ONE = /\b(?:has|have|had|got)\s+(?:an?|one|two|three|some|several|\d+)\b/i
// What is put somewhere is to go from there, or altogether.
const PUT = /\b(?:added|put)\b/i
const NUMBERED = new RegExp(String.raw`(?<![\p{L}\p{N}_-])${ID}`, 'gu')

/** Whom a sentence tells of, and what: what it begins with, or what somebody did something to. */
export type Told = { person: string | null; thing: string | null }

/**
 * "Ada is ill", "order 12 was late", "I rejected request 5 by mistake": whom and what a sentence tells of. Neither where it may be
 * one of two: "the customer 5 has an order", "I added track 5 to list 7".
 */
export function toldOf(sentence: string): Told {
  // "If order 6 is pending" tells of nothing yet.
  if (CONDITION.test(sentence)) return { person: null, thing: null }
  const subject = THING_IS.exec(sentence)?.[1]
  if (subject !== undefined && !HAS_ONE.test(sentence)) return { person: null, thing: subject }
  const isDone = DONE_TO.test(sentence) && !PUT.test(sentence)
  const isUnclear = HAS_ONE.test(sentence) || ((sentence.match(NUMBERED)?.length ?? 0) > 1 && !isDone)
  const person = PERSON_DOES.exec(sentence)?.[1] ?? null
  if (isUnclear) return { person, thing: null }
  const thing = DONE_TO.exec(sentence)?.[1] ?? THING_DOES.exec(sentence)?.[1] ?? null
  return { person, thing: person !== null && thing === person ? null : thing }
}
