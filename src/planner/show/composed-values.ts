const TOO_MANY = JSON.stringify('there are more of them than are read at once: narrow down which are meant')

/** What is worked out of whole lists, or a failure where one goes on: of a part it would be wrong. */
export function orTooMany(more: readonly string[], expression: string): string {
  return `${more.join(' or ')} ? $error(${TOO_MANY}) : ${expression}`
}

/**
 * What a loop over `owners` has listed, `path` in each answer, as one list of at most `most`: each item with the owner's `id`
 * as `name`. A failure where one of the lists goes on.
 */
export function gatheredExpression(
  { owners, loop, path }: { owners: string; loop: string; path: string },
  { name, id }: { name: string; id: string },
  most: number,
): string {
  const own = `${loop}[$at].${path}.$merge([$, {${JSON.stringify(name)}: $of.${id}}])`
  const all = `$all := [$map(${owners}, function($of, $at) { {"all": [${own}]} }).all]`
  return `(${all}; ${orTooMany([`true in ${loop}.more`, `$count($all) > ${most}`], '$all')})`
}

/** What was looked up, or a failure: a filter without a value is left out, and then all there is would be meant. */
export function orFail(path: string, found: string): string {
  return `$exists(${path}) ? ${path} : $error(${JSON.stringify(`nothing was found to take the id ${found}`)})`
}

/** What all of a list have at the path of its first, as a list or a text; a failure where there is none. */
export function allExpression(path: string, as: 'list' | 'text', found: string): string {
  const at = path.lastIndexOf('[0]')
  const each = `${path.slice(0, at)}${path.slice(at + '[0]'.length)}`
  return orFail(each, found).replace(` ? ${each} :`, as === 'list' ? ` ? [${each}] :` : ` ? $join([${each}], ",") :`)
}

/** A value in which braces of a person's own words are words and no expression. */
export function literally(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('{{') ? `{{ ${JSON.stringify(value)} }}` : value
  if (Array.isArray(value)) return value.map(literally)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, literally(inner)]))
}
