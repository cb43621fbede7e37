import { useState } from 'react'
import { humanize } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { columnsOf, type Row } from './result-shape.ts'
import { ResultValue } from './result-value.tsx'

const STEP = 25

/** Rows as a table that scrolls sideways inside itself; a long one is shown bit by bit. */
export function ResultTable({ rows }: { rows: readonly Row[] }) {
  const [shown, setShown] = useState(STEP)
  const columns = columnsOf(rows)
  const numeric = new Set(columns.filter((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number')))
  return (
    <div className="grid gap-3">
      <div
        role="region"
        aria-label="Result table"
        tabIndex={0}
        className="overflow-x-auto rounded-xl border border-line bg-surface"
      >
        <table className="w-full text-left text-sm">
          <thead className="bg-sunken text-xs text-muted">
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={`px-4 py-2.5 font-medium whitespace-nowrap first-letter:uppercase ${numeric.has(column) ? 'text-right' : ''}`}
                >
                  {humanize(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.slice(0, shown).map((row, index) => (
              <tr key={index} className="align-top">
                {columns.map((column) => (
                  <td
                    key={column}
                    className={`max-w-72 min-w-20 px-4 py-2.5 wrap-break-word ${numeric.has(column) ? 'text-right' : ''}`}
                  >
                    <ResultValue value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button className="justify-self-center" onClick={() => setShown(shown + 8 * STEP)}>
          Show more rows
        </Button>
      )}
    </div>
  )
}
