const UP = 'increase|raise|grow|bump(?:\\s+up)?|lift'
const DOWN = 'decrease|lower|reduce|cut|drop|discount'

/** "Raise the price by 10"; its first group is there where it becomes more. */
export const BY = new RegExp(String.raw`^\s*(?:please\s+)?(?:(${UP})|${DOWN})\b.*\sby\s+[$€£]?\d`, 'is')

/** "Add 10 to the price", likewise. */
export const ADDED =
  /^\s*(?:please\s+)?(?:(add)|subtract|deduct|take|remove)\s+[$€£]?\d[\d.,]*\s*(?:\p{L}+\s+)?(?:(?:to|from)\s+(?:the\s+|its\s+|their\s+)?\p{L}+)/iu

/** "Double the price": how many times as much. */
export const TIMES: readonly (readonly [RegExp, number])[] = [
  [/^\s*(?:please\s+)?double\s/i, 2],
  [/^\s*(?:please\s+)?triple\s/i, 3],
  [/^\s*(?:please\s+)?halve\s/i, 0.5],
]

/** Whether a clause asks for a number to become more or less than it is: "raise the price of product 5 by 10 %". */
export function isRelative(text: string): boolean {
  return BY.test(text) || ADDED.test(text) || TIMES.some(([pattern]) => pattern.test(text))
}
