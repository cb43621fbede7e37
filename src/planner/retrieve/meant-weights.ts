// Learned by `npm run eval:calibrate` from 1018 messages about the APIs of the first half of the data that docs/evaluation.md
// describes, and about others. Not to be edited.

/** How much each of `MEANT_SIGNS` counts for whether the connected APIs are meant. */
export const MEANT: readonly number[] = [2.7, 3.28, 3.08, 2.94, -2.62, -3.55]
