import type { ReactNode } from 'react'

const TONES = {
  danger: 'bg-delete-soft text-delete',
  warn: 'bg-update-soft text-update',
  ok: 'bg-create-soft text-create',
  info: 'bg-read-soft text-read',
  plain: 'bg-sunken text-muted',
} as const

/** A word or two about a thing, beside its name. */
export function Badge({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span
      className={`inline-flex shrink-0 items-center rounded-md px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  )
}
