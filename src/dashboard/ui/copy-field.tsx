import { useId, type ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

/** A text to be taken elsewhere: shown whole, with a button that copies it. */
export function CopyField({ label, hint, value }: { label: string; hint?: ReactNode; value: string }) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id} className="grid gap-1.5">
      <p id={id} className="text-sm font-medium">
        {label}
      </p>
      <div className="flex items-start gap-1 rounded-lg border border-line bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 py-1.5 font-mono text-xs break-all select-all">{value}</code>
        <CopyButton text={value} what={label} className="size-8 hover:bg-surface" />
      </div>
      {hint && <p className="text-xs text-muted">{hint}</p>}
    </div>
  )
}
