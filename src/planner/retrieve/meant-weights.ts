// Learned by `npm run eval:calibrate` from 1016 messages about the APIs of the first half of the data that docs/evaluation.md
// describes, and about others. Not to be edited.

/** How much each of `MEANT_SIGNS` counts for whether the connected APIs are meant. */
export const MEANT: readonly number[] = [2.77, 3.28, 2.93, 3.07, -2.54, -3.57]
