/** No more runs are open than may be, and where a revision is given the workspace is still at it. */
export type Conditions = { revision?: number; maxConcurrency: number }

/** Why a run was not accepted: what it was made from has changed since, or as many are open as may be. */
export type Refusal = 'changed' | 'full'
