/** The tiers there are, as people call them. */
export const TIERS = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' } as const
