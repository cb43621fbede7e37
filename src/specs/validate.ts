import { z } from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { toPointer } from '../lib/json-pointer.ts'
import { isExtension, isExternal, isResolvable, referencesIn } from './references.ts'

/** What to say of a member that is not as it must be, and of one that is missing. */
const otherwise = (message: string, missing = 'is missing') => ({
  error: ({ input }: { input?: unknown }) => (input === undefined || input === null ? missing : message),
})

// A YAML author rarely puts quotes around version: 1.0.
const Text = z.union([z.string(), z.number(), z.boolean()], otherwise('must be text')).transform(String)

const Paths = z.record(z.string(), z.unknown(), 'is missing or not an object').superRefine((paths, context) => {
  for (const [path, item] of Object.entries(paths)) {
    if (isExtension(path)) continue
    const message = path.startsWith('/') ? 'must be an object' : 'a path starts with /'
    if (!path.startsWith('/') || typeof item !== 'object' || item === null || Array.isArray(item))
      context.addIssue({ code: 'custom', path: [path], message, input: item })
  }
})

const Server = z.looseObject(
  {
    url: z.string(otherwise('must be text')),
    variables: z.record(z.string(), z.unknown(), 'must be an object').nullish(),
  },
  'must be an object',
)

const OpenApi3 = z.looseObject(
  {
    openapi: z
      .string(
        otherwise(
          'must be text of the form "3.x.y", for example 3.1.0, not a number',
          'is missing: an OpenAPI 3 document starts with openapi: 3.x.y',
        ),
      )
      .regex(/^3\.\d+\.\d+/, 'must be of the form "3.x.y", for example 3.1.0'),
    info: z.looseObject(
      { title: Text, version: Text, description: Text.nullish() },
      otherwise('must be an object that holds the title and version'),
    ),
    paths: Paths,
    servers: z.array(Server, 'must be a list').nullish(),
    components: z
      .looseObject(
        { securitySchemes: z.record(z.string(), z.unknown(), 'must be an object').nullish() },
        'must be an object',
      )
      .nullish(),
  },
  'is not an object',
)

/** An OpenAPI 3 document whose outer form and references are known to hold; operations are read one by one later. */
export type OpenApi3 = z.infer<typeof OpenApi3>

const MAX_ERRORS = 20
const MAX_QUOTED = 200

/**
 * Checks the outer form of a parsed document, and that every reference within it leads somewhere.
 * @throws AppError SPEC_INVALID, with a JSON pointer for each place.
 */
export function validateDocument(document: unknown): OpenApi3 {
  if (typeof document === 'object' && document !== null && 'swagger' in document)
    throw invalid([
      { path: '/swagger', code: 'unsupported', message: 'must be 2.0; of Swagger no other version is read' },
    ])
  const result = OpenApi3.safeParse(document)
  if (!result.success) {
    const errors = result.error.issues.map((issue) => ({
      path: toPointer(issue.path.map((token) => (typeof token === 'symbol' ? String(token) : token))),
      code: issue.code,
      message: issue.message,
    }))
    throw invalid(errors)
  }
  const broken = brokenReferences(document)
  if (broken.length > 0) throw invalid(broken)
  return result.data
}

function invalid(errors: FieldError[]): AppError {
  const first = errors[0]
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : ''
  const detail = first ? `${first.path || 'The document'} ${first.message}${more}.` : 'Not an OpenAPI 3 document.'
  return new AppError('SPEC_INVALID', detail, { errors: errors.slice(0, MAX_ERRORS) })
}

function brokenReferences(document: unknown): FieldError[] {
  const broken: FieldError[] = []
  for (const { pointer, ref } of referencesIn(document)) {
    if (isExternal(ref) || isResolvable(document, ref)) continue
    const message = `refers to "${ref.slice(0, MAX_QUOTED)}", which is not in the document`
    broken.push({ path: pointer, code: 'unresolvable_ref', message })
  }
  return broken
}
