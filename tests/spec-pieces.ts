type Schema = Record<string, unknown>

export const text = { type: 'string' }
export const flag = { type: 'boolean' }
/** An object with these properties. */
export const object = (properties: Schema, required: string[] = []) => ({ type: 'object', properties, required })
/** A list as most APIs answer with one. */
export const list = (items: Schema) => object({ items: { type: 'array', items } })
export const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })
export const inQuery = (name: string, schema: Schema = text) => ({ name, in: 'query', schema })
/** An operation by its summary, what it answers with and what it takes. */
export const operation = (summary: string, answer: Schema, parameters: object[] = [], body: Schema | null = null) => ({
  summary,
  parameters,
  ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
  responses: { 200: { description: 'ok', content: { 'application/json': { schema: answer } } } },
})

/** An answer that lists things by their names, each with an id of its first letter and its place. */
export const named = (...names: string[]) => ({ items: names.map((name, at) => ({ id: `${name[0]}${at + 1}`, name })) })
