const NOUNS =
  'account invoice shipment warehouse supplier contract employee payroll vehicle driver route parcel customer refund coupon basket product catalogue review subscription licence tenant building sensor reading alarm ticket incident runbook deployment pipeline artefact repository branch commit webhook channel message thread contact campaign audience segment survey question answer course lesson student grade clinic patient appointment prescription ward claim policy premium broker portfolio position order quote trade ledger budget forecast recipe ingredient menu table booking guest flight airport crew luggage hotel room concert venue seat artist album playlist podcast episode camera photo gallery exhibit museum donor grant volunteer'.split(
    ' ',
  )
const VERBS =
  'archive restore approve reject publish merge split transfer export import lock unlock assign escalate renew suspend verify reconcile estimate schedule'.split(
    ' ',
  )
const WORDS =
  'active primary annual regional internal external pending nested weekly preferred temporary verified shared default original legacy public private average maximum minimum remaining estimated scheduled remote local signed encrypted billing delivery contact postal legal technical seasonal optional current previous'.split(
    ' ',
  )

/** What is asked of a document. */
export type DocumentShape = {
  operations: number
  /** Of the JSON text; filled up with examples. */
  bytes?: number
  seed: number
  /** Of each schema. */
  properties?: number
  /** Where the API is. */
  server: string
  /** Words that no other document has, so that something is rare. */
  rare?: string
}

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/**
 * An OpenAPI 3.0 document as large services have them, made of nothing but a seed: many operations that share schemas,
 * schemas that refer to one another and to themselves, descriptions and examples.
 */
export function generateDocument({
  operations,
  bytes = 0,
  seed,
  server,
  rare = '',
  properties = 24,
}: DocumentShape): string {
  const random = createRandom(seed)
  const pick = (list: readonly string[]) => list[random(list.length)] ?? ''
  const sentence = (length: number) => Array.from({ length }, () => pick(random(3) === 0 ? NOUNS : WORDS)).join(' ')
  const names = Array.from({ length: Math.ceil(operations / 3) }, (_, n) => `${pick(WORDS)}-${pick(NOUNS)}-${n}`)
  const ref = () => ({ $ref: `#/components/schemas/${pick(names)}` })
  const property = () => {
    const kind = random(24)
    if (kind === 0) return ref()
    if (kind === 1) return { type: 'array', items: ref() }
    if (kind === 2) return { type: 'string', enum: [pick(WORDS), pick(NOUNS), pick(WORDS)], description: sentence(8) }
    return { type: kind < 12 ? 'integer' : 'string', description: sentence(10), example: random(100_000) }
  }
  const schema = (name: string) => ({
    title: name,
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string', description: `Of the ${name}` },
      // Each refers to itself, and by the others to most of the document.
      parent: { $ref: `#/components/schemas/${name}` },
      ...Object.fromEntries(Array.from({ length: properties }, () => [`${pick(WORDS)}_${pick(NOUNS)}`, property()])),
    },
  })
  const example = () =>
    Object.fromEntries(Array.from({ length: 30 }, () => [`${pick(WORDS)}_${pick(NOUNS)}`, sentence(6)]))
  const answer = (name: string, isList: boolean) => ({
    description: `The ${name}`,
    content: {
      'application/json': {
        schema: isList
          ? { type: 'array', items: { $ref: `#/components/schemas/${name}` } }
          : { $ref: `#/components/schemas/${name}` },
        examples: { one: { value: example() } as { value: unknown } },
      },
    },
  })
  const answers: ReturnType<typeof answer>[] = []
  const paths: Record<string, Record<string, unknown>> = {}
  for (let n = 0; n < operations; n++) {
    const name = names[Math.floor(n / 3)] ?? ''
    const [word = '', noun = '', number = ''] = name.split('-')
    const collection = `/${word}-${number}/${noun}`
    const id = { name: `${noun}_id`, in: 'path', required: true, schema: { type: 'string' } }
    const verb = pick(VERBS)
    const [path, method, summary] = (
      [
        [collection, 'get', `List ${noun} entries`],
        [collection, 'post', `Create a ${noun}`],
        [`${collection}/{${noun}_id}/${verb}`, 'post', `${verb} one ${noun}`],
      ] as const
    )[n % 3] ?? [collection, 'get', '']
    const response = answer(name, method === 'get')
    answers.push(response)
    const operation = {
      operationId: `${method}-${name}-${n}`,
      summary: `${summary}, ${sentence(3)}${n === 0 ? ` ${rare}` : ''}`,
      description: sentence(40),
      tags: [noun],
      ...(random(20) === 0 ? { deprecated: true } : {}),
      parameters: [
        ...(path.includes('{') ? [id] : []),
        ...Array.from({ length: 4 }, (_, at) => ({
          name: `${pick(WORDS)}_${pick(NOUNS)}_${at}`,
          in: 'query',
          description: sentence(8),
          schema: { type: 'string' },
        })),
      ],
      ...(method === 'post' ? { requestBody: { content: { 'application/json': { schema: ref() } } } } : {}),
      responses: { [method === 'post' ? 201 : 200]: response },
    }
    paths[path] = { ...paths[path], [method]: operation }
  }
  const document = {
    openapi: '3.0.3',
    info: { title: `Generated ${seed}`, version: '1', description: sentence(30) },
    servers: [{ url: server }],
    paths,
    components: { schemas: Object.fromEntries(names.map((name) => [name, schema(name)])) },
  }
  const missing = bytes - JSON.stringify(document).length
  if (missing > 0) {
    const each = JSON.stringify(example()).length
    const perAnswer = Math.ceil(missing / each / answers.length)
    for (const { content } of answers)
      content['application/json'].examples.one.value = Array.from({ length: perAnswer }, example)
  }
  return JSON.stringify(document)
}
