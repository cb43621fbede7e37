import { Search } from 'lucide-react'
import type { ComponentProps } from 'react'

/** A field to search by words; `label` is read out and stands in the empty field. */
export function SearchField({ label, className = '', ...input }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className={`relative block ${className}`}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden size={16} className="absolute top-1/2 left-3 -translate-y-1/2 text-muted" />
      <input
        type="search"
        maxLength={500}
        placeholder={label}
        {...input}
        className="min-h-10 w-full rounded-lg border border-edge bg-surface pr-3 pl-9 placeholder:text-muted"
      />
    </label>
  )
}
