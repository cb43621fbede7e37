import { CreditCard, Eye, Pencil, Plus, Send, Shuffle, Trash2 } from 'lucide-react'
import type { Plan } from '../../planner/schema.ts'

/** What a call does to the world. */
export type Effect = Plan['effects'][number]

const EFFECTS = {
  read: { word: 'Reads', icon: Eye, look: 'bg-read-soft text-read' },
  create: { word: 'Creates', icon: Plus, look: 'bg-create-soft text-create' },
  update: { word: 'Updates', icon: Pencil, look: 'bg-update-soft text-update' },
  delete: { word: 'Deletes', icon: Trash2, look: 'bg-delete-soft text-delete' },
  pay: { word: 'Pays', icon: CreditCard, look: 'bg-pay-soft text-pay' },
  message: { word: 'Sends', icon: Send, look: 'bg-message-soft text-message' },
  transform: { word: 'Reshapes', icon: Shuffle, look: 'bg-sunken text-muted' },
} as const

/** An effect by colour, icon and word; `transform` is a step that calls nothing. */
export function EffectBadge({ effect }: { effect: Effect | 'transform' }) {
  const { word, icon: Icon, look } = EFFECTS[effect]
  return (
    <span className={`inline-flex shrink-0 items-center gap-1.5 rounded-md px-2 py-0.5 text-xs font-semibold ${look}`}>
      <Icon aria-hidden size={13} />
      {word}
    </span>
  )
}

/** Each effect in a word, where there is no place for a badge. */
export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  read: 'Reads',
  create: 'Creates',
  update: 'Updates',
  delete: 'Deletes',
  pay: 'Pays',
  message: 'Sends a message',
}
