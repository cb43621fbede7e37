import { Check } from 'lucide-react'
import type { Draft } from './draft.ts'
import type { Offer } from './offers.ts'

/** The credentials that the document says the API takes, to start from. */
export function OfferList({
  offers,
  draft,
  onChoose,
}: {
  offers: readonly Offer[]
  draft: Draft
  onChoose: (draft: Draft) => void
}) {
  if (offers.length === 0) return null
  return (
    <div className="grid gap-2">
      <p className="text-sm font-medium">The document says the API takes</p>
      <ul className="grid gap-2">
        {offers.map(({ label, hint, draft: offered }) => {
          const chosen = isBegunFrom(draft, offered)
          return (
            <li key={label}>
              <button
                type="button"
                aria-pressed={chosen}
                onClick={() => onChoose(offered)}
                className={`flex w-full items-start gap-2.5 rounded-lg border px-3 py-2 text-left text-sm ${chosen ? 'border-accent bg-accent-soft' : 'border-edge hover:bg-sunken'}`}
              >
                <Check
                  aria-hidden
                  size={16}
                  className={`mt-0.5 shrink-0 text-accent-ink ${chosen ? '' : 'invisible'}`}
                />
                <span className="grid min-w-0">
                  <span className="font-medium">{label}</span>
                  {hint && <span className="text-xs text-muted">{hint}</span>}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function isBegunFrom(draft: Draft, offered: Draft): boolean {
  return (
    draft.kind === offered.kind && Object.entries(offered.values).every(([name, value]) => draft.values[name] === value)
  )
}
