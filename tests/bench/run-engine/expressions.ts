/** What a shop asks of an order: lists, sums, conditions and texts, as expressions are. */
const QUESTIONS = [
  '$sum(input.lines.(price * quantity))',
  'input.lines[quantity > 1].name',
  '$join(input.lines.name, ", ")',
  'input.lines^(>price)[0].name',
  '$count(input.lines[price > 10]) > 2 ? "large" : "small"',
  '$map(input.lines, function($line) { $uppercase($line.name) })',
  '{ "total": $sum(input.lines.price), "most": $max(input.lines.price) }',
  '$filter(input.lines, function($line) { $contains($line.name, "a") }).price',
  'input.lines{ name: quantity }',
  '$substringBefore(input.id, ".") & "-" & $string($average(input.lines.price))',
]

/** Ten expressions that differ from those of every other number, and cost the same. */
export function expressionsOf(number: number): string[] {
  return QUESTIONS.map((question) => `[${question}, ${number}]`)
}

/** What they are asked of, for a run of an id. */
export function orderOf(id: string) {
  const names = ['lamp', 'table', 'chair', 'shelf', 'carpet', 'mirror', 'vase', 'clock']
  return { id, lines: names.map((name, index) => ({ name, price: 5 + index * 3, quantity: 1 + (index % 3) })) }
}
