import { follow, isNode, mediaTypes, moveReference, type Node, type Upgrade } from './swagger2-copy.ts'

// Swagger 2.0, Parameter Object, Items Object and Header Object: what says which values are taken.
const VALUE_KEYWORDS = new Set(
  (
    'type format items default enum maximum exclusiveMaximum minimum exclusiveMinimum multipleOf maxLength minLength ' +
    'pattern maxItems minItems uniqueItems x-nullable nullable'
  ).split(' '),
)
const REPLACED = new Set(['schema', 'collectionFormat', 'x-example', 'example'])
// Tabs between values (tsv) cannot be said in OpenAPI 3.
const STYLES = new Map<unknown, Node>([
  [undefined, { style: 'form', explode: false }],
  ['csv', { style: 'form', explode: false }],
  ['multi', { style: 'form', explode: true }],
  ['ssv', { style: 'spaceDelimited', explode: false }],
  ['pipes', { style: 'pipeDelimited', explode: false }],
])
const URLENCODED = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'

/** A list of parameters, taken apart: those that stay parameters, upgraded, and the sources of those that make a body. */
export type ParameterList = {
  parameters: unknown[]
  /** `shared` is the reference it came by, where that names one of the document's own parameters. */
  body: { source: Node; shared: string | null } | null
  form: Map<string, Node>
}

/** Takes a path's or an operation's list of parameters apart. */
export function splitParameters(upgrade: Upgrade, parameters: unknown[]): ParameterList {
  return upgrade.once('parameters', parameters, parameters, () => {
    const split: ParameterList = { parameters: [], body: null, form: new Map() }
    for (const raw of parameters) {
      const source = follow(upgrade.document, raw)
      if (source?.['in'] === 'body') split.body = { source, shared: sharedReference(raw) }
      else if (source?.['in'] === 'formData') setField(split.form, source)
      else split.parameters.push(listedParameter(upgrade, raw, source))
    }
    return split
  })
}

/** The document's own parameters as components; those of a form are part of the bodies that use them. */
export function upgradeSharedParameters(upgrade: Upgrade, shared: Node): { parameters: Node; requestBodies: Node } {
  const parameters: [string, unknown][] = []
  const requestBodies: [string, unknown][] = []
  for (const [name, raw] of Object.entries(shared)) {
    const source = follow(upgrade.document, raw)
    if (source?.['in'] === 'body') requestBodies.push([name, upgradeBody(upgrade, source, upgrade.consumes)])
    else if (source?.['in'] !== 'formData') parameters.push([name, listedParameter(upgrade, raw, source)])
  }
  return { parameters: Object.fromEntries(parameters), requestBodies: Object.fromEntries(requestBodies) }
}

/** A parameter outside the body, or a response's header: what it says of its value becomes a schema. */
export function upgradeParameter(upgrade: Upgrade, source: Node): Node {
  return upgrade.once('parameter', source, source, () => {
    const kept = Object.entries(source).filter(([key]) => !VALUE_KEYWORDS.has(key) && !REPLACED.has(key))
    const hasOwnSchema = isNode(source['schema']) && source['type'] === undefined
    return {
      ...Object.fromEntries(kept.map(([key, value]) => [key, upgrade.copy('other', value)])),
      schema: upgrade.copy('schema', hasOwnSchema ? source['schema'] : valueKeywords(source)),
      ...styleOf(source),
      ...exampleOf(source),
    }
  })
}

/**
 * The request body that an operation's own parameters and its path's make together, or undefined.
 * `ownTypes`: the operation lists media types of its own, so that a body of the document's does not fit it.
 */
export function upgradeRequestBody(
  upgrade: Upgrade,
  own: ParameterList,
  inherited: ParameterList,
  consumes: unknown[],
  ownTypes: boolean,
): unknown {
  const body = own.body ?? (own.form.size === 0 ? inherited.body : null)
  if (body)
    return body.shared !== null && !ownTypes
      ? { $ref: moveReference(upgrade.document, body.shared) }
      : upgradeBody(upgrade, body.source, consumes)
  if (own.form.size + inherited.form.size === 0) return undefined
  const form = upgrade.once('form', own, inherited, () => upgradeForm(upgrade, [...inherited.form, ...own.form]))
  const types = formTypes(consumes, form.hasFile)
  return {
    ...(form.required ? { required: true } : {}),
    content: Object.fromEntries(
      types.map((type) => [type, { schema: form.schema, ...(type === URLENCODED ? form.encoding : {}) }]),
    ),
  }
}

function setField(form: Map<string, Node>, source: Node): void {
  if (typeof source['name'] === 'string') form.set(source['name'], source)
}

function listedParameter(upgrade: Upgrade, raw: unknown, source: Node | undefined): unknown {
  return source && sharedReference(raw) === null ? upgradeParameter(upgrade, source) : upgrade.copy('other', raw)
}

function sharedReference(raw: unknown): string | null {
  const reference = isNode(raw) ? raw['$ref'] : null
  return typeof reference === 'string' && /^#\/parameters\/[^/]+$/.test(reference) ? reference : null
}

function upgradeBody(upgrade: Upgrade, source: Node, consumes: unknown[]): Node {
  const media = source['schema'] === undefined ? {} : { schema: upgrade.copy('schema', source['schema']) }
  return {
    ...described(source),
    ...(source['required'] === true ? { required: true } : {}),
    content: Object.fromEntries(mediaTypes(consumes).map((type) => [type, media])),
  }
}

function upgradeForm(upgrade: Upgrade, listed: [string, Node][]) {
  const fields = [...new Map(listed)]
  const required = fields.filter(([, source]) => source['required'] === true).map(([name]) => name)
  const arrays = fields.filter(([, source]) => source['type'] === 'array' && STYLES.has(source['collectionFormat']))
  return {
    hasFile: fields.some(([, source]) => source['type'] === 'file'),
    required: required.length > 0,
    schema: {
      type: 'object',
      properties: Object.fromEntries(fields.map(([name, source]) => [name, upgradeField(upgrade, source)])),
      ...(required.length > 0 ? { required } : {}),
    },
    encoding:
      arrays.length > 0
        ? { encoding: Object.fromEntries(arrays.map(([name, source]) => [name, styleOf(source)])) }
        : {},
  }
}

function upgradeField(upgrade: Upgrade, source: Node): unknown {
  return upgrade.once('field', source, source, () =>
    upgrade.copy('schema', { ...described(source), ...valueKeywords(source), ...exampleOf(source) }),
  )
}

/** A form is sent as a form, whatever else the operation takes; without files in the simpler of the two ways. */
function formTypes(consumes: unknown[], hasFile: boolean): string[] {
  if (hasFile) return [MULTIPART]
  const listed = mediaTypes(consumes).map((type) => type.toLowerCase())
  const named = [URLENCODED, MULTIPART].filter((form) => listed.some((type) => type.startsWith(form)))
  return named.length > 0 ? named : [URLENCODED]
}

function valueKeywords(source: Node): Node {
  return Object.fromEntries(Object.entries(source).filter(([key]) => VALUE_KEYWORDS.has(key)))
}

/** How a list is written: in Swagger 2.0 with commas unless it says otherwise, in OpenAPI 3 a query repeats the name. */
function styleOf(source: Node): Node {
  if (source['type'] !== 'array') return {}
  const place = source['in']
  if (place !== 'query' && place !== 'formData') return { style: 'simple' }
  return { ...STYLES.get(source['collectionFormat']) }
}

function exampleOf(source: Node): Node {
  const example = source['x-example'] ?? source['example']
  return example === undefined ? {} : { example }
}

function described(source: Node): Node {
  return typeof source['description'] === 'string' ? { description: source['description'] } : {}
}
