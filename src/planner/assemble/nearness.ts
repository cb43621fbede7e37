/** How related words are of which one tells the other. */
export const TOLD = 0.5

// And how related one that says just that.
export const SAYS = 0.7

// And a word that may stand for another.
export const SAME = 0.8
