import fc from 'fast-check'
import { StepType, WorkflowDefinition } from '../src/steps/schema.ts'
import { walkSteps } from '../src/steps/tree.ts'

const inputs = ['days', 'customer', 'x-app-id', 'list']

const words = fc.constantFrom('a', 'items', 'id', 'constructor', '__proto__', 'and', 'x-y', 'a b', 'a.b', 'ä', "it's")
const token = fc.oneof(
  words.map((word) => (/^[a-z]+$/.test(word) && word !== 'and' ? `.${word}` : `.\`${word}\``)),
  fc.nat(12).map((index) => `[${index}]`),
)
const tail = fc.array(token, { maxLength: 4 }).map((tokens) => tokens.join(''))
// Ids are given last; here a step is called by its number.
const path = fc.oneof(
  fc
    .tuple(fc.constantFrom('.days', '.customer', '.`x-app-id`', '.list'), tail)
    .map(([name, rest]) => `input${name}${rest}`),
  fc
    .tuple(
      fc.nat(12),
      fc.constantFrom('.body', '.total', '.status', '.headers.etag', '.headers.`x-rate`', '.error', ''),
      tail,
    )
    .map(([step, part, rest]) => `steps.s${step}${part}${part === '.body' || part === '.total' ? rest : ''}`),
)
const expression = fc.oneof(
  path,
  path.map((text) => `${text} = "open"`),
  fc.tuple(path, path).map(([one, other]) => `${one} > 3 and (${other} != 'x' or ${one} = null)`),
  fc.constantFrom(
    '$now()',
    'item.id',
    'index + 1',
    'run.id',
    '$sum(steps.s1.body.items.price)',
    'input',
    '{"a": {"b": 1}}',
  ),
)
const text = fc.oneof(
  expression.map((source) => `{{ ${source} }}`),
  expression.map((source) => `{{${source}}}`),
  fc.tuple(fc.string(), expression, fc.string()).map(([before, source, after]) => `${before}{{ ${source} }}${after}`),
  fc.string(),
  fc.constantFrom(
    '$inputs.days',
    '$5.00',
    '{$inputs.days} days',
    '$steps.s1.outputs.x',
    '$response.body#/a',
    '{"a": "{$inputs.days}"}',
    '["x"]',
    '{{ "{{" }}',
    '$components.parameters.page',
  ),
)
const template = fc.oneof(
  { maxDepth: 3 },
  text,
  fc.jsonValue({ maxDepth: 2 }),
  fc.dictionary(words, text, { maxKeys: 3, noNullPrototype: true }),
  fc.array(text, { maxLength: 3 }),
)
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const status = fc.constantFrom(404, 408, 418, 425, 429, 500, 502, 503, 504, 599)
const retry = fc.record(
  {
    maxAttempts: fc.integer({ min: 1, max: 10 }),
    backoff: fc.constantFrom('exponential', 'constant'),
    delayMs: fc.integer({ min: 10, max: 3_600_000 }),
    maxDelayMs: fc.integer({ min: 10, max: 3_600_000 }),
    on: fc.array(status, { maxLength: 4 }),
  },
  { requiredKeys: ['maxAttempts'] },
)
const common = {
  retry: some(retry),
  timeoutMs: some(fc.integer({ min: 1000, max: 60_000 })),
  atMostOnce: some(fc.boolean()),
  background: some(fc.boolean()),
  name: some(fc.string({ maxLength: 60 })),
  when: some(template),
  onError: some(
    fc.oneof(
      fc.constantFrom('fail', 'continue'),
      fc.nat(12).map((step) => ({ goto: `s${step}` })),
    ),
  ),
  dependsOn: some(
    fc.array(
      fc.nat(12).map((step) => `s${step}`),
      { maxLength: 2 },
    ),
  ),
}
const call = fc.record({
  ...common,
  type: fc.constant('api_call'),
  api: fc.constantFrom('store', 'mail.one', 'mail-one', 'café/2', 'store'),
  operation: fc.oneof(
    fc.constantFrom('GET /orders', 'GET /orders/{id}', 'POST /orders', 'DELETE /', 'GET /a~b/%7Bc%7D/#/paths/~1x/get'),
    fc.string().map((tail) => `PUT /${tail.replaceAll(/\s/g, '')}`),
  ),
  parameters: some(fc.dictionary(fc.oneof(words, fc.string()), template, { maxKeys: 3, noNullPrototype: true })),
  body: some(template),
  paginate: some(fc.record({ maxItems: fc.integer({ min: 1, max: 10_000 }) })),
  succeedsOn: some(fc.array(status, { minLength: 1, maxLength: 4 })),
})
const leaf = fc.oneof(
  { weight: 4, arbitrary: call },
  { weight: 1, arbitrary: fc.record({ ...common, type: fc.constant('transform'), value: template }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ ...common, type: fc.constant('delay'), durationMs: fc.oneof(fc.nat(1000), text) }),
      fc.record({ ...common, type: fc.constant('delay'), until: text }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      type: fc.constant('approval'),
      message: fc.string({ minLength: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      type: fc.constant('ai'),
      prompt: fc.oneof(
        text.filter((prompt) => prompt !== ''),
        fc.string({ minLength: 1 }),
      ),
      system: some(fc.string()),
      schema: fc.constantFrom<Record<string, unknown>>(
        { type: 'string' },
        { type: 'object', properties: { steps: { type: 'array', items: {} } }, required: ['steps'] },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...common,
      type: fc.constant('workflow'),
      workflowId: fc.constantFrom('wfl_1', 'wfl_2'),
      version: some(fc.integer({ min: 1, max: 99 })),
      input: some(fc.dictionary(words, template, { maxKeys: 3, noNullPrototype: true })),
    }),
  },
)
const { list } = fc.letrec<{ step: unknown; list: unknown[] }>((tie) => {
  const list = fc.array(tie('step'), { minLength: 1, maxLength: 3 })
  const loop = {
    ...common,
    type: fc.constant('loop'),
    as: fc.constantFrom('item', 'order'),
    concurrency: fc.integer({ min: 1, max: 50 }),
    maxIterations: fc.integer({ min: 1, max: 10_000 }),
    steps: list,
  }
  const step = fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
    fc.record({ ...common, type: fc.constant('condition'), if: template, then: list, else: some(list) }),
    fc.oneof(
      fc.record({ ...loop, items: template, maxFailures: some(fc.integer({ min: 1, max: 1000 })) }),
      fc.record({ ...loop, while: template }),
    ),
    fc.record({ ...common, type: fc.constant('parallel'), branches: fc.array(list, { minLength: 2, maxLength: 3 }) }),
  )
  return { step, list }
})

const property = fc.oneof(
  fc.constantFrom<Record<string, unknown>>(
    {},
    { type: 'string', format: 'date' },
    { type: 'array', items: { type: 'integer' }, minItems: 1 },
    // OpenAPI 3.0 and mistakes: not valid in draft 2020-12.
    { type: 'integer', exclusiveMinimum: true, minimum: 0 },
    { type: 'text', nullable: true },
    { properties: { a: { minLength: -1 } } },
    { $ref: '#/components/inputs/a' },
  ),
  fc.dictionary(fc.constantFrom('type', 'title', 'enum', 'required', 'default', 'x-y'), fc.jsonValue({ maxDepth: 1 }), {
    noNullPrototype: true,
  }),
)

/** Any definition whose steps have ids of their own and whose inputs are declared, every kind of step nested in every other. */
export const anyDefinition: fc.Arbitrary<WorkflowDefinition> = fc
  .record({
    name: fc.string({ minLength: 1 }).filter((name) => name.trim() !== ''),
    description: some(fc.string()),
    properties: fc.tuple(property, property, property, property),
    required: some(fc.subarray([...inputs, 'days'])),
    steps: list,
    output: some(template),
  })
  .map(({ properties, required, ...rest }) => {
    const declared = Object.fromEntries(inputs.map((name, index) => [name, properties[index] ?? {}]))
    const schema = { type: 'object', properties: declared, ...(required ? { required } : {}) }
    return numbered({ ...rest, inputs: schema })
  })

/** The definition with ids given in the order of its steps, and without members that are undefined. */
function numbered(draft: object): WorkflowDefinition {
  let count = 0
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named)
    if (typeof value !== 'object' || value === null) return value
    const step = 'type' in value && KINDS.has(String(value.type)) && !('id' in value)
    const id = step ? { id: `s${count++}` } : {}
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return Object.fromEntries([
      ...Object.entries(id),
      ...entries.map(([key, inner]) => [key, NESTED.has(key) ? named(inner) : inner]),
    ])
  }
  const definition = WorkflowDefinition.parse(named(draft))
  if (count !== [...walkSteps(definition.steps)].length) throw new Error('a step was not numbered')
  return definition
}

const KINDS: ReadonlySet<string> = new Set(StepType.options)
const NESTED = new Set(['steps', 'then', 'else', 'branches'])
