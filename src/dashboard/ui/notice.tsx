import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const TONES = {
  danger: { look: 'bg-delete-soft text-delete', icon: CircleAlert },
  warn: { look: 'bg-update-soft text-update', icon: TriangleAlert },
  ok: { look: 'bg-create-soft text-create', icon: CircleCheck },
  info: { look: 'bg-read-soft text-read', icon: Info },
} as const

/** Something to know, set apart from the rest. */
export function Notice({
  tone,
  title,
  role,
  children,
}: {
  tone: keyof typeof TONES
  title: string
  role?: 'alert' | 'status'
  children?: ReactNode
}) {
  const { look, icon: Icon } = TONES[tone]
  return (
    <div role={role} className={`appear flex gap-3 rounded-xl p-4 text-sm ${look}`}>
      <Icon aria-hidden size={18} className="mt-0.5 shrink-0" />
      <div className="grid min-w-0 gap-1.5">
        <p className="font-semibold">{title}</p>
        {children}
      </div>
    </div>
  )
}
