const NAME = String.raw`\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}`
const ID = String.raw`#?(?=[\p{L}\p{N}_-]*\d)[\p{L}\p{N}_-]+`
// Ada, "customer 5", INV-7, "the customer Ada".
const SUBJECT = String.raw`((?:(?:[Tt]he|[Mm]y|[Oo]ur)\s+)?(?:(?!(?:the|my|our|is|was|are|were|what|which|who|when|where|how|if|and)\b)\p{Ll}+\s+){0,2}(?:${ID}|${NAME}))`
const FIELD = String.raw`((?!one\b)[\p{Ll}-]+(?:\s+(?!(?:is|are)\b)[\p{Ll}-]+){0,2}?)`
const VALUE = String.raw`(\S[^;!?\n]*?)\s*\.?\s*$`
const FORMS = [
  // "Ada's new address is …", "Ada's address is now …".
  new RegExp(
    String.raw`^\s*${SUBJECT}(?:'s|(?<=s)')\s+(?:new\s+${FIELD}\s+is(?:\s+now)?|${FIELD}\s+is\s+now)\s+${VALUE}`,
    'u',
  ),
  // "Ada has a new address: …".
  new RegExp(
    String.raw`^\s*${SUBJECT}\s+(?:has|got|has got|'s got)\s+a\s+new\s+${FIELD}(?:\s*[:,]|,?\s+(?:it's|it\s+is|which\s+is))\s+${VALUE}`,
    'u',
  ),
  // "Ada moved, her new address is …".
  new RegExp(
    String.raw`^\s*${SUBJECT}\s+(?:has\s+|have\s+|just\s+)?[\p{Ll}]+(?:\s+[\p{Ll}]+){0,3}(?:\s*[,.:-]|\s+and)\s+(?:(?:the|his|her|their|its)\s+)?(?:new\s+${FIELD}\s+is(?:\s+now)?|${FIELD}\s+is\s+now)\s+${VALUE}`,
    'u',
  ),
]
// "The new address of Ada is …".
const OF = new RegExp(
  String.raw`^\s*(?:[Tt]he\s+)?(?:[Nn]ew\s+${FIELD}\s+(?:of|for)\s+${SUBJECT}\s+is(?:\s+now)?|${FIELD}\s+(?:of|for)\s+${SUBJECT}\s+is\s+now)\s+${VALUE}`,
  'u',
)
// What has to stand in quotes to be one value: with a comma in it, or the number of a house.
const LOOSE = /,\s|^\d+\p{L}?\s+\p{Lu}/u

/**
 * "Ada moved, her new address is 4 Hill Road" said as "change the address of Ada to …": what somebody tells has changed is to be
 * written down. `message` has straight quotes.
 */
export function withNewValues(message: string): string {
  for (const form of FORMS) {
    const [, subject, first, second, value] = withoutGap(form.exec(message))
    if (subject !== undefined && value !== undefined) return changed(first ?? second ?? '', subject, value)
  }
  const of = OF.exec(message)
  if (!of) return message
  const [, field, subject, other, owner, value = ''] = of
  return changed(field ?? other ?? '', subject ?? owner ?? '', value)
}

/** The groups of a match, where the form that has one field only is told like that with two. */
function withoutGap(found: RegExpExecArray | null): readonly (string | undefined)[] {
  if (!found) return []
  return found.length === 4 ? [found[0], found[1], found[2], undefined, found[3]] : [...found]
}

function changed(field: string, subject: string, value: string): string {
  const said = LOOSE.test(value) && !value.includes('"') ? `"${value}"` : value
  return `change the ${field} of ${subject} to ${said}`
}
