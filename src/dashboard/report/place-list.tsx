import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Said } from '../ui/said.tsx'

const SHOWN = 50

/** A place in a document with what is wrong there. */
export type Place = {
  path: string
  message: string
  line?: number | null | undefined
  fix?: string | undefined
  operation?: string
}

/** Places in a document: where, what is wrong, and how it is mended. */
export function PlaceList({ places, label }: { places: readonly Place[]; label: string }) {
  const [all, setAll] = useState(false)
  const shown = all ? places : places.slice(0, SHOWN)
  return (
    <div className="grid gap-3">
      <ul aria-label={label} className="grid gap-3 text-ink">
        {shown.map(({ path, message, line, fix, operation }, index) => (
          <li key={`${index} ${path}`} className="grid gap-0.5 text-sm">
            {operation && <code className="font-mono text-xs font-semibold">{operation}</code>}
            <Said text={message} />
            {fix && (
              <span className="text-muted">
                <Said text={fix} />
              </span>
            )}
            <span className="text-xs text-muted">
              {line ? `Line ${line.toLocaleString('en')} · ` : ''}
              <code className="font-mono">{path || 'the whole document'}</code>
            </span>
          </li>
        ))}
      </ul>
      {shown.length < places.length && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {places.length.toLocaleString('en')}</Button>
        </div>
      )}
    </div>
  )
}
