import type { SecurityRequirement } from '../operation.ts'
import type { CallParameter, ImportedScheme, SchemeRegistry } from './call.ts'
import { isApiHeader, isCredentialName } from './names.ts'

/** A header as it was found. */
export type Header = { name: string; value: string; description: string }

/** The requirement that the credentials of a request stand for, or undefined where it carries none that is known. */
export function requirementOf(
  headers: readonly Header[],
  query: readonly { name: string }[],
  schemes: SchemeRegistry,
): SecurityRequirement[] | undefined {
  const scheme = schemeOfHeaders(headers) ?? schemeOfQuery(query)
  return scheme && [{ [schemes.add(scheme)]: [] }]
}

function schemeOfHeaders(headers: readonly Header[]): ImportedScheme | undefined {
  const authorization = headers.find(({ name }) => name.toLowerCase() === 'authorization')
  if (authorization) {
    const value = authorization.value.trim()
    if (/^basic\s/i.test(value)) return { type: 'http', scheme: 'basic' }
    if (value === '' || /^bearer\b|^\{\{[^}]*\}\}$/i.test(value)) return { type: 'http', scheme: 'bearer' }
    return { type: 'apiKey', in: 'header', name: 'Authorization' }
  }
  const key = headers.find(({ name }) => isCredentialName(name))
  return key && { type: 'apiKey', in: 'header', name: key.name }
}

function schemeOfQuery(query: readonly { name: string }[]): ImportedScheme | undefined {
  const key = query.find(({ name }) => isCredentialName(name))
  return key && { type: 'apiKey', in: 'query', name: key.name }
}

/** The query and header parameters of a request that belong to the API and are no credentials. */
export function apiParameters(
  query: readonly CallParameter[],
  headers: readonly Header[],
  schemes: SchemeRegistry,
): CallParameter[] {
  const keys = new Set(
    Object.values(schemes.schemes).map((scheme) =>
      scheme.type === 'apiKey' ? `${scheme.in} ${scheme.name.toLowerCase()}` : '',
    ),
  )
  const own = headers
    .filter(({ name }) => isApiHeader(name))
    .map(({ name, description }): CallParameter => ({ name, in: 'header', description, samples: [] }))
  return [...query, ...own].filter(
    (parameter) => !isCredentialName(parameter.name) && !keys.has(`${parameter.in} ${parameter.name.toLowerCase()}`),
  )
}
