import { useState } from 'react'
import { CopyButton } from './copy-button.tsx'

const SHOWN = 20_000

/** Any value as pretty JSON (text stays text), with a button that copies all of it. */
export function JsonBlock({ value, label }: { value: unknown; label: string }) {
  const [all, setAll] = useState(false)
  const text = pretty(value)
  const cut = !all && text.length > SHOWN
  return (
    <div className="relative min-w-0">
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-h-96 overflow-auto rounded-lg border border-line bg-surface p-3 pr-12 font-mono text-xs leading-relaxed whitespace-pre-wrap"
      >
        {cut ? `${text.slice(0, SHOWN)}…` : text}
      </pre>
      <CopyButton text={text} className="absolute top-2 right-2 size-7 bg-sunken" />
      {cut && (
        <button
          type="button"
          className="mt-1 min-h-6 text-xs font-medium text-accent-ink underline"
          onClick={() => setAll(true)}
        >
          Show all {text.length.toLocaleString('en')} characters
        </button>
      )}
    </div>
  )
}

function pretty(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? 'nothing'
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}
