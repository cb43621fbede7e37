import { useState } from 'react'
import type { Trouble } from '../api/problem.ts'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Said } from '../ui/said.tsx'

const SHOWN = 20

/** A line of what was sent, and what is wrong there. */
export type RowError = { line: number; faults: { field: string; message: string }[] }

/** The errors of rows that a problem names, by line; none where it is about something else. */
export function rowErrorsOf(problem: Trouble | null): RowError[] {
  const rows = new Map<number, RowError['faults']>()
  for (const { path, line, message } of problem?.errors ?? []) {
    if (line === undefined) continue
    // Of a row the path begins with its index; what follows is the field.
    const field = path.split('/').slice(2).join('/')
    rows.set(line, [...(rows.get(line) ?? []), { field, message }])
  }
  return [...rows].map(([line, faults]) => ({ line, faults }))
}

/** What is wrong with the rows, each with its line as it was sent. */
export function RowErrors({
  problem,
  rows,
  lines,
  onGo,
}: {
  problem: Trouble
  rows: readonly RowError[]
  lines: readonly string[]
  onGo: ((line: number) => void) | null
}) {
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.slice(0, SHOWN)
  return (
    <Notice tone="danger" role="alert" title="Some rows do not fit">
      <p>{problem.detail}</p>
      <ul aria-label="Rows that do not fit" className="grid min-w-0 gap-3 pt-1 text-ink">
        {shown.map(({ line, faults }) => (
          <li key={line} className="grid min-w-0 gap-1">
            <p className="flex flex-wrap items-center gap-x-3">
              <span className="font-semibold tabular-nums">Line {line.toLocaleString('en')}</span>
              {onGo && (
                <button
                  type="button"
                  className="min-h-6 text-xs font-medium text-accent-ink underline underline-offset-2"
                  aria-label={`Go to line ${line}`}
                  onClick={() => onGo(line)}
                >
                  Go there
                </button>
              )}
            </p>
            {lines[line - 1]?.trim() && (
              <code className="block truncate rounded-md bg-surface px-2 py-1 font-mono text-xs">
                {lines[line - 1]?.slice(0, 300)}
              </code>
            )}
            {faults.map(({ field, message }) => (
              <p key={`${field} ${message}`}>
                {field && <code className="font-mono text-xs font-semibold">{field} </code>}
                <Said text={message} />
              </p>
            ))}
          </li>
        ))}
      </ul>
      {shown.length < rows.length && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {count(rows.length, 'row')}</Button>
        </div>
      )}
    </Notice>
  )
}
