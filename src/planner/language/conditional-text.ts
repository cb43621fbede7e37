/** A part of a sentence with what it has to do with the conditions in it. */
export type Conditional = {
  text: string
  /** It says what has to hold, or with `negated`, "unless", what has not. */
  test?: { group: number; negated: boolean }
  /** It is done only if the test of the group holds, or only if it does not. */
  guard?: { group: number; holds: boolean }
}

const OTHERWISE = /(?:^|[,;]?\s+)(?:or\s+|and\s+)?(?:otherwise|else|if not)\b,?\s+/i
const OPENS =
  /^\s*(?:(?:and|but|then|also)\s+)*(if|unless|when|whenever|in case|once|after|as soon as)\s+([^,]+?)(?:,\s*(?:then\s+)?|\s+then\s+)(?=\p{L})/iu
const MIDDLE = /^(.+?)(?:,?\s+(?:and|but)|,)\s+(if|unless|when)\s+([^,]+?)(?:,\s*(?:then\s+)?|\s+then\s+)(?=\p{L})/iu
// "Check that no customer has that address, then …": what follows is done only where it holds.
const CHECKED =
  /^\s*(?:please\s+)?(?:check|verify|make sure|ensure|confirm)\s+(?:that\s+|if\s+|whether\s+)?(.+?)(?:,?\s+(?:and\s+)?(?:only\s+)?then|,\s+and(?:\s+only)?(?:\s+if\s+(?:not|so))?,?)\s+(?=\p{L})/iu
const EXISTS =
  /\b(?:no|not|none)\b.*\b(?:exists?|there|has|have|uses?|is|are|called|named|taken)\b|\bthere (?:is|are) (?:no|not)\b/i
const TRAILS = /^(.+?),?\s+(?:but\s+)?(?:only\s+)?(if|unless|when)\s+([^,]+)$/iu
const TESTS =
  /\b(?:is|are|isn't|aren't|was|were|has|have|exceeds?|drops?|falls?|reach(?:es)?|goes|rises?|equals?|exists?|do not|does not|doesn't|don't|there)\b|[<>=]/i
const COMPARES =
  /\b(?:below|under|above|over|(?:less|more|fewer|greater|higher|lower) than|at least|at most|exceeds?|reach(?:es)?)\b/i
const BECOMES = /\s(?:is|are|was|were|has been|have been)\s+(?:\p{L}+\s+)?\p{L}+/iu
// "If you like", "if needed": no condition that anything answers.
const IDLE =
  /^(?:you|we|i|possible|needed|necessary|required|applicable|so|available|that|this|anything|there (?:is|are) (?:a )?(?:problems?|errors?|issues? with))\b/i
// "Check if …", "see when …": a question, not a condition.
const ASKS =
  /\b(?:check(?:s|ing)?|see|know|tell(?: me)?|verif(?:y|ies)|determines?|ask|find out|whether|wonder(?:ing)?|show(?: me)?|confirms?|even|as|what|know|matter)\s*$/i

// "Void invoice 5 if it is open": what "it" is stands before, whatever the verb is called.
const IT = /^(?:it|they|he|she)\s/i
// What is only looked at before the condition; what is done would be done whatever holds.
const LOOKS = /^\s*(?:please\s+)?(?:look|show|get|find|see|read|fetch|check|retrieve|open|view|pull)\b/i
const QUESTION = /^\s*(?:what|which|who|whose|when|where|how|is|are|was|were|does|do|did|has|have|can)\b/i

/**
 * Takes a sentence apart at its conditions: "if X, do Y, otherwise Z", "do Y unless X". The test comes first. A sentence
 * without is one part. `group` is what the first condition is numbered by; `isOrder` tells what asks for something. Pure.
 */
export function splitConditions(sentence: string, group: number, isOrder: (text: string) => boolean): Conditional[] {
  const [main = '', ...others] = sentence.split(OTHERWISE)
  const checked = CHECKED.exec(main)
  if (checked) {
    const [whole, test = ''] = checked
    const rest = main.slice(whole.length)
    if (EXISTS.test(test) && isOrder(rest))
      return [testOf('if', test, group), { text: rest, guard: { group, holds: true } }]
  }
  const opening = OPENS.exec(main)
  const otherwise = others.map((text): Conditional => ({ text, guard: { group, holds: false } }))
  if (opening) {
    const [whole, word = '', test = ''] = opening
    const rest = main.slice(whole.length)
    if (!isTest(word, test) || !isOrder(rest)) return [{ text: sentence }]
    return [testOf(word, test, group), { text: rest, guard: { group, holds: true } }, ...otherwise]
  }
  const unparted = openingWithoutComma(main, isOrder)
  if (unparted) {
    const { word, test, rest } = unparted
    return [testOf(word, test, group), { text: rest, guard: { group, holds: true } }, ...otherwise]
  }
  const middle = MIDDLE.exec(main)
  if (middle) {
    const [whole, before = '', word = '', test = ''] = middle
    const rest = main.slice(whole.length)
    if (isTest(word, test) && isOrder(rest) && !ASKS.test(before))
      return [{ text: before }, testOf(word, test, group), { text: rest, guard: { group, holds: true } }, ...otherwise]
  }
  // "Look at it, and if it is above 500 cancel it".
  const [joint] = /(?:,?\s+(?:and|but)|,)\s+(?=(?:if|unless)\s)/i.exec(main) ?? []
  const at = joint === undefined ? -1 : main.indexOf(joint)
  const inner = at > 0 ? openingWithoutComma(main.slice(at + (joint ?? '').length), isOrder) : null
  if (inner && LOOKS.test(main) && !ASKS.test(main.slice(0, at))) {
    const { word, test, rest } = inner
    return [
      { text: main.slice(0, at) },
      testOf(word, test, group),
      { text: rest, guard: { group, holds: true } },
      ...otherwise,
    ]
  }
  const trailing = TRAILS.exec(main)
  if (trailing) {
    const [, before = '', word = '', test = ''] = trailing
    const isAsked = isOrder(before) || (IT.test(test) && !QUESTION.test(before))
    if (isTest(word, test) && isAsked && !ASKS.test(before))
      return [testOf(word, test, group), { text: before, guard: { group, holds: true } }, ...otherwise]
  }
  // "Otherwise, …" as a sentence of its own belongs to the condition before.
  if (main.trim() === '' && others.length === 1 && group > 0)
    return [{ text: others[0] ?? '', guard: { group: group - 1, holds: false } }]
  return [{ text: sentence }]
}

/** "If the balance is above 500 create an invoice": the order begins at the first verb with something behind it. */
function openingWithoutComma(main: string, isOrder: (text: string) => boolean) {
  const [opening, word = ''] = /^\s*(?:(?:and|but|then|also)\s+)*(if|unless|when|whenever|in case)\s+/i.exec(main) ?? []
  if (opening === undefined) return null
  for (const { index } of main.matchAll(/\s+(?=\p{L}+\s+(?:an?|the|all|every|each|me|us|it|them)(?:\s|$))/giu)) {
    if (index <= opening.length) continue
    const [test, rest] = [main.slice(opening.length, index), main.slice(index).trim()]
    if (isTest(word, test) && isOrder(rest)) return { word, test, rest }
  }
  return null
}

function isTest(word: string, test: string): boolean {
  // "Once it is paid": somebody else sees to that; "after showing it" is a thing to do.
  if (/^(?:once|after|as soon)/i.test(word)) return !IDLE.test(test) && BECOMES.test(test)
  return !IDLE.test(test) && (/^when/i.test(word) ? COMPARES.test(test) : TESTS.test(test) || COMPARES.test(test))
}

function testOf(word: string, test: string, group: number): Conditional {
  // "No such customer exists" is that there is none.
  const said = test.replace(/^(no|an?|any)\s+(.+?)\s+(?:already\s+)?exists?(?:\s+yet)?\s*$/i, 'there is $1 $2')
  return { text: `${word} ${said}`, test: { group, negated: /^unless$/i.test(word) } }
}
