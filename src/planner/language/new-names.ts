import { isParticiple } from './noun-phrases.ts'

const RENAMED = /\b([Rr]ename\s+(?:the|my|our)\s+\p{Ll}+\s+)(\p{Lu}[^".,;!?]*?)(?=\s+to\s)/gu
const NEW_NAME =
  /\b([Rr]ename\s+[^.,;!?]+?\s+to\s+)(\p{Lu}[^".,;!?]*?\s[^".,;!?]*?)(?=\s*(?:[.,;!?]|$|\band\s+\p{Ll}))/gu

// "Call device 7 \"Desk lamp\" from now on": no phone rings.
const CALLED_FROM_NOW =
  /(^|[.;!?,]\s*|\band\s+)call\s+(?!(?:it|this|that|them|him|her|me|us)\b)((?:(?:the|my|our)\s+)?\p{Ll}+(?:\s+#?[\w-]*\d[\w-]*)?)\s+("[^"]+")(?:\s+from\s+now\s+on)?/giu

// "New task: Buy milk": what stands behind the colon, and is no list of fields.
const BEHIND_COLON =
  /^(\W*(?:please\s+)?(?:(?:create|add|make|open|log|start)\s+)(?:(?:an?|the|new)\s+)*|\W*new\s+)(\p{Ll}[\p{L}-]*):\s+(?!.*\s(?:with|at|due|by)\s)(\p{L}[^":,@=\n]*?)\s*([.!]?)$/u
// "Add task Buy milk to project 5": a name that goes on in small letters.
const GOES_ON =
  /\b((?:[Cc]reate|[Aa]dd|[Mm]ake)\s+(?:(?:an?|the|new)\s+)*(?!(?:an?|the|my|our|your|this|that|new|all|some|me|us|him|her|it|them)\b)\p{Ll}[\p{L}-]*\s+)(\p{Lu}[\p{L}'-]*(?:\s+(?!(?:to|in|on|into|under|with|due|and)\b)[\p{L}\d'-]+)*?\s+(?!(?:to|in|on|for|into|under|with|due|by|and|at|from|as|of|that|which|who|is|called|named|titled)\b)\p{Ll}[\p{L}'-]*)(?=\s*(?:$|[.!?])|\s+(?:to|in|on|into|under|with|due|and)\s)/u

/**
 * "Rename the task Buy milk to Buy oat milk", "create task: Buy milk": what something is to be called stands in quotes. Names may
 * be made of any words, and go to the end.
 */
export function withNewNames(message: string): string {
  return message
    .replace(BEHIND_COLON, '$1$2 called "$3"$4')
    .replace(GOES_ON, (said, before: string, name: string) =>
      /"/.test(message) || isDone(name) ? said : `${before}called "${name}"`,
    )
    .replaceAll(CALLED_FROM_NOW, '$1rename $2 to $3')
    .replaceAll(NEW_NAME, '$1"$2"')
    .replaceAll(RENAMED, '$1"$2"')
}

/** "Order Ada placed": whether a name is followed by what its bearer did. */
function isDone(name: string): boolean {
  return name.split(/\s+/).some((word, at) => at > 0 && isParticiple(word))
}
