import { derefOrEmpty } from './dereference.ts'
import { asNode, isNode, type Node } from './node.ts'

// A word or few, as "Director" and "Original Music Composer"; no sentences, ids or links.
const FEW_WORDS = /^\p{L}[\p{L}'-]*(?: \p{L}[\p{L}'-]*){0,2}$/u
// What things are called says nothing of what is told of them.
const NAMES = /(?:name|title|label|text|description|overview|message|comment|character|author)s?$/i
const LONGEST = 30
const MOST_TEXTS = 200
const MOST_ITEMS = 200
const DEEPEST = 8

/**
 * The short texts in the examples of a response or a body, each once: people ask by them for what no name of a field says,
 * "who directed it" where the jobs of a crew are told. `content` is that of a Response Object (OpenAPI 3.1, 4.8.17).
 */
export function exampleTexts(document: unknown, content: Node): string[] {
  const found = new Set<string>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > DEEPEST || found.size >= MOST_TEXTS) return
    if (typeof value === 'string') {
      if (value.length <= LONGEST && FEW_WORDS.test(value)) found.add(value)
    } else if (Array.isArray(value)) for (const item of value.slice(0, MOST_ITEMS)) visit(item, depth + 1)
    else if (isNode(value))
      for (const [key, member] of Object.entries(value))
        if (typeof member !== 'string' || !NAMES.test(key)) visit(member, depth + 1)
  }
  for (const type of Object.keys(content)) {
    const { example, examples } = derefOrEmpty(document, content[type])
    visit(example, 0)
    for (const each of Object.values(asNode(examples))) visit(derefOrEmpty(document, each)['value'], 0)
  }
  return [...found]
}
