import type { JsonSchema } from '../specs/operation.ts'
import { propertiesOf } from './schema-path.ts'

/**
 * A form with files (RFC 7578), each property a part as OpenAPI 3.1 encodes it by default: text as it is, objects as
 * JSON, lists as several parts; what the schema says is binary is sent as a file. The boundary is the first of a row
 * that no part holds, so that the same body is written the same way each time.
 */
export function writeMultipart(
  body: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
): { contentType: string; text: string } {
  const properties = propertiesOf(schema)
  const parts = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item) => item !== undefined && item !== null)
      .map((item) => writePart(name, item, isFile(properties.get(name)))),
  )
  let boundary = 'apiq-form'
  for (let n = 1; parts.some((part) => part.includes(boundary)); n++) boundary = `apiq-form-${n}`
  const text = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
  return { contentType: `multipart/form-data; boundary=${boundary}`, text }
}

function writePart(name: string, value: unknown, file: boolean): string {
  const quoted = quote(name)
  if (typeof value === 'object')
    return `Content-Disposition: form-data; name="${quoted}"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(value)}`
  const filename = file ? `; filename="${quoted}"\r\nContent-Type: application/octet-stream` : ''
  return `Content-Disposition: form-data; name="${quoted}"${filename}\r\n\r\n${String(value)}`
}

/** As the WHATWG's form encoding writes what would end the name. */
function quote(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function isFile(schema: JsonSchema | undefined): boolean {
  const items = schema?.['items']
  const inner = typeof items === 'object' && items !== null ? (items as JsonSchema) : schema
  return inner?.['format'] === 'binary' || inner?.['contentMediaType'] !== undefined
}
