import { dereference } from './dereference.ts'
import { asNode, text } from './node.ts'
import type { Parameter, SecurityRequirement } from './operation.ts'
import type { OpenApi3 } from './validate.ts'

const NAMED = /^(?:(?:access|auth|bearer|api|oauth)[-_]?)?(?:token|key)$/i
const TOLD = /\b(?:auth(?:entication|orization)?|access|bearer|oauth|api)[- ](?:token|key)\b/i
// "The access token to revoke": what something is done to, and not what lets in.
const DONE_TO =
  /\b(?:token|key)\s+(?:(?:that is|which is)\s+)?to\s+(?:be\s+)?(?:revoke|inspect|introspect|validate|verif(?:y|ied)|check|delete|remove|refresh|rotate|exchange|test|look)/i

/**
 * The parameters of an operation but those that carry its credential: the vault gives that at egress, by the schemes that
 * the operation names, and nobody is asked for it. Some documents describe it once more as a parameter, which OpenAPI
 * ignores only where it is the header Authorization.
 */
export function withoutCredentials(
  document: OpenApi3,
  parameters: readonly Parameter[],
  security: readonly SecurityRequirement[] | null,
): Parameter[] {
  const names = (security ?? []).flatMap((requirement) => Object.keys(requirement))
  if (names.length === 0) return [...parameters]
  const declared = asNode(document.components['securitySchemes'])
  const schemes = names.map((name) => asNode(dereference(document, declared[name]).node))
  const isKey = (parameter: Parameter) =>
    schemes.some((scheme) => text(scheme['name']) === parameter.name && scheme['in'] === parameter.in)
  const isToken = ({ in: place, name, description }: Parameter) =>
    place !== 'path' && NAMED.test(name) && TOLD.test(description) && !DONE_TO.test(description)
  return parameters.filter((parameter) => !isKey(parameter) && !isToken(parameter))
}
