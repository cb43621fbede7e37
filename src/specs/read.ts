import { newFindings } from './finding.ts'
import type { Finding, Operation, Skipped, Spec } from './operation.ts'
import { readBaseUrl } from './read-servers.ts'
import { readSecuritySchemes } from './read-security.ts'
import { walkOperations } from './walk-operations.ts'
import { sliceSchema } from './schema-slice.ts'
import type { OpenApi3 } from './validate.ts'

/** Everything about a document but its operations, of which `count` can be used. */
export type Outline = Omit<Spec, 'operations'> & { count: number }

const NOTHING = {}

/**
 * Goes through a valid document without cutting out schemas, which is what takes time: how many operations it has, which
 * ones cannot be used and why, and whatever else there is to find.
 */
export function outlineSpec(document: OpenApi3, documentUrl: string | null, findings = newFindings()): Outline {
  const skipped: Skipped[] = []
  const baseUrl = readBaseUrl(document, documentUrl, findings)
  const securitySchemes = readSecuritySchemes(document, documentUrl ?? baseUrl, findings)
  const reader = { document, documentUrl, baseUrl, findings, slice: () => NOTHING }
  let count = 0
  for (const found of walkOperations(reader))
    if ('reason' in found) skipped.push(found.reason)
    else count++
  const { title, version, description } = document.info
  return {
    title,
    version,
    openapi: document.openapi,
    description,
    baseUrl,
    securitySchemes,
    skipped,
    findings: once(findings.all, skipped),
    count,
  }
}

/** The operations of a valid document that can be used, one at a time, in its order. */
export function* readOperations(document: OpenApi3, documentUrl: string | null): Generator<Operation> {
  const findings = newFindings()
  const baseUrl = readBaseUrl(document, documentUrl, findings)
  const slice = (schema: unknown) => sliceSchema(document, schema)
  for (const found of walkOperations({ document, documentUrl, baseUrl, findings, slice }))
    if ('operation' in found) yield found.operation
}

/** Reads a valid document into operations; what cannot be used is left out and named. */
export function readSpec(document: OpenApi3, documentUrl: string | null, findings = newFindings()): Spec {
  const { count: _, ...outline } = outlineSpec(document, documentUrl, findings)
  return { ...outline, operations: [...readOperations(document, documentUrl)] }
}

/** What the reason of a skipped operation tells already is left out, and what was found twice. */
export function once(findings: readonly Finding[], skipped: readonly Skipped[]): Finding[] {
  const told = new Set(skipped.map(({ path }) => path))
  const seen = new Set<string>()
  return findings.filter(({ path, message, line }) => {
    const key = `${path} ${message} ${line}`
    if (told.has(path) || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
