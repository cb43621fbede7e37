/** What requests count as that are more work than a plain one, which counts as one. */
export const costs = {
  /** A plan from plain English. */
  plan: 5,
  /** A document fetched, read and stored. */
  document: 5,
  /** A workflow over many inputs. */
  batch: 10,
} as const
