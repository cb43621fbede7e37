import type { Tier } from '../context.ts'

/** What a tier gives: to one key, and to the workspace as a whole; null is no limit. */
export type TierLimits = {
  keyPerMinute: number
  workspacePerMinute: number
  workspacePerDay: number | null
}

/** The tiers there are. */
export const tiers = {
  free: { keyPerMinute: 100, workspacePerMinute: 3000, workspacePerDay: 50_000 },
  pro: { keyPerMinute: 1000, workspacePerMinute: 10_000, workspacePerDay: 100_000 },
  enterprise: { keyPerMinute: 10_000, workspacePerMinute: 100_000, workspacePerDay: null },
} as const satisfies Record<Tier, TierLimits>

/** How many requests a minute a key has whose maker asks for no number. */
export const DEFAULT_KEY_PER_MINUTE = 100
