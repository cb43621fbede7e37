/** What it costs to add a call, to ask the person for a value, and to look for a thing by the name of whose it is. */
export const COST = { step: 0.15, input: 0.25, idInput: 0.5, arbitrary: 0.6, elsewhere: 0.2, owner: 2 }

/** How far calls are added for what calls need that were added. */
export const MAX_DEPTH = 3
