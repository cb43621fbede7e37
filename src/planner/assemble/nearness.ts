/** How related words are of which one tells the other. */
export const TOLD = 0.5
/** How related a word is that says just that. */
export const SAYS = 0.7
/** How related a word is that may stand for another. */
export const SAME = 0.8
