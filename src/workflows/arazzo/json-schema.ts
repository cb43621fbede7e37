// JSON Schema draft 2020-12: of each keyword the form that the metaschema wants. Other keywords are annotations.

type Check = (value: unknown) => boolean

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

const isText: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'
const isNumber: Check = (value) => typeof value === 'number'
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0
const isType: Check = (value) => typeof value === 'string' && TYPES.has(value)
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length
const isSchemas: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isJsonSchema)
const isSchemaMap: Check = (value) => isRecord(value) && Object.values(value).every(isJsonSchema)
const isAnchor: Check = (value) => typeof value === 'string' && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(value)

const KEYWORDS = new Map<string, Check>(
  Object.entries({
    // core
    $id: (value) => typeof value === 'string' && /^[^#]*#?$/.test(value),
    $schema: isText,
    $ref: isText,
    $anchor: isAnchor,
    $dynamicRef: isText,
    $dynamicAnchor: isAnchor,
    $vocabulary: (value) => isRecord(value) && Object.values(value).every(isFlag),
    $comment: isText,
    $defs: isSchemaMap,
    definitions: isSchemaMap,
    // applicator
    prefixItems: isSchemas,
    items: isJsonSchema,
    contains: isJsonSchema,
    additionalProperties: isJsonSchema,
    properties: isSchemaMap,
    patternProperties: isSchemaMap,
    dependentSchemas: isSchemaMap,
    dependencies: (value) =>
      isRecord(value) && Object.values(value).every((entry) => isTexts(entry) || isJsonSchema(entry)),
    propertyNames: isJsonSchema,
    if: isJsonSchema,
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword's name
    then: isJsonSchema,
    else: isJsonSchema,
    allOf: isSchemas,
    anyOf: isSchemas,
    oneOf: isSchemas,
    not: isJsonSchema,
    unevaluatedItems: isJsonSchema,
    unevaluatedProperties: isJsonSchema,
    // validation
    type: (value) =>
      isType(value) || (isTexts(value) && Array.isArray(value) && value.length > 0 && value.every(isType)),
    enum: Array.isArray,
    multipleOf: (value) => typeof value === 'number' && value > 0,
    maximum: isNumber,
    exclusiveMaximum: isNumber,
    minimum: isNumber,
    exclusiveMinimum: isNumber,
    maxLength: isCount,
    minLength: isCount,
    pattern: isText,
    maxItems: isCount,
    minItems: isCount,
    uniqueItems: isFlag,
    maxContains: isCount,
    minContains: isCount,
    maxProperties: isCount,
    minProperties: isCount,
    required: isTexts,
    dependentRequired: (value) => isRecord(value) && Object.values(value).every(isTexts),
    // metadata, format, content
    title: isText,
    description: isText,
    deprecated: isFlag,
    readOnly: isFlag,
    writeOnly: isFlag,
    examples: Array.isArray,
    format: isText,
    contentEncoding: isText,
    contentMediaType: isText,
    contentSchema: isJsonSchema,
    $recursiveAnchor: isAnchor,
    $recursiveRef: isText,
  } satisfies Record<string, Check>),
)

/** Whether a value is a JSON Schema as the metaschema of draft 2020-12 has it; references are not followed. */
export function isJsonSchema(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  return isRecord(value) && Object.entries(value).every(([keyword, entry]) => KEYWORDS.get(keyword)?.(entry) ?? true)
}

/** A schema without the keywords that draft 2020-12 does not allow in the form they have. */
export function withoutInvalid(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword, entry]) => KEYWORDS.get(keyword)?.(entry) ?? true))
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
