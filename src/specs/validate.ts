import SwaggerParser from '@apidevtools/swagger-parser'
import { z } from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { toPointer } from '../lib/json-pointer.ts'

const OpenApi3 = z.looseObject({
  openapi: z
    .string('is missing: an OpenAPI 3 document starts with openapi: 3.x.y')
    .regex(/^3\.\d+\.\d+/, 'must be 3.x.y'),
  info: z.looseObject(
    { title: z.string('is missing'), version: z.coerce.string(), description: z.string().optional() },
    'is missing: it holds the title and version',
  ),
  paths: z.record(z.string().startsWith('/', 'a path starts with /'), z.looseObject({}), 'is missing or not an object'),
  servers: z
    .array(z.looseObject({ url: z.string(), variables: z.record(z.string(), z.looseObject({})).optional() }))
    .optional(),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.looseObject({})).optional() }).optional(),
})

/** An OpenAPI 3 document whose outer form and references are known to hold; operations are read one by one later. */
export type OpenApi3 = z.infer<typeof OpenApi3>

type SwaggerParserDocument = Parameters<typeof SwaggerParser.bundle>[0]

const MAX_ERRORS = 20

/**
 * Checks the outer form of a parsed document, and that every reference in it leads somewhere.
 * @throws AppError SPEC_INVALID, with a JSON pointer for each place.
 */
export async function validateDocument(document: unknown): Promise<OpenApi3> {
  if (typeof document === 'object' && document !== null && 'swagger' in document)
    throw invalid([
      { path: '/swagger', code: 'unsupported', message: 'Swagger 2.0 is not supported; convert it to OpenAPI 3' },
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
  const broken = await brokenReferences(document)
  if (broken.length > 0) throw invalid(broken)
  return result.data
}

function invalid(errors: FieldError[]): AppError {
  const first = errors[0]
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : ''
  const detail = first ? `${first.path || 'The document'} ${first.message}${more}.` : 'Not an OpenAPI 3 document.'
  return new AppError('SPEC_INVALID', detail, { errors: errors.slice(0, MAX_ERRORS) })
}

async function brokenReferences(document: unknown): Promise<FieldError[]> {
  try {
    // The parser rewrites what it is given, and is only asked here whether it can.
    await SwaggerParser.bundle(structuredClone(document) as SwaggerParserDocument, {
      resolve: { external: false },
      continueOnError: true,
    })
    return []
  } catch (error) {
    const errors = (error as { errors?: { path: (string | number)[] | null; message: string }[] }).errors
    if (!errors) throw error
    return errors.map(({ path, message }) => ({ path: toPointer(path ?? []), code: 'unresolvable_ref', message }))
  }
}
