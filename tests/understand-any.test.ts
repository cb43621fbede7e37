import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { understand } from '../src/planner/understand/understand.ts'

/** What is unsound in the understanding of a message; whatever it says, there is to be nothing. */
function faultsIn(message: string): string[] {
  const clauses = understand(message)
  const faults = clauses.length > 14 ? ['more than fourteen clauses'] : []
  for (const { text, entities, terms } of clauses) {
    if (text !== text.trim() || !/[\p{L}\p{N}]/u.test(text)) faults.push(`an empty clause: ${JSON.stringify(text)}`)
    if (new Set(terms).size < terms.length) faults.push(`a term twice: ${terms.join(' ')}`)
    for (const { text: words, value } of entities) {
      const made = words.split(/\s+/).filter((word) => !text.includes(word))
      if (made.length > 0) faults.push(`an entity of words nobody wrote: ${made.join(' ')}`)
      if (typeof value === 'number' && !Number.isFinite(value)) faults.push(`no number: ${words}`)
    }
  }
  if (JSON.stringify(understand(message)) !== JSON.stringify(clauses)) faults.push('something else the second time')
  return faults
}

describe('any message at all', () => {
  it('is taken without a fault: any characters', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, (message) => {
        expect(faultsIn(message)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('is taken without a fault: words, numbers and signs in any order', () => {
    const pieces =
      'show cancel refund Ada Lovelace order orders 5 -1 12,50 € $ ord_1 #7 a@b.co https://x.y/ 2026-01-01 " \' “ ” , . ; ! ? ( ) and then because with the reason first top 3 two cheapest her \n \t \u0000 \uE000 \uE0000\uE000 {{ }} 日本 é 🎉'.split(
        ' ',
      )
    const message = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(message, (message) => {
        expect(faultsIn(message)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['one letter', 'a'],
    ['one capital', 'A'],
    ['hyphens', 'a-'],
    ['spaces', ' x '],
    ['quotes', '"'],
    ['digits', '1'],
    ['dots', '1.'],
    ['at signs', 'a@'],
    ['links', 'https://'],
    ['and', 'and '],
    ['then', 'then '],
    ['because', 'because '],
    ['capitals', 'A b '],
    ['line ends', '\r\nx'],
    ['emoji', '👩‍🚀'],
    ['marks', 'e\u0301'],
  ])('may be as long as the API takes it, of %s alone', (_, piece) => {
    expect(faultsIn(piece.repeat(10_000 / piece.length))).toEqual([])
  })

  it('may be 100 KB of ordinary sentences', () => {
    expect(
      faultsIn('Find Ada Lovelace and show her late orders, then refund 5 euros of ord_3001. '.repeat(1300)),
    ).toEqual([])
  })
})
