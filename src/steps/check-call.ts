import { checkValue } from './check-value.ts'
import { proved, wrong, type Checked, type Path } from './checking.ts'
import { turnable } from './paginate.ts'
import { isIdempotencyKey } from './request.ts'
import type { ApiCallStep } from './schema.ts'

/** Holds a call against the specification of its operation. */
export function checkCall(checked: Checked, step: ApiCallStep, path: Path): void {
  const endpoint = checked.catalogue(step.api, step.operation)
  if (!endpoint)
    return wrong(
      checked,
      [...path, 'operation'],
      'unknown_operation',
      `the API "${step.api}" has no operation ${step.operation}`,
    )
  proved(checked, [...path, 'operation'], 'operation', `the API "${step.api}" has ${step.operation}`)
  const given = step.parameters ?? {}
  for (const parameter of endpoint.parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined
    const at = [...path, 'parameters', parameter.name]
    if (value === undefined) {
      if (parameter.required && !isIdempotencyKey(parameter))
        wrong(checked, at, 'missing_parameter', `the ${parameter.in} parameter "${parameter.name}" is required`)
    } else checkValue(checked, value, parameter.schema, at)
  }
  const known = new Set(endpoint.parameters.map(({ name }) => name))
  for (const name of Object.keys(given))
    if (!known.has(name))
      wrong(checked, [...path, 'parameters', name], 'unknown_parameter', `${step.operation} has no parameter "${name}"`)
  if (endpoint.requestBody?.required && step.body === undefined)
    wrong(checked, [...path, 'body'], 'missing_body', 'a request body is required')
  if (endpoint.requestBody && step.body !== undefined)
    checkValue(checked, step.body, endpoint.requestBody.schema, [...path, 'body'])
  if (!endpoint.requestBody && step.body !== undefined)
    wrong(checked, [...path, 'body'], 'unexpected_body', `${step.operation} takes no request body`)
  if (step.paginate && !turnable(endpoint))
    wrong(checked, [...path, 'paginate'], 'no_pages', `${step.operation} is not known to hand out a list in pages`)
}
