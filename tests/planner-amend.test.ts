import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../src/catalog/service.ts'
import { amend } from '../src/planner/answer/amend.ts'
import { fillFromClause } from '../src/planner/fill/fill.ts'
import type { PlannedCall } from '../src/planner/plan/planned-call.ts'
import { understand } from '../src/planner/understand/understand.ts'
import type { Operation } from '../src/specs/operation.ts'
import { operation, text, texts } from './operations.ts'

const board = operation('POST /boards', {
  body: { board_name: text, columns: texts, colour: text, email: text },
  required: ['board_name'],
})

/** The first clause of a message as a call of an operation, and what that takes in the end of the clauses behind it. */
function values(of: Operation, message: string): Record<string, unknown> | null {
  const [first, ...rest] = understand(message)
  if (!first) return null
  const endpoint = { ...of, id: of.path, connectionId: 'con_1' } as Endpoint
  const bindings = fillFromClause(of, first, first.entities).map(({ slot, value }) => {
    return { slot, source: { kind: 'literal' as const, value } }
  })
  const start: readonly PlannedCall[] | null = [{ endpoint, bindings }]
  const calls = rest.reduce<readonly PlannedCall[] | null>((made, clause) => made && amend(made, clause), start)
  return (
    calls &&
    Object.fromEntries(
      calls.flatMap((call) =>
        call.bindings.map(({ slot, source }) => [slot.name, source.kind === 'literal' ? source.value : source.kind]),
      ),
    )
  )
}

describe('what is said besides of the call before', () => {
  it.each([
    ['Create a board. Call it "Plan"', { board_name: 'Plan' }],
    ['Create a board named "Plan". Use the colour "teal"', { board_name: 'Plan', colour: 'teal' }],
    [
      'Create a board named "Plan", then add the columns "Now", "Soon", and "Later"',
      { board_name: 'Plan', columns: ['Now', 'Soon', 'Later'] },
    ],
    [
      'Create a board named "Plan". Please use my work email, it\'s ada@boards.example',
      { board_name: 'Plan', email: 'ada@boards.example' },
    ],
  ])('is given to it: %s', (message, expected) => {
    expect(values(board, message)).toEqual(expected)
  })

  it.each([
    ['says anew what it has already', 'Create a board named "Plan". Make a board named "Idea"'],
    ['says what it does not take', 'Create a board named "Plan". Add the deadline 2027-03-01'],
    ['asks to send, pay or delete', 'Create a board named "Plan". Email ada@boards.example about it'],
    ['says nothing that could be a value', 'Create a board named "Plan". Add a column'],
  ])('is something else where it %s', (_, message) => {
    expect(values(board, message)).toBeNull()
  })
})
